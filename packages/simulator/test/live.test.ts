import { type ControlApi, Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Clock, Effect, Fiber, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { control, openBy } from "./controlling.ts"
import { all, content, listener, sendInProcess, settle, texts, until } from "./hooks.ts"
import { play, Script } from "./scripts.ts"
import { ask } from "./support.ts"

type Told = ControlApi.Changes & { readonly time: number }

/** Watches from now on, until it is let go. */
const watch = Effect.gen(function* () {
  const { live } = yield* Simulator.Simulator
  const told: Array<Told> = []
  const fiber = yield* Effect.forkChild(
    Stream.runForEach(live, (changes) =>
      Effect.map(Clock.currentTimeMillis, (time) => void told.push({ ...changes, time }))
    )
  )
  yield* settle
  return { told, leave: Fiber.interrupt(fiber) }
})

/** What one knows who has read these messages in order. */
const merged = (told: ReadonlyArray<ControlApi.Changes>) => {
  const conversations = new Map<string, unknown>()
  const wire = new Map<number, unknown>()
  let faults: unknown
  let info: unknown
  for (const changes of told) {
    if (changes.reset) {
      conversations.clear()
      wire.clear()
    }
    for (const one of changes.conversations) conversations.set(one.id, one)
    for (const row of changes.wire) wire.set(row.id, row)
    faults = changes.faults ?? faults
    info = changes.info ?? info
  }
  return { conversations: [...conversations.values()], wire: [...wire.values()], faults, info }
}

/** All that there is. */
const everything = Effect.gen(function* () {
  const { faults, info, summaries, wire } = yield* Simulator.Simulator
  return { conversations: yield* summaries, wire: yield* wire, faults: yield* faults, info: yield* info }
})

const nothing = { conversations: [], wire: [] }
const inProcess = Effect.provide(Simulator.layer())

const domains = sendInProcess(ask.domain("idp"))

describe("Who watches", () => {
  it.effect("is told everything at once, and nothing until something happens", () =>
    Effect.gen(function* () {
      const { consumer, fault } = yield* Simulator.Simulator
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* fault("send", Fault.drop())
      const { told } = yield* watch
      const first = { reset: true, ...(yield* everything), time: 0 }
      expect(first.wire).toHaveLength(3)
      expect(told).toEqual([first])
      yield* TestClock.adjust("1 hour")
      expect(told).toHaveLength(1)
    }).pipe(inProcess)
  )

  it.effect("is told that there is nothing, where there is nothing", () =>
    Effect.gen(function* () {
      const { info } = yield* Simulator.Simulator
      const { told } = yield* watch
      expect(told).toEqual([{ reset: true, ...nothing, faults: [], info: yield* info, time: 0 }])
    }).pipe(inProcess)
  )

  it.effect("is told what changed, and no more than that, a tenth of a second later", () =>
    Effect.gen(function* () {
      const { addFault, consumer, removeFault, subscribe, summaries, wire } = yield* Simulator.Simulator
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* consumer("Grace")({ _tag: "Open", text: "Hi" })
      const { told } = yield* watch
      const next = Effect.gen(function* () {
        told.length = 0
        yield* TestClock.adjust("99 millis")
        expect(told).toEqual([])
        yield* TestClock.adjust("1 millis")
        expect(told).toHaveLength(1)
        return told[0]
      })
      const same = { reset: false, ...nothing, faults: undefined, info: undefined, time: expect.any(Number) }

      yield* consumer("Grace")({ _tag: "Say", text: "Well?" })
      const [, grace] = yield* summaries
      expect(yield* next).toEqual({ ...same, conversations: [grace], wire: (yield* wire).slice(-1) })

      yield* domains
      expect(yield* next).toEqual({ ...same, wire: (yield* wire).slice(-1) })

      const rule = yield* addFault({ on: "domains", fault: Fault.status(503), when: { _tag: "Every", nth: 2 } })
      expect(yield* next).toEqual({ ...same, faults: [rule] })

      yield* domains
      expect(yield* next).toEqual({ ...same, wire: (yield* wire).slice(-1), faults: [{ ...rule, asked: 1 }] })

      yield* removeFault(rule.id)
      expect(yield* next).toEqual({ ...same, faults: [] })

      yield* subscribe(texts("https://connector.test"))
      expect((yield* next)?.info?.webhooks).toEqual(texts("https://connector.test"))
    }).pipe(inProcess)
  )

  it.effect("is told when an endpoint fails, and when it has recovered", () => {
    let answer = 503
    const { deliver } = listener(() => Effect.sync(() => answer))
    return Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      const { told } = yield* watch
      const states = () => told.flatMap(({ info }) => info?.webhookStates[content] ?? [])
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* settle
      yield* TestClock.adjust("1 second")
      expect(states()).toEqual(["Up", "Failed"])
      answer = 200
      yield* TestClock.adjust("1 minute")
      expect(states()).toEqual(["Up", "Failed", "Recovered"])
    }).pipe(Effect.provide(Simulator.layer({ webhooks: texts("https://connector.test", { max_retries: 1 }), deliver })))
  })

  it.effect("is told of everything that happened in a tenth of a second together, and ten times a second at most", () =>
    Effect.gen(function* () {
      const { told } = yield* watch
      for (let millis = 0; millis < 1000; millis += 10) {
        yield* domains
        yield* TestClock.adjust("10 millis")
      }
      yield* TestClock.adjust("1 second")
      const times = told.slice(1).map(({ time }) => time)
      expect(times).toEqual(Array.from({ length: times.length }, (_, nth) => (nth + 1) * 100))
      expect(times.length).toBeLessThanOrEqual(11)
      const rows = told.flatMap(({ wire }) => wire.map(({ id }) => id))
      expect(rows).toEqual(Array.from({ length: 100 }, (_, nth) => nth + 1))
    }).pipe(inProcess)
  )

  it.effect("is told of a call when it begins, and again when it ends", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const { told } = yield* watch
      yield* fault("domains", Fault.latency("1 minute"))
      const asking = yield* Effect.forkChild(domains)
      yield* TestClock.adjust("1 second")
      expect(told.flatMap(({ wire }) => wire)).toMatchObject([{ id: 1, status: "waiting" }])
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(asking)
      expect(told.flatMap(({ wire }) => wire)).toMatchObject([
        { id: 1, status: "waiting" },
        { id: 1, status: 200, millis: 60_000 }
      ])
    }).pipe(inProcess)
  )

  it.effect("is told to forget what was forgotten", () =>
    Effect.gen(function* () {
      const { clearWire, consumer, fault, reset } = yield* Simulator.Simulator
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* fault("any", Fault.latency(0), { every: 1 })
      const { told } = yield* watch
      yield* clearWire
      yield* TestClock.adjust("1 second")
      expect(told.at(-1)).toEqual({ ...told[0], wire: [], time: 100 })
      yield* reset
      yield* TestClock.adjust("1 second")
      expect(told.at(-1)).toMatchObject({ reset: true, ...nothing, faults: [] })
      expect(told).toHaveLength(3)
    }).pipe(inProcess)
  )

  it.effect("is told of many things in pieces of five hundred, of which the first says that it is all", () =>
    Effect.gen(function* () {
      const { consumer, fault } = yield* Simulator.Simulator
      yield* Effect.replicateEffect(domains, 1201)
      yield* Effect.forEach(Array.from({ length: 501 }), (_, nth) => consumer(`${nth}`)({ _tag: "Open" }))
      yield* fault("send", Fault.drop())
      const { told } = yield* watch
      const rows = 1201 + 1 + 2 * 501
      const sizes = told.map(({ conversations, wire }) => [conversations.length, wire.length])
      expect(sizes).toEqual([
        [500, 500],
        [1, 500],
        [0, 500],
        [0, 500],
        [0, rows - 2000]
      ])
      expect(told.map(({ reset }) => reset)).toEqual([true, false, false, false, false])
      expect(told.map(({ faults, info }) => [faults !== undefined, info !== undefined])).toEqual([
        [true, true],
        ...Array.from({ length: 4 }, () => [false, false])
      ])
      expect(merged(told)).toEqual(yield* everything)
      // What has changed is told in pieces, too.
      told.length = 0
      yield* Effect.replicateEffect(domains, 700)
      yield* TestClock.adjust("100 millis")
      expect(told.map(({ reset, wire }) => [reset, wire.length])).toEqual([
        [false, 500],
        [false, 200]
      ])
    }).pipe(inProcess)
  )

  it.effect("does not keep others from being told, neither by joining late nor by leaving", () =>
    Effect.gen(function* () {
      const one = yield* watch
      yield* domains
      yield* TestClock.adjust("50 millis")
      const other = yield* watch
      expect(other.told).toMatchObject([{ reset: true, wire: [{ id: 1 }] }])
      yield* TestClock.adjust("50 millis")
      expect(one.told.map(({ wire }) => wire.length)).toEqual([0, 1])
      yield* domains
      yield* TestClock.adjust("1 second")
      expect(merged(one.told)).toEqual(yield* everything)
      expect(merged(other.told)).toEqual(yield* everything)
      yield* one.leave
      const { length } = one.told
      yield* domains
      yield* TestClock.adjust("1 second")
      expect(one.told).toHaveLength(length)
      expect(merged(other.told)).toEqual(yield* everything)
    }).pipe(inProcess)
  )

  /** A run in parts, after each of which something is forgotten, or somebody begins to watch. */
  const runs = Arbitrary.schema(
    Schema.Array(
      Schema.Struct({
        script: Script,
        after: Schema.Literals(["watch", "watch", "wait", "clear the wire", "reset", "subscribe"]),
        pause: Schema.Literals([0, 30, 100, 1000])
      })
    )
  )

  it.effect.prop(
    "knows all there is, whatever has happened and whenever they came",
    [runs],
    ([parts]) => {
      const { deliver } = listener(({ at }) => Effect.succeed(at % 3 === 0 ? 503 : 200))
      return Effect.gen(function* () {
        const { clearWire, reset, subscribe } = yield* Simulator.Simulator
        const watchers = [yield* watch]
        for (const { after, pause, script } of parts) {
          yield* play(script)
          if (after === "watch") watchers.push(yield* watch)
          if (after === "clear the wire") yield* clearWire
          if (after === "reset") yield* reset
          if (after === "subscribe") yield* subscribe(all("https://connector.test", { max_retries: 1 }))
          yield* TestClock.adjust(pause)
        }
        yield* TestClock.adjust("10 minutes")
        const known = yield* everything
        for (const { told } of watchers) {
          expect(merged(told)).toEqual(known)
          for (const { conversations, faults, info, reset, wire } of told) {
            expect(Math.max(conversations.length, wire.length)).toBeLessThanOrEqual(500)
            // Nobody is told nothing.
            expect(reset || conversations.length + wire.length > 0 || faults !== undefined || info !== undefined).toBe(
              true
            )
          }
        }
      }).pipe(Effect.provide(Simulator.layer({ survey: true, webhooks: all("https://connector.test"), deliver })))
    },
    { arbitrary: { runs: 50, size: 12 } }
  )
})

describe("Over a socket", () => {
  it.live("two watch at once, one leaves, and the other is told the rest", () =>
    Effect.gen(function* () {
      const { live } = yield* control
      const watchBy = Effect.gen(function* () {
        const told: Array<ControlApi.Changes> = []
        const watching = Stream.runForEach(yield* live(), (changes) => Effect.sync(() => void told.push(changes)))
        return { told, fiber: yield* Effect.forkChild(watching) }
      })
      const [one, other] = [yield* watchBy, yield* watchBy]
      yield* openBy("Ada")
      const knows = ({ told }: typeof one, count: number) => merged(told).conversations.length === count
      yield* until(() => knows(one, 1) && knows(other, 1))
      yield* Fiber.interrupt(one.fiber)
      yield* openBy("Grace")
      yield* until(() => knows(other, 2))
      expect(merged(other.told).conversations).toEqual((yield* everything).conversations)
      expect(knows(one, 1)).toBe(true)
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )
})
