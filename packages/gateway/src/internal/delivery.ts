/**
 * How a consumer's messages get to LivePerson: one at a time, each once, whatever happens in between.
 *
 * Before a message is sent it is marked, and after it again. A message that is found marked and not sent may have
 * arrived: its process was killed, or its answer never came. Then it is looked for before it is sent again, by evidence:
 *
 * 1. Its tag among what came back by webhook: it arrived.
 * 2. Otherwise, when nothing that was on its way can still arrive, something harmless is published in the dialog, and
 *    LivePerson's answer says which number that took. If every number since the last one known before the message is
 *    accounted for by other events, the message did not arrive.
 * 3. Otherwise its echo, or what else took the number, is waited for.
 *
 * A conversation that may have been opened shows itself when it is opened again: a consumer can have one only. It then
 * is what the webhooks say it is.
 */
import type { ConnectorError } from "@effect-liveperson/core"
import type { ConversationId } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { Address, Message } from "../Consumer.ts"
import type { Settings } from "../Settings.ts"
import { leavingBy, type Line } from "./line.ts"
import * as Metrics from "./metrics.ts"
import { type Failed, failedBy, pauseOf } from "./outcome.ts"
import type { Arrival, Mark, Marked, Owner, Store, Trace } from "./store.ts"
import { tagOf } from "./tag.ts"

interface Place {
  readonly id: ConversationId
  /** The highest number that is known in its dialog. */
  readonly after: number
}

/** What may have arrived: where it was sent, if that is known, after which number, and how long ago at least. */
interface Uncertain {
  readonly conversationId: ConversationId | undefined
  readonly after: number
  readonly age: number
}

/** How often the store is asked whether an echo has come, at least. */
const pollInterval = Duration.millis(250)

/** Whether it is LivePerson that refuses, and not the schemas. */
const wasSent = (error: ConnectorError.ConnectorError): boolean => error._tag !== "InvalidInput" || error.sent

/** How often a message is sent again whose refusal gives no reason. */
const refusals = 10

export interface Delivery {
  readonly deliver: (message: Message) => Effect.Effect<void>
  readonly close: (id: string) => Effect.Effect<void>
  readonly typing: (on: boolean) => Effect.Effect<void>
  /** Something came in for the consumer: whoever waits for it looks again. */
  readonly wake: Effect.Effect<void>
  /** The conversation is over. */
  readonly over: (conversationId: ConversationId) => Effect.Effect<void>
}

export const make = Effect.fnUntraced(function* (
  address: Address,
  line: Line,
  store: Store["Service"],
  settings: Settings
) {
  const { account, consumer } = address
  const owned = yield* Effect.orDie(store.own(address))
  const owner: Owner = { ...address, epoch: owned.epoch }
  const news = Latch.makeUnsafe(false)
  let place: Place | undefined
  let identified = false

  const placeAt = (id: ConversationId) =>
    Effect.map(Effect.orDie(store.last(account, id)), (after): Place => ({ id, after }))

  if (owned.conversationId !== undefined) place = yield* placeAt(owned.conversationId)

  /** Somebody else works for the consumer. The cluster will say so soon; until then nothing is done. */
  const fenced = Effect.andThen(Effect.sleep(settings.settle), Effect.die("Another runner works for this consumer."))

  const nextNews = Effect.andThen(
    Effect.raceFirst(news.await, Effect.sleep(pollInterval)),
    Effect.sync(() => news.closeUnsafe())
  )

  const counted = (outcome: string) => Metric.update(Metric.withAttributes(Metrics.deliveries, { account, outcome }), 1)

  const pausing = Effect.fnUntraced(function* (failed: Failed, nth: number) {
    const error = "error" in failed ? failed.error : undefined
    if (error === undefined) return yield* Effect.sleep(settings.pause.first)
    yield* Metric.update(Metric.withAttributes(Metrics.retries, { account, reason: error._tag }), 1)
    const pause = yield* pauseOf(error, nth, settings)
    yield* Effect.logInfo("LivePerson takes nothing now", { reason: error._tag, again: Duration.format(pause) })
    yield* Effect.sleep(pause)
  })

  /** A call that does no harm when it is made twice, as often as it takes. */
  const insist = Effect.fnUntraced(function* <A>(call: Effect.Effect<A, Parameters<typeof failedBy>[0]>) {
    for (let nth = 0; ; nth += 1) {
      const result = yield* call.pipe(
        Effect.map((value) => ({ _tag: "Done", value }) as const),
        Effect.catch((error) => Effect.succeed(failedBy(error)))
      )
      if (result._tag !== "Later" && result._tag !== "Unknown") return result
      yield* pausing(result, nth)
    }
  })

  const adopt = Effect.fnUntraced(function* (id: ConversationId, after: number) {
    place = { id, after }
    yield* store.adopt(address, id)
  })

  const identify = Effect.gen(function* () {
    if (identified) return
    const name = yield* line.identity(consumer)
    if (name !== "") yield* Effect.orDie(store.identify(address, name))
    identified = true
  })

  /** Sends a message where it belongs. */
  const attempt = Effect.fnUntraced(function* ({ content, opening = {} }: Message, tag: string) {
    if (place !== undefined) {
      const conversationId = place.id
      const sequence = yield* line.publish(consumer, conversationId, content, tag)
      return { conversationId, sequence }
    }
    yield* identify
    if (content._tag === "Text") return yield* line.open(consumer, opening, { text: content.text, tag })
    // A conversation is opened with a text or with none.
    const { conversationId } = yield* line.open(consumer, opening)
    yield* Effect.orDie(adopt(conversationId, -1))
    const sequence = yield* line.publish(consumer, conversationId, content, tag)
    return { conversationId, sequence }
  })

  const echoOf = (tag: string) => store.echo(account, tag)

  /** Waits until a message came back, no longer than until a time. */
  const echoUntil = Effect.fnUntraced(function* (tag: string, until: number) {
    while (true) {
      const echo = yield* echoOf(tag)
      if (Option.isSome(echo) || (yield* Clock.currentTimeMillis) >= until) return echo
      yield* nextNews
    }
  })

  /** Finds out whether a message arrived that may have: see the module. */
  const resolve = Effect.fn("Consumer.resolve")(function* (tag: string, uncertain: Uncertain) {
    const since = (yield* Clock.currentTimeMillis) - uncertain.age
    const early = yield* echoUntil(tag, since + Duration.toMillis(settings.settle))
    if (Option.isSome(early)) return early
    const { after, conversationId } = uncertain
    if (conversationId !== undefined) return yield* probing(tag, conversationId, after)
    const now = yield* Clock.currentTimeMillis
    // One that was heard of since was opened with the message, and may be over already.
    const newest = yield* store.newest(address, now - since)
    if (Option.isNone(newest)) return Option.none<Arrival>()
    if (!newest.value.open) return yield* echoUntil(tag, now + Duration.toMillis(settings.patience))
    place = { id: newest.value.id, after: -1 }
    return yield* probing(tag, newest.value.id, -1)
  })

  const probing = Effect.fnUntraced(function* (tag: string, conversationId: ConversationId, after: number) {
    const probed = yield* insist(line.probe(consumer, conversationId, after))
    const asked = yield* Clock.currentTimeMillis
    if (probed._tag === "Closed") {
      if (place?.id === conversationId) yield* closed
      return yield* echoUntil(tag, asked + Duration.toMillis(settings.quiet))
    }
    const until = asked + Duration.toMillis(settings.patience)
    const taken = probed._tag === "Done" ? probed.value : undefined
    if (taken === undefined) return yield* echoUntil(tag, until)
    while (true) {
      // In this order: what is known after the echo was looked for can be the echo.
      const known = yield* store.known(account, conversationId, after, taken)
      const echo = yield* echoOf(tag)
      if (Option.isSome(echo) || known >= taken - after - 1) return echo
      if ((yield* Clock.currentTimeMillis) >= until) {
        yield* Effect.logWarning("Nothing tells whether a message arrived: it is sent again")
        yield* counted("unsure")
        return echo
      }
      yield* nextNews
    }
  })

  /**
   * The conversation that LivePerson says is open, as soon as the webhooks say which one it is. One that was given up is
   * it only if another does not show itself in time.
   */
  const openedAlready = Effect.fnUntraced(function* (givenUp: ConversationId | undefined, patience: Duration.Duration) {
    const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(patience)
    for (let nth = 0; ; nth += 1) {
      const known = yield* store.conversation(address)
      const isKnown = Option.isSome(known) && (known.value !== givenUp || (yield* Clock.currentTimeMillis) >= until)
      if (isKnown) return known.value
      if (nth % 40 === 4) yield* Effect.logWarning("A conversation is open, and no webhook has told which one")
      yield* nextNews
    }
  })

  /**
   * Whether a conversation takes nothing at all, so that a message which it refused is not to blame: LivePerson is asked by
   * something that does no harm.
   */
  const takesNothing = Effect.fnUntraced(function* ({ after, id }: Place) {
    const probed = yield* insist(line.probe(consumer, id, after))
    return probed._tag !== "Done"
  })

  const arrived = Effect.fnUntraced(function* (message: Message, { conversationId, sequence }: Arrival) {
    if (place?.id !== conversationId) yield* adopt(conversationId, -1)
    yield* store.sent(address, message, { conversationId, sequence })
    if (sequence !== undefined) place = { id: conversationId, after: Math.max(place?.after ?? -1, sequence) }
    yield* counted("sent")
  })

  const parked = Effect.fnUntraced(function* (message: Message, reason: string) {
    if (!(yield* store.park(owner, message, reason))) return yield* fenced
    yield* Effect.logWarning("LivePerson refused a message: it is a dead letter now")
    yield* counted("refused")
  })

  const trace = Effect.currentSpan.pipe(
    Effect.map(({ spanId, traceId }): Trace => ({ traceId, spanId })),
    Effect.orElseSucceed(() => undefined)
  )

  const markOf = (tag: string) =>
    Effect.map(trace, (trace): Mark => ({ tag, conversationId: place?.id, after: place?.after ?? -1, trace }))

  const run = Effect.fnUntraced(function* (message: Message) {
    const tag = yield* tagOf(address, message.id)
    // From before the mark is made: whoever finds it knows that nothing leaves any more once this is over.
    let markedAt = yield* Clock.currentTimeMillis
    const begun = yield* store.begin(owner, message, yield* markOf(tag))
    if (begun === "fenced") return yield* fenced
    let isMarked = begun === "begun"
    let uncertain: Uncertain | undefined
    if (begun !== "begun") {
      if (begun.state === "sent" || (begun.state === "parked" && begun.replay >= message.replay)) return
      if (begun.state === "sending") uncertain = uncertainOf(begun)
    }
    /** A conversation that took neither the message nor anything else, and what it said of the message. */
    let gone: { readonly id: ConversationId; readonly reason: string } | undefined
    /** Whether a conversation may have been opened with the message in it. */
    let mayBeOpen = begun !== "begun" && begun.state === "sending" && begun.conversationId === undefined

    for (let nth = 0; ; nth += 1) {
      if (uncertain !== undefined) {
        const echo = yield* resolve(tag, uncertain)
        uncertain = undefined
        if (Option.isSome(echo)) return yield* arrived(message, echo.value)
        isMarked = false
      }
      if (!isMarked) {
        markedAt = yield* Clock.currentTimeMillis
        if (!(yield* store.again(owner, message, yield* markOf(tag)))) return yield* fenced
      }
      isMarked = false
      const sentTo = place
      // What is on its way is not given up when the entity has to go: it ends, and is marked.
      const outcome = yield* Effect.uninterruptible(
        attempt(message, tag).pipe(
          leavingBy(markedAt + Duration.toMillis(settings.sendWindow)),
          Effect.matchEffect({
            onSuccess: (arrival) =>
              Effect.as(Effect.andThen(arrived(message, arrival), forgotten(gone?.id)), undefined),
            onFailure: (error) => Effect.succeed(failedBy(error))
          })
        )
      )
      switch (outcome?._tag) {
        case undefined:
          return
        case "Refused":
          if (outcome.conversationId !== undefined) yield* adopt(outcome.conversationId, -1)
          if (!outcome.isSure && nth < refusals) {
            yield* pausing(outcome, nth)
            break
          }
          if (sentTo === undefined || !wasSent(outcome.error) || !(yield* takesNothing(sentTo))) {
            return yield* parked(message, outcome.error.message)
          }
          yield* Effect.logWarning("A conversation takes nothing any more: another is opened")
          gone = { id: sentTo.id, reason: outcome.error.message }
          place = undefined
          break
        case "Later":
          yield* pausing(outcome, nth)
          break
        case "Closed":
          yield* closed
          break
        case "AlreadyOpen": {
          const id = yield* openedAlready(gone?.id, mayBeOpen ? settings.patience : Duration.zero)
          place = yield* placeAt(id)
          // It is there after all, so that it is the message which it does not take.
          if (id === gone?.id && !mayBeOpen) return yield* parked(message, gone.reason)
          // If it was opened for this message, the message may be in it, anywhere from the beginning.
          if (mayBeOpen) uncertain = { conversationId: id, after: -1, age: 0 }
          mayBeOpen = false
          break
        }
        case "Unknown":
          yield* counted("unknown")
          yield* Effect.logInfo("It is not known whether a message arrived", { reason: outcome.error._tag })
          if (outcome.conversationId !== undefined) yield* adopt(outcome.conversationId, -1)
          if (place === undefined) mayBeOpen = true
          uncertain = { conversationId: place?.id, after: place?.after ?? -1, age: 0 }
          break
      }
    }
  })

  /** A message that was marked before there was a conversation may be anywhere in the one that there is now. */
  const uncertainOf = ({ after, age, conversationId }: Marked): Uncertain =>
    conversationId === undefined ? { conversationId: place?.id, after: -1, age } : { conversationId, after, age }

  const closed = Effect.suspend(() => {
    const id = place?.id
    place = undefined
    return id === undefined ? Effect.void : store.forget(address, id)
  })

  /** One that is gone is kept in mind until there is another: LivePerson may say that one is open. */
  const forgotten = (id: ConversationId | undefined) =>
    id === undefined || id === place?.id ? Effect.void : store.forget(address, id)

  const delivery: Delivery = {
    deliver: (message) => Effect.orDie(run(message)),
    close: Effect.fnUntraced(function* (id) {
      if (yield* store.isClosed(address, id)) return
      if (place !== undefined) {
        const ended = yield* insist(line.close(consumer, place.id))
        if (ended._tag === "Refused") yield* Effect.logWarning("LivePerson refused to close a conversation")
        else yield* closed
      }
      yield* store.closed(address, id)
    }, Effect.orDie),
    typing: (on) =>
      Effect.suspend(() => (place === undefined ? Effect.void : Effect.ignore(line.typing(consumer, place.id, on)))),
    wake: Effect.sync(() => news.openUnsafe()),
    over: (id) =>
      Effect.sync(() => {
        if (place?.id === id) place = undefined
      })
  }
  return delivery
})
