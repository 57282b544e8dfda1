/**
 * What the way in does: stores what it is given in the consumer's mailbox, and says what is there.
 */
import type { AccountId } from "@effect-liveperson/core/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { type Address, Consumer, idOf, type Message } from "../Consumer.ts"
import { type DeadLetter, type MailboxItem, NotFound, type State, Unavailable } from "../GatewayApi.ts"
import { Lines } from "./line.ts"
import * as Metrics from "./metrics.ts"
import { Views } from "./views.ts"

type Answer<A> = Effect.Effect<A, NotFound | Unavailable>

export class Desk extends Context.Service<
  Desk,
  {
    readonly deliver: (address: Address, message: Message) => Answer<void>
    readonly close: (address: Address, id: string) => Answer<void>
    readonly typing: (address: Address, on: boolean) => Answer<void>
    readonly notify: (address: Address) => Effect.Effect<void>
    readonly state: (address: Address) => Answer<State>
    readonly mailbox: (address: Address) => Answer<ReadonlyArray<MailboxItem>>
    readonly deadLetters: (account: AccountId, address?: Address) => Answer<ReadonlyArray<DeadLetter>>
    readonly deadLetter: (address: Address, id: string) => Answer<DeadLetter>
  }
>()("@effect-liveperson/gateway/Desk") {}

/** How long storing may take, before the caller is told to come again. */
const patience = "5 seconds"

const unavailable = () =>
  new Unavailable({ message: "Nothing can be stored now, because the database does not take it. Please come again." })

/** Everything that can go wrong with storing is the database's, and passes. */
const stored = <A>(effect: Effect.Effect<A, unknown>): Effect.Effect<A, Unavailable> =>
  effect.pipe(
    Effect.timeout(patience),
    Effect.tapCause((cause) => Effect.logWarning("Something could not be stored", cause)),
    Effect.catchCause(() => Effect.fail(unavailable()))
  )

export const layer = Layer.effect(
  Desk,
  Effect.gen(function* () {
    const clientOf = yield* Consumer.client
    const lines = yield* Lines
    const views = yield* Views

    const served = (account: AccountId) =>
      lines(account) === undefined
        ? Effect.fail(new NotFound({ message: `This gateway does not serve an account ${account}.` }))
        : Effect.void

    return Desk.of({
      deliver: Effect.fn("Gateway.deliver")(function* (address, message) {
        yield* served(address.account)
        yield* stored(clientOf(idOf(address)).Deliver(message, { discard: true }))
        yield* Metric.update(Metric.withAttributes(Metrics.accepted, { account: address.account }), 1)
      }),
      close: Effect.fn("Gateway.close")(function* (address, id) {
        yield* served(address.account)
        yield* stored(clientOf(idOf(address)).Close({ id }, { discard: true }))
      }),
      typing: Effect.fn("Gateway.typing")(function* (address, on) {
        yield* served(address.account)
        yield* stored(clientOf(idOf(address)).Typing({ on }, { discard: true }))
      }),
      notify: (address) =>
        // What is lost here is found by the sweep.
        Effect.ignore(clientOf(idOf(address)).Notify(undefined, { discard: true })),
      state: (address) => Effect.andThen(served(address.account), stored(views.state(address))),
      mailbox: (address) => Effect.andThen(served(address.account), stored(views.mailbox(address))),
      deadLetters: (account, address) => Effect.andThen(served(account), stored(views.deadLetters(account, address))),
      deadLetter: Effect.fnUntraced(function* (address, id) {
        yield* served(address.account)
        const [letter] = yield* stored(views.deadLetters(address.account, address, id))
        return letter ?? (yield* new NotFound({ message: `There is no dead letter ${id}.` }))
      })
    })
  })
)
