import { Webhook } from "@effect-liveperson/core"
import { AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import { type Consumer, Content, Settings } from "@effect-liveperson/gateway"
import { Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { Context, Deferred, Effect, Exit, Fiber, Layer } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import * as Delivery from "../src/internal/delivery.ts"
import * as Lines from "../src/internal/line.ts"
import { noticesOf } from "../src/internal/notices.ts"
import type { Store } from "../src/internal/store.ts"
import * as Memory from "./memory.ts"

export const address: Consumer.Address = {
  account: AccountId.make(Simulator.credentials.accountId),
  consumer: ConsumerId.make("sms:+15550100")
}

const endpoint = "https://gateway.test/liveperson"

const subscription: Webhooks.Webhooks = {
  "ms.MessagingEventNotification.ContentEvent": { endpoint },
  "ms.MessagingEventNotification.AcceptStatusEvent": { endpoint },
  "cqm.ExConversationChangeNotification": { endpoint },
  retry: { retention_time: 3600 }
}

export const messageOf = (id: string, text = `text of ${id}`): Consumer.Message => ({
  id,
  replay: 0,
  content: Content.text(text)
})

/** What happens to a process at a step of its work: it is killed, or it is stopped and goes on after a while. */
export type Mishap =
  | { readonly at: number; readonly _tag: "Killed" }
  | { readonly at: number; readonly _tag: "Stopped" }

/** Lets what other threads do, such as signatures, come to its end: the test's clock does not wait for them. */
const settled = Effect.fnUntraced(function* (busy: () => boolean) {
  for (let turn = 0; turn < 3 || busy(); turn += 1) {
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
  }
})

/** How long a process that was stopped stays so, and after how long another one takes over. */
const stoppedFor = "40 seconds"
const lease = "20 seconds"

/**
 * A gateway whose processes have accidents, in front of a simulated LivePerson. Steps are counted through all of its
 * lives: before and after each call of the store, after each call of LivePerson, and before it where nothing can be done
 * about a process that is stopped there.
 */
export const make = Effect.fnUntraced(function* (
  mishaps: ReadonlyArray<Mishap>,
  atCall: (nth: number) => Effect.Effect<void>
) {
  const simulator = yield* Simulator.Simulator
  const client = yield* HttpClient.HttpClient
  const { inbox, messages, store } = Memory.make()
  const mailbox: Array<Consumer.Message> = []
  const answered = new Set<string>()
  let isUp = true
  let steps = 0
  let calls = 0
  let underWay = 0
  const left = [...mishaps]

  interface Life {
    readonly over: Deferred.Deferred<"killed" | "stopped" | "done">
  }

  const stepOf =
    ({ over }: Life, canStop = true) =>
    (): Effect.Effect<void> =>
      Effect.suspend(() => {
        steps += 1
        const index = left.findIndex(({ _tag, at }) => at === steps && (canStop || _tag === "Killed"))
        const mishap = left[index]
        if (mishap === undefined) return Effect.void
        left.splice(index, 1)
        return mishap._tag === "Killed"
          ? Effect.andThen(Deferred.succeed(over, "killed"), Effect.never)
          : Effect.andThen(Deferred.succeed(over, "stopped"), Effect.sleep(stoppedFor))
      })

  const around =
    (step: () => Effect.Effect<void>) =>
    <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
      Effect.suspend(step).pipe(Effect.andThen(effect), Effect.tap(step))

  const busy = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      underWay += 1
      return Effect.ensuring(
        effect,
        Effect.sync(() => {
          underWay -= 1
        })
      )
    })

  const storeOf = (life: Life): Store["Service"] => {
    const stepping = around(stepOf(life))
    return {
      ...store,
      own: (...args) => stepping(store.own(...args)),
      identify: (...args) => stepping(store.identify(...args)),
      begin: (...args) => stepping(store.begin(...args)),
      again: (...args) => stepping(store.again(...args)),
      sent: (...args) => stepping(store.sent(...args)),
      park: (...args) => stepping(store.park(...args)),
      adopt: (...args) => stepping(store.adopt(...args)),
      forget: (...args) => stepping(store.forget(...args))
    }
  }

  const clientOf = (life: Life) =>
    HttpClient.transform(client, (answer) =>
      Effect.gen(function* () {
        calls += 1
        yield* atCall(calls)
        yield* stepOf(life, false)()
        const response = yield* busy(answer)
        yield* stepOf(life)()
        return response
      })
    )

  const live = Effect.fnUntraced(function* (life: Life) {
    const context = yield* Layer.build(
      Lines.layer([Simulator.credentials]).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, clientOf(life))))
    )
    const lines = Context.get(context, Lines.Lines)
    const line = lines(address.account)
    if (line === undefined) return yield* Effect.die("no line")
    const delivery = yield* Delivery.make(address, line, storeOf(life), Settings.defaults)
    for (const message of mailbox) {
      if (answered.has(message.id)) continue
      yield* delivery.deliver(message)
      yield* stepOf(life)()
      answered.add(message.id)
    }
    yield* Deferred.succeed(life.over, "done")
  }, Effect.scoped)

  yield* simulator.subscribe(subscription, ({ body }) =>
    busy(
      Effect.gen(function* () {
        if (!isUp) return 503
        const notices = yield* noticesOf(yield* Webhook.decodeUnverified(body))
        yield* store.receive(address.account, notices)
        return 200
      })
    )
  )

  /** Works until everything in the mailbox is answered, in as many lives as it takes. */
  const run = Effect.gen(function* () {
    while (true) {
      const over = yield* Deferred.make<"killed" | "stopped" | "done">()
      // A process that is killed does nothing any more, not even to clean up: its fiber is left where it is.
      const fiber = yield* Effect.forkDetach(live({ over }))
      // One whose place somebody else has taken dies, as the entity does, and is built anew.
      const ended = Effect.map(Fiber.await(fiber), (exit) => (Exit.isSuccess(exit) ? "done" : "fenced"))
      const end = yield* Effect.raceFirst(Deferred.await(over), ended)
      if (end === "done") return
      if (end === "killed") {
        isUp = false
        yield* Effect.sleep("3 seconds")
        isUp = true
      } else if (end === "stopped") yield* Effect.sleep(lease)
    }
  })

  /** Lets time pass until an effect is done. */
  const passing = Effect.fnUntraced(function* <A, E>(effect: Effect.Effect<A, E>) {
    const fiber = yield* Effect.forkChild(effect)
    for (let second = 0; second < 7200; second += 1) {
      yield* TestClock.adjust("1 second")
      yield* settled(() => underWay > 0)
      // Digests are not counted, so once in a while there is time for one.
      if (second % 20 === 0) yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
      if (fiber.pollUnsafe() !== undefined) return yield* Fiber.join(fiber)
    }
    return yield* Effect.die("two hours were not enough")
  })

  /** What the agents saw, in all conversations, as they were opened. */
  const seen = Effect.map(simulator.conversations, (conversations) =>
    conversations.flatMap(({ messages }) => messages.map(({ text }) => text))
  )

  const closeAll = Effect.flatMap(simulator.conversations, (conversations) =>
    Effect.forEach(
      conversations.filter(({ state }) => state === "OPEN"),
      ({ id }) => simulator.close(id),
      { discard: true }
    )
  )

  return { answered, closeAll, inbox, mailbox, messages, passing, run, seen, simulator, store, steps: () => steps }
})

/** A simulated LivePerson in process. */
export const layer = Layer.fresh(Simulator.layer({ seed: "1" }))
