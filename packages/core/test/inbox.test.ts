import { Inbox, Protocol } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Result, Schedule, Schema, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"

const decode = Schema.decodeUnknownSync(Protocol.Notification)

interface Said {
  readonly dialog: string
  readonly sequence?: number
  readonly text?: string
  readonly state?: string
  readonly conversation?: string
  readonly by?: string
}

const change = ({ by = "agent", conversation, dialog, sequence, state, text = `${sequence}` }: Said) => ({
  ...(sequence === undefined ? {} : { sequence }),
  originatorId: by,
  originatorMetadata: { id: by, role: "ASSIGNED_AGENT" },
  event:
    state === undefined
      ? { type: "ContentEvent", contentType: "text/plain", message: text }
      : { type: "ChatStateEvent", chatState: state },
  dialogId: dialog,
  ...(conversation === undefined ? {} : { conversationId: conversation })
})

const notification = (...said: ReadonlyArray<Said>) =>
  decode({ kind: "notification", type: "ms.MessagingEventNotification", body: { changes: said.map(change) } })

const stateAt = (convId: string, metaDataLastUpdateTs?: number) =>
  decode({
    kind: "notification",
    type: "cqm.ExConversationChangeNotification",
    body: {
      changes: [
        {
          type: "UPSERT",
          result: { convId, conversationDetails: metaDataLastUpdateTs === undefined ? {} : { metaDataLastUpdateTs } }
        }
      ]
    }
  })

const everything: Inbox.Options = {
  subscribed: ["ContentEvent", "RichContentEvent", "AcceptStatusEvent", "ChatStateEvent"],
  onShutdown: () => Effect.void
}

const offer = (...said: ReadonlyArray<Said>) => Inbox.Inbox.use((inbox) => inbox.offer(notification(...said)))

const what = ({ change }: Inbox.Delivery): string =>
  change._tag === "MessagingEvent"
    ? `${change.dialogId}#${change.sequence ?? (change.event._tag === "ChatState" ? change.event.chatState : "?")}`
    : change._tag === "ConversationChange"
      ? `${change.result.convId}@${change.result.conversationDetails.metaDataLastUpdateTs}`
      : "unrecognized"

/** Runs the handlers beside an effect, and gives what they were handed, in order. */
const handled = <E, R>(effect: Effect.Effect<void, E, R>, options?: Inbox.RunOptions<never>) =>
  Effect.gen(function* () {
    const seen: Array<Inbox.Delivery> = []
    const fiber = yield* Effect.forkChild(
      Inbox.run({ orElse: (_thing, delivery) => Effect.sync(() => void seen.push(delivery)) }, options)
    )
    yield* effect
    for (let turn = 0; turn < 50; turn++) yield* Effect.yieldNow
    yield* TestClock.adjust(0)
    yield* Fiber.interrupt(fiber)
    return seen
  })

const inboxOf = (options: Inbox.Options) => Inbox.layerMemory({ onShutdown: () => Effect.void, ...options })

describe("however deliveries are repeated and however far they are out of order", () => {
  /** A script of deliveries: how many events in each dialog, in which order they arrive, and which come again. */
  const script = Schema.Struct({
    dialogs: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))).check(
      Schema.isBetweenLength(1, 4)
    ),
    jumps: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))),
    again: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
    batch: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4 }))
  })

  it.effect.prop(
    "each is handled exactly once, and in order in its dialog",
    [script],
    ([{ again, batch, dialogs, jumps }]) =>
      Effect.gen(function* () {
        const all = dialogs.flatMap((count, dialog) =>
          Array.from({ length: count }, (_, sequence) => ({ dialog: `d${dialog}`, sequence }))
        )
        const arriving = all
          .flatMap((event, index) =>
            Array.from({ length: 1 + (again[index % (again.length || 1)] ?? 0) }, (_, copy) => ({
              event,
              key: index + (jumps[(index + copy) % (jumps.length || 1)] ?? 0) + copy * 3
            }))
          )
          .toSorted((a, b) => a.key - b.key)
          .map(({ event }) => event)
        const seen = yield* handled(
          Effect.gen(function* () {
            for (let at = 0; at < arriving.length; at += batch) yield* offer(...arriving.slice(at, at + batch))
          })
        )
        for (const [index, count] of dialogs.entries()) {
          const mine = seen.filter(({ change }) => change._tag === "MessagingEvent" && change.dialogId === `d${index}`)
          expect(mine.map(what)).toEqual(Array.from({ length: count }, (_, sequence) => `d${index}#${sequence}`))
          expect(mine.some(({ late, missed }) => late || missed > 0)).toBe(false)
        }
      }).pipe(Effect.provide(inboxOf(everything)))
  )
})

it.effect.prop(
  "where gaps are not waited for, each number counts when it first comes, and is late when a higher one was there",
  [Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 })))],
  ([numbers]) =>
    Effect.gen(function* () {
      const seen = yield* handled(Effect.forEach(numbers, (sequence) => offer({ dialog: "d", sequence })))
      const first = numbers.filter((number, at) => numbers.indexOf(number) === at)
      expect(seen.map((delivery) => [what(delivery), delivery.late])).toEqual(
        first.map((number, at) => [`d#${number}`, first.slice(0, at).some((before) => before > number)])
      )
    }).pipe(Effect.provide(inboxOf({})))
)

it.effect("what whoever waits is woken for and does not take is another's", () =>
  Effect.gen(function* () {
    const { take } = yield* Inbox.Inbox
    const waiting = yield* Effect.replicateEffect(Effect.forkChild(Effect.scoped(take)), 3)
    yield* Effect.yieldNow
    yield* offer({ dialog: "a", sequence: 0 })
    yield* offer({ dialog: "b", sequence: 0 })
    // Who came last is woken first: those two are gone before they take what they were woken for.
    const [other, ...woken] = waiting
    yield* Fiber.interruptAll(woken)
    yield* TestClock.adjust("1 second")
    expect(other?.pollUnsafe()).toMatchObject({ _tag: "Success" })
  }).pipe(Effect.provide(inboxOf({})))
)

describe("a gap", () => {
  it.effect("is waited for so long and no longer; what comes after all is late, and not lost", () =>
    Effect.gen(function* () {
      const seen: Array<readonly [string, boolean, number]> = []
      yield* Effect.forkScoped(
        Inbox.run({
          orElse: (_thing, delivery) =>
            Effect.sync(() => void seen.push([what(delivery), delivery.late, delivery.missed]))
        })
      )
      yield* offer({ dialog: "d", sequence: 0 })
      yield* offer({ dialog: "d", sequence: 3 }, { dialog: "d", sequence: 4 })
      yield* TestClock.adjust("2999 millis")
      expect(seen).toEqual([["d#0", false, 0]])
      yield* TestClock.adjust("1 millis")
      expect(seen.slice(1)).toEqual([
        ["d#3", false, 2],
        ["d#4", false, 0]
      ])
      yield* offer({ dialog: "d", sequence: 1 })
      yield* offer({ dialog: "d", sequence: 1 }, { dialog: "d", sequence: 5 })
      yield* TestClock.adjust(0)
      expect(seen.slice(3)).toEqual([
        ["d#1", true, 0],
        ["d#5", false, 0]
      ])
    }).pipe(Effect.provide(inboxOf({ ...everything, gapTimeout: "3 seconds" })))
  )

  it.effect("in one dialog makes no other wait", () =>
    Effect.gen(function* () {
      const seen = yield* handled(offer({ dialog: "a", sequence: 1 }, { dialog: "b", sequence: 0 }))
      expect(seen.map(what)).toEqual(["b#0"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("is not waited for by an app that does not see every number", () =>
    Effect.gen(function* () {
      const seen = yield* handled(
        Effect.andThen(
          offer({ dialog: "d", sequence: 4 }, { dialog: "d", sequence: 9 }),
          offer({ dialog: "d", sequence: 6 }, { dialog: "d", sequence: 9 })
        )
      )
      expect(seen.map((delivery) => [what(delivery), delivery.late])).toEqual([
        ["d#4", false],
        ["d#9", false],
        ["d#6", true]
      ])
    }).pipe(Effect.provide(inboxOf({ subscribed: ["ContentEvent"] })))
  )
})

describe("what has no number", () => {
  it.effect("is a repetition only if it is the same state right after itself", () =>
    Effect.gen(function* () {
      const states = ["COMPOSING", "COMPOSING", "PAUSE", "COMPOSING", "COMPOSING"].map((state) => ({
        dialog: "d",
        state
      }))
      const seen = yield* handled(
        Effect.gen(function* () {
          for (const state of states) yield* offer(state)
          yield* offer({ dialog: "d", sequence: 0 })
          yield* offer({ dialog: "d", state: "COMPOSING" })
          yield* offer({ dialog: "d", state: "COMPOSING", by: "another" })
        })
      )
      expect(seen.map(what)).toEqual(["d#COMPOSING", "d#PAUSE", "d#COMPOSING", "d#0", "d#COMPOSING", "d#COMPOSING"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("is told by its time where it is a conversation's state", () =>
    Effect.gen(function* () {
      const seen = yield* handled(
        Inbox.Inbox.use((inbox) =>
          Effect.forEach([3, 3, 5, 4, 4, undefined, undefined], (at) => inbox.offer(stateAt("c", at)), {
            discard: true
          })
        )
      )
      expect(seen.map((delivery) => [what(delivery), delivery.late])).toEqual([
        ["c@3", false],
        ["c@5", false],
        ["c@4", true],
        ["c@undefined", false],
        ["c@undefined", false]
      ])
    }).pipe(Effect.provide(inboxOf({})))
  )

  it.effect("is handed on though nobody recognises it", () =>
    Effect.gen(function* () {
      const other = decode({ kind: "notification", type: "new.Thing", body: { some: "thing" } })
      const seen = yield* handled(Inbox.Inbox.use((inbox) => inbox.offer(other)))
      expect(seen.map(({ change, conversationId }) => [change, conversationId])).toEqual([
        [{ _tag: "Unrecognized", raw: { some: "thing", type: "new.Thing" } }, undefined]
      ])
    }).pipe(Effect.provide(inboxOf({})))
  )
})

describe("conversations", () => {
  it.effect("are dealt with side by side, and each one thing at a time", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const order: Array<string> = []
      yield* Effect.forkScoped(
        Inbox.run({
          orElse: (_thing, delivery) =>
            Effect.gen(function* () {
              order.push(`> ${what(delivery)}`)
              if (what(delivery) === "a#0") yield* Deferred.await(gate)
              order.push(`< ${what(delivery)}`)
            })
        })
      )
      yield* offer({ dialog: "a", sequence: 0 }, { dialog: "a", sequence: 1 }, { dialog: "b", sequence: 0 })
      yield* TestClock.adjust(0)
      expect(order).toEqual(["> a#0", "> b#0", "< b#0"])
      yield* Deferred.succeed(gate, undefined)
      yield* TestClock.adjust(0)
      expect(order.slice(3)).toEqual(["< a#0", "> a#1", "< a#1"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("hold the dialogs that belong to them", () =>
    Effect.gen(function* () {
      const seen = yield* handled(
        offer(
          { dialog: "a", sequence: 0, conversation: "a" },
          { dialog: "survey", sequence: 0, conversation: "a" },
          { dialog: "old", sequence: 0 }
        )
      )
      expect(seen.map(({ conversationId }) => conversationId)).toEqual(["a", "old", "a"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )
})

describe("a handler", () => {
  const counted = (outcome: (nth: number) => Effect.Effect<void, string>, options?: Inbox.RunOptions<string>) =>
    Effect.gen(function* () {
      const inbox = yield* Inbox.Inbox
      let calls = 0
      yield* Effect.forkScoped(Inbox.run<string>({ orElse: () => Effect.suspend(() => outcome(calls++)) }, options))
      yield* offer({ dialog: "d", sequence: 0 })
      yield* TestClock.adjust("1 minute")
      return { calls, parked: yield* inbox.parked, size: yield* inbox.size }
    })

  it.effect("that fails is called again after 1, 2 and 4 seconds, and its delivery parked then", () =>
    Effect.gen(function* () {
      const { calls, parked, size } = yield* counted(() => Effect.fail("no"))
      expect([calls, size]).toEqual([4, 0])
      expect(parked.map(({ delivery }) => what(delivery))).toEqual(["d#0"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("that fails and then does not has dealt with it", () =>
    Effect.gen(function* () {
      const { calls, parked } = yield* counted((nth) => (nth < 2 ? Effect.fail("no") : Effect.void))
      expect([calls, parked.length]).toEqual([3, 0])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("is called again as the program says", () =>
    Effect.gen(function* () {
      const { calls } = yield* counted(() => Effect.fail("no"), { retry: Schedule.recurs(0) })
      expect(calls).toBe(1)
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("that dies is not called again, and nothing else stops", () =>
    Effect.gen(function* () {
      const { calls, parked } = yield* counted((nth) => (nth === 0 ? Effect.die("oh") : Effect.void))
      expect([calls, parked.length]).toEqual([1, 1])
      yield* offer({ dialog: "d", sequence: 1 })
      yield* TestClock.adjust(0)
      expect(yield* Inbox.Inbox.use((inbox) => inbox.size)).toBe(0)
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("is that of the kind", () =>
    Effect.gen(function* () {
      const kinds: Array<string> = []
      yield* Effect.forkScoped(
        Inbox.run({
          Text: (event) => Effect.sync(() => void kinds.push(`text ${event.message}`)),
          ConversationChange: ({ result }) => Effect.sync(() => void kinds.push(`state of ${result.convId}`)),
          orElse: (thing) => Effect.sync(() => void kinds.push(`else ${thing._tag}`))
        })
      )
      yield* offer({ dialog: "d", sequence: 0, text: "Hi" }, { dialog: "d", state: "PAUSE" })
      yield* Inbox.Inbox.use((inbox) => inbox.offer(stateAt("d", 1)))
      yield* TestClock.adjust(0)
      expect(kinds).toEqual(["text Hi", "else ChatState", "state of d"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )
})

describe("nothing vanishes", () => {
  it.effect("a notification that does not fit is refused as a whole, and taken when there is room", () =>
    Effect.gen(function* () {
      yield* offer({ dialog: "a", sequence: 0 }, { dialog: "a", sequence: 1 })
      const both = offer({ dialog: "b", sequence: 0 }, { dialog: "b", sequence: 1 })
      expect((yield* Effect.flip(both))._tag).toBe("InboxFull")
      const seen = yield* handled(Effect.andThen(TestClock.adjust(0), both))
      expect(seen.map(what)).toEqual(["a#0", "a#1", "b#0", "b#1"])
    }).pipe(Effect.provide(inboxOf({ ...everything, capacity: 3 })))
  )

  it.effect("what is held back takes up room as well", () =>
    Effect.gen(function* () {
      yield* offer({ dialog: "a", sequence: 1 }, { dialog: "a", sequence: 2 })
      expect((yield* Effect.flip(offer({ dialog: "a", sequence: 3 })))._tag).toBe("InboxFull")
    }).pipe(Effect.provide(inboxOf({ ...everything, capacity: 2 })))
  )

  it.effect("what was being dealt with when the handlers were stopped is the next delivery again", () =>
    Effect.gen(function* () {
      yield* offer({ dialog: "a", sequence: 0 }, { dialog: "a", sequence: 1 })
      const stuck = yield* Effect.forkChild(Inbox.run({ orElse: () => Effect.never }))
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(stuck)
      expect((yield* handled(Effect.void)).map(what)).toEqual(["a#0", "a#1"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )

  it.effect("what nobody has dealt with at the end is handed to the finalizer, also what was held back", () =>
    Effect.gen(function* () {
      const left: Array<string> = []
      const onShutdown = (deliveries: ReadonlyArray<Inbox.Delivery>) =>
        Effect.sync(() => void left.push(...deliveries.map(what)))
      const scope = yield* Scope.make()
      const context = yield* Layer.buildWithScope(Inbox.layerMemory({ ...everything, onShutdown }), scope)
      yield* Effect.gen(function* () {
        yield* offer({ dialog: "a", sequence: 0 }, { dialog: "a", sequence: 1 }, { dialog: "b", sequence: 7 })
        const busy = yield* Effect.forkChild(Inbox.run({ orElse: () => Effect.never }))
        yield* TestClock.adjust(0)
        yield* Fiber.interrupt(busy)
        yield* Scope.close(scope, Exit.void)
        expect(left.toSorted()).toEqual(["a#0", "a#1", "b#7"])
        expect(Result.isFailure(yield* Effect.result(offer({ dialog: "a", sequence: 2 })))).toBe(true)
      }).pipe(Effect.provideContext(context))
    })
  )
})

describe("the stream", () => {
  it.effect("gives deliveries in order, and counts one as dealt with when the next is asked for", () =>
    Effect.gen(function* () {
      yield* offer({ dialog: "a", sequence: 0 }, { dialog: "a", sequence: 1 }, { dialog: "a", sequence: 2 })
      const first = yield* Inbox.stream.pipe(Stream.take(2), Stream.map(what), Stream.runCollect)
      expect(first).toEqual(["a#0", "a#1"])
      const second = yield* Inbox.stream.pipe(Stream.take(2), Stream.map(what), Stream.runCollect)
      expect(second).toEqual(["a#1", "a#2"])
    }).pipe(Effect.provide(inboxOf(everything)))
  )
})
