/**
 * How what LivePerson said gets to the channel: out of the inbox, one at a time and in order for each consumer.
 *
 * Events of a dialog are told by their numbers. One that is ahead of others waits for them, and goes on without them
 * when they do not come.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Tracer from "effect/Tracer"
import type { Channel } from "../Channel.ts"
import type { Address } from "../Consumer.ts"
import { type Event, Happening } from "../Event.ts"
import type { Settings } from "../Settings.ts"
import * as Metrics from "./metrics.ts"
import type { Store, Waiting } from "./store.ts"

const decodeHappening = Schema.decodeEffect(Schema.fromJsonString(Happening))

/** Tells the channel all that waits for a consumer. */
export const make = (
  address: Address,
  store: Store["Service"],
  channel: Channel["Service"],
  settings: Settings,
  over: (conversationId: Event["conversationId"]) => Effect.Effect<void>
) => {
  const { account, consumer } = address
  const turn = Semaphore.makeUnsafe(1)

  const counted = (outcome: string) => Metric.update(Metric.withAttributes(Metrics.events, { account, outcome }), 1)

  /** How long it must still wait for those before it, and whether it comes after some behind it. */
  const placing = Effect.fnUntraced(function* ({ age, dialogId, sequence }: Waiting) {
    if (dialogId === undefined || sequence === undefined) return { wait: 0, late: false }
    const told = yield* store.told(account, dialogId)
    if (sequence <= told) return { wait: 0, late: true }
    const left = Duration.toMillis(settings.gap) - age
    if (left <= 0 || sequence === told + 1) return { wait: 0, late: false }
    // One that has come since, and waits too, is no reason to go ahead of it.
    const settled = yield* store.settled(account, dialogId, told, sequence)
    return { wait: settled < sequence - told - 1 ? left : 0, late: false }
  })

  const tell = Effect.fnUntraced(function* (
    { conversationId, dialogId, event, key, row, sequence }: Waiting,
    late: boolean
  ) {
    const happening = yield* Effect.orDie(decodeHappening(event))
    if (happening._tag === "Closed") yield* over(conversationId)
    const told: Event = {
      id: key,
      account,
      consumer,
      conversationId,
      late,
      happening,
      ...(dialogId === undefined ? {} : { dialogId }),
      ...(sequence === undefined ? {} : { sequence })
    }
    // Part of the trace of what the consumer said before it.
    const before =
      dialogId === undefined || sequence === undefined
        ? Option.none()
        : yield* store.traceBefore(account, dialogId, sequence)
    const attributes = { "liveperson.account": account, "gateway.event": happening._tag }
    const parent = Option.getOrUndefined(Option.map(before, Tracer.externalSpan))
    for (let nth = 0; ; nth += 1) {
      const refused = yield* channel.tell(told).pipe(
        Effect.withSpan("Consumer.tell", { attributes, ...(parent === undefined ? {} : { parent }) }),
        Effect.as(Option.none<string>()),
        Effect.catchTag("ChannelRefused", ({ message }) => Effect.succeed(Option.some(message))),
        Effect.catchTag("ChannelUnavailable", ({ message }) => Effect.as(Effect.logWarning(message), undefined))
      )
      if (refused !== undefined) {
        yield* counted(Option.isNone(refused) ? "told" : "refused")
        return yield* store.settle(row, Option.getOrUndefined(refused))
      }
      yield* counted("retried")
      const { first, longest } = settings.pause
      yield* Effect.sleep(Duration.min(Duration.times(first, 2 ** Math.min(nth, 20)), longest))
    }
  })

  const all = Effect.gen(function* () {
    while (true) {
      const next = yield* store.next(address)
      if (Option.isNone(next)) return
      const { late, wait } = yield* placing(next.value)
      if (wait > 0) yield* Effect.sleep(Math.min(wait, 250))
      else yield* tell(next.value, late)
    }
  })

  let asked = 0
  /** Whoever asks while it is busy is served by the turn that follows, together with all others who asked. */
  return Effect.suspend(() => {
    if (asked > 1) return Effect.void
    asked += 1
    return turn.withPermit(all).pipe(
      Effect.orDie,
      Effect.ensuring(
        Effect.sync(() => {
          asked -= 1
        })
      )
    )
  })
}
