import { ConversationId, DialogId } from "@effect-liveperson/core/protocol"
import { Channel, type Event, Settings } from "@effect-liveperson/gateway"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Exit, Fiber, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { Notice, Store } from "../src/internal/store.ts"
import * as Telling from "../src/internal/telling.ts"
import * as Memory from "./memory.ts"
import { address } from "./world.ts"

const conversationId = ConversationId.make("conversation")
const dialogId = DialogId.make("conversation")

const noticeOf = (sequence: number): Notice => ({
  key: `${dialogId}:${sequence}`,
  conversationId,
  dialogId,
  sequence,
  tag: undefined,
  lpConsumer: undefined,
  // Every third one is the consumer's own, and nothing to the channel.
  event: sequence % 3 === 0 ? undefined : JSON.stringify({ _tag: "Text", text: `text ${sequence}` }),
  closes: false
})

/** At which steps: few enough that what comes last comes before the gap is given up. */
const Step = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 14 }))

const Plan = Schema.Struct({
  /** When the notices come, by their numbers, and which of them come again when. */
  comes: Schema.Array(Step).check(Schema.isMinLength(1), Schema.isMaxLength(8)),
  again: Schema.Array(Schema.Struct({ nth: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 7 })), at: Step })),
  killed: Schema.Array(Step).check(Schema.isMaxLength(3)),
  /** What the channel answers, in turn; it takes everything else. */
  answers: Schema.Array(Schema.Literals(["taken", "unavailable", "lost", "refused"])).check(Schema.isMaxLength(6))
})

/** Tells by a plan: what the channel was told, in order, and what it refused. */
const carriedOut = Effect.fnUntraced(function* ({ again, answers, comes, killed }: typeof Plan.Type) {
  const { store } = Memory.make()
  yield* store.adopt(address, conversationId)
  const told: Array<Event.Event> = []
  const refused: Array<Event.Event> = []
  let steps = 0
  let tell: Effect.Effect<void> = Effect.void
  let life = yield* Scope.make()

  const answer = [...answers]
  const channel = Channel.Channel.of({
    tell: Effect.fnUntraced(function* (event) {
      yield* step
      const next = answer.shift() ?? "taken"
      if (next === "unavailable") return yield* new Channel.ChannelUnavailable({ problem: "busy" })
      if (next === "refused") {
        refused.push(event)
        return yield* new Channel.ChannelRefused({ problem: "unknown" })
      }
      told.push(event)
      // It was told, and whoever told it does not know.
      if (next === "lost") return yield* new Channel.ChannelUnavailable({ problem: "lost" })
      yield* step
    })
  })

  const receive = (notice: Notice) =>
    Effect.andThen(
      Effect.orDie(store.receive(address.account, [notice])),
      Effect.suspend(() => Effect.forkIn(tell, life))
    )

  /** Something comes between any two steps of the work, or the process ends there and another one goes on. */
  const step: Effect.Effect<void> = Effect.suspend(() => {
    const now = steps
    steps += 1
    return Effect.gen(function* () {
      for (const [nth, at] of comes.entries()) if (at === now) yield* receive(noticeOf(nth))
      for (const { at, nth } of again) if (at === now && nth < comes.length) yield* receive(noticeOf(nth))
      if (killed.includes(now)) {
        const ended = life
        life = yield* Scope.make()
        yield* Effect.forkDetach(Scope.close(ended, Exit.void))
        yield* Effect.forkIn(begin, life)
        yield* Effect.never
      }
    })
  })

  const stepping: Store["Service"] = {
    ...store,
    next: (...args) => Effect.tap(Effect.andThen(step, store.next(...args)), step),
    told: (...args) => Effect.tap(store.told(...args), step),
    settled: (...args) => Effect.tap(store.settled(...args), step),
    settle: (...args) => Effect.tap(store.settle(...args), step)
  }

  const begin = Effect.suspend(() => {
    tell = Telling.make(address, stepping, channel, Settings.defaults, () => Effect.void)
    return tell
  })

  yield* Effect.forkIn(begin, life)
  // Whatever does not come by steps comes by time: nothing may be left over because nobody took a step.
  const fiber = yield* Effect.forkChild(
    Effect.gen(function* () {
      for (let nth = 0; nth <= 15; nth += 1) {
        yield* step.pipe(Effect.timeoutOption("1 millis"))
        yield* Effect.sleep("10 millis")
      }
    })
  )
  for (let second = 0; second < 600; second += 1) yield* TestClock.adjust("100 millis")
  yield* Fiber.join(fiber)
  yield* Effect.suspend(() => Effect.forkIn(tell, life))
  for (let second = 0; second < 1200; second += 1) yield* TestClock.adjust("100 millis")
  yield* Scope.close(life, Exit.void)
  return { told, refused }
})

describe("what came for a consumer", () => {
  it.effect.prop(
    "is told to the channel whole and by its numbers, whatever comes in between, comes again, or ends the process",
    [Arbitrary.schema(Plan)],
    ([plan]) =>
      Effect.map(carriedOut(plan), ({ refused, told }) => {
        const of = (events: ReadonlyArray<Event.Event>) => [...new Set(events.map(({ sequence }) => sequence))]
        const expected = plan.comes.flatMap((_, nth) => (nth % 3 === 0 ? [] : [nth]))
        const aside = of(refused)
        expect(of(told).filter((nth) => !aside.includes(nth))).toEqual(expected.filter((nth) => !aside.includes(nth)))
        for (const { id, sequence } of told) expect(id).toBe(`${dialogId}:${sequence}`)
      }),
    { arbitrary: { runs: Number(process.env["GATEWAY_RUNS"] ?? 300) }, timeout: 120_000 }
  )
})
