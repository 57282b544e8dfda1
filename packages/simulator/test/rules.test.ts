import { Fault, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Array as Arr, Effect, Exit, Fiber, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { chat, listener, opened, sendInProcess, settle, textOf, texts } from "./hooks.ts"
import { accountId, ask, chatState, publishEvent } from "./support.ts"
import { openedBy } from "./ways.ts"

const inProcess = Effect.provide(Simulator.layer())

/** Asks for the domains several times, and says on which calls a fault of 503 acted. */
const actedOn = Effect.fnUntraced(function* (calls: number) {
  const statuses = yield* Effect.replicateEffect(sendInProcess(ask.domain("idp")), calls)
  return statuses.flatMap(({ status }, nth) => (status === 503 ? [nth + 1] : []))
})

const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

describe("A rule", () => {
  it.effect.prop("for the next so many acts on these, and is gone", { times: small(9), calls: small(12) }, (given) =>
    Effect.gen(function* () {
      const { times, calls } = given
      const { fault, faults } = yield* Simulator.Simulator
      const { id } = yield* fault("domains", Fault.status(503), { times })
      expect(yield* actedOn(calls)).toEqual(Arr.range(1, Math.min(times, calls)))
      const left = (yield* faults).map((rule) => [rule.id, rule.asked, rule.acted])
      expect(left).toEqual(calls < times ? [[id, calls, calls]] : [])
    }).pipe(inProcess)
  )

  it.effect.prop("for every nth acts on these, and stays", { every: small(5), calls: small(20) }, ({ calls, every }) =>
    Effect.gen(function* () {
      const { fault, faults } = yield* Simulator.Simulator
      const { id } = yield* fault("domains", Fault.status(503), { every })
      const acted = Arr.range(1, calls).filter((nth) => nth % every === 0)
      expect(yield* actedOn(calls)).toEqual(acted)
      expect(yield* faults).toMatchObject([{ id, asked: calls, acted: acted.length }])
    }).pipe(inProcess)
  )

  it.effect.each([0, 0.1, 0.5, 0.9, 1])("with a probability of %d acts about as often", (probability) =>
    Effect.gen(function* () {
      const { fault, faults } = yield* Simulator.Simulator
      yield* fault("domains", Fault.status(503), { probability })
      const calls = 1000
      const { length } = yield* actedOn(calls)
      // Four standard deviations.
      const tolerance = 4 * Math.sqrt(calls * probability * (1 - probability))
      expect(Math.abs(length - calls * probability)).toBeLessThanOrEqual(tolerance)
      expect(yield* faults).toMatchObject([{ asked: calls, acted: length }])
    }).pipe(Effect.provide(Simulator.layer({ seed: "chance" })))
  )

  it.effect("with a probability acts on the same calls with the same seed, and on others with another", () =>
    Effect.gen(function* () {
      const run = (seed: string) =>
        Effect.gen(function* () {
          const { fault } = yield* Simulator.Simulator
          yield* fault("domains", Fault.status(503), { probability: 0.5 })
          return yield* actedOn(50)
        }).pipe(Effect.provide(Simulator.layer({ seed })))
      const one = yield* run("one")
      expect(yield* run("one")).toEqual(one)
      expect(yield* run("two")).not.toEqual(one)
    })
  )

  it.effect("with a probability acts on other calls than another with the same", () =>
    Effect.gen(function* () {
      const { calls, fault } = yield* Simulator.Simulator
      const [one, other] = [
        yield* fault("domains", Fault.latency(0), { probability: 0.5 }),
        yield* fault("sentinel", Fault.latency(0), { probability: 0.5 })
      ]
      yield* Effect.replicateEffect(sendInProcess(ask.domain("idp")), 50)
      yield* Effect.replicateEffect(sendInProcess(ask.app()), 50)
      const acted = (yield* calls).map((call) => call.fault)
      expect(acted.slice(0, 50).map((id) => id === one.id)).not.toEqual(acted.slice(50).map((id) => id === other.id))
    }).pipe(Effect.provide(Simulator.layer({ seed: "one" })))
  )

  it.effect("draws from a sequence of its own, however often others are asked", () =>
    Effect.gen(function* () {
      const run = (other: Effect.Effect<unknown, unknown, HttpClient.HttpClient>) =>
        Effect.gen(function* () {
          const { fault } = yield* Simulator.Simulator
          yield* fault("sentinel", Fault.latency("0 millis"), { probability: 0.5 })
          yield* fault("domains", Fault.status(503), { probability: 0.5 })
          return yield* Effect.forEach(Arr.range(1, 20), () => Effect.andThen(other, actedOn(1)))
        }).pipe(Effect.provide(Simulator.layer({ seed: "one" })))
      expect(yield* run(sendInProcess(ask.app()))).toEqual(yield* run(Effect.void))
    })
  )

  const accounts = [accountId, "87654321"] as const

  it.effect.each<readonly [on: "any" | Fault.Endpoint, who: Simulator.FaultOptions, expected: ReadonlyArray<string>]>([
    ["send", {}, ["1 Ada send", "1 Grace send", "2 Ada send", "2 Grace send"]],
    ["send", { account: accountId }, ["1 Ada send", "1 Grace send"]],
    ["send", { consumer: "Ada" }, ["1 Ada send", "2 Ada send"]],
    ["send", { account: "87654321", consumer: "Ada" }, ["2 Ada send"]],
    ["send", { consumer: "nobody" }, []],
    ["send", { account: "nowhere" }, []],
    ["conversation", { consumer: "Grace" }, ["1 Grace conversation", "2 Grace conversation"]],
    ["idp", { consumer: "Grace" }, ["1 Grace idp", "2 Grace idp"]],
    ["sentinel", { consumer: "Grace" }, []],
    ["sentinel", { account: accountId }, ["1 Ada sentinel", "1 Grace sentinel"]],
    ["any", { consumer: "Ada", account: accountId }, ["1 Ada idp", "1 Ada conversation", "1 Ada send"]],
    [
      "any",
      { account: accountId },
      ["Ada", "Grace"].flatMap((name) =>
        ["sentinel", "idp", "conversation", "send"].map((endpoint) => `1 ${name} ${endpoint}`)
      )
    ]
  ])("for %s of %j acts on these calls alone", ([on, who, expected]) =>
    Effect.gen(function* () {
      const { calls, clearWire, fault } = yield* Simulator.Simulator
      const rule = yield* fault(on, Fault.latency(0), { every: 1, ...who })
      const acted: Array<string> = []
      for (const [nth, account] of accounts.entries()) {
        for (const name of ["Ada", "Grace"]) {
          yield* clearWire
          const { says } = yield* openedBy(sendInProcess, name, account)
          yield* says("Hi")
          const faulty = (yield* calls).filter((call) => call.fault === rule.id)
          acted.push(...faulty.map(({ endpoint }) => `${nth + 1} ${name} ${endpoint}`))
        }
      }
      expect(acted).toEqual(expected)
    }).pipe(Effect.provide(Simulator.layer({ accountId: accounts })))
  )

  it.effect("waits behind one that acts, and is not asked meanwhile", () =>
    Effect.gen(function* () {
      const { fault, faults, removeFault } = yield* Simulator.Simulator
      const first = yield* fault("domains", Fault.status(500), { every: 2 })
      const second = yield* fault("any", Fault.status(503), { every: 2 })
      const third = yield* fault("domains", Fault.status(429), { times: 2 })
      expect([first.id, second.id, third.id]).toEqual([1, 2, 3])
      const ask5 = Effect.replicateEffect(sendInProcess(ask.domain("idp")), 5)
      expect((yield* ask5).map(({ status }) => status)).toEqual([429, 500, 503, 500, 429])
      expect((yield* faults).map(({ acted, asked, id }) => [id, asked, acted])).toEqual([
        [1, 5, 2],
        [2, 3, 1]
      ])
      expect(yield* removeFault(first.id)).toBe(true)
      expect(yield* removeFault(first.id)).toBe(false)
      expect((yield* ask5).map(({ status }) => status)).toEqual([503, 200, 503, 200, 503])
    }).pipe(inProcess)
  )

  it.effect("that is removed or cleared acts no more, and its number is given to no other", () =>
    Effect.gen(function* () {
      const { clearFaults, fault, faults, removeFault } = yield* Simulator.Simulator
      const call = yield* fault("domains", Fault.status(503), { every: 1 })
      const delivery = yield* fault("webhook", Fault.loss(), { every: 1 })
      expect(yield* actedOn(1)).toEqual([1])
      expect((yield* faults).map(({ id }) => id)).toEqual([call.id, delivery.id])
      expect(yield* removeFault(delivery.id)).toBe(true)
      yield* clearFaults
      expect(yield* actedOn(1)).toEqual([])
      expect((yield* fault("domains", Fault.status(503))).id).toBe(3)
    }).pipe(inProcess)
  )

  const mistakes: ReadonlyArray<Effect.Effect<unknown, never, Simulator.Simulator>> = [
    ...[0, -1, 1.5, Number.NaN].map((times) =>
      Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { times }))
    ),
    ...[0, -1, 1.5].map((every) => Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { every }))),
    ...[-0.1, 1.1, Number.NaN].map((probability) =>
      Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { probability }))
    ),
    Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { times: 2, every: 3 })),
    Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { every: 3, probability: 0.5 })),
    ...[99, 199, 600, 200.5].map((status) =>
      Simulator.Simulator.use(({ fault }) => fault("send", { _tag: "Status", status, headers: {} }))
    ),
    Simulator.Simulator.use(({ fault }) => fault("send", { ...Fault.drop(), _tag: "Truncated", bytes: -1 })),
    Simulator.Simulator.use(({ fault }) => fault("webhook", { _tag: "Duplicate", copies: 0 })),
    Simulator.Simulator.use(({ fault }) => fault("webhook", { _tag: "Reorder", after: 0 })),
    Simulator.Simulator.use(({ fault }) => fault("send", Fault.drop(), { consumer: "" }))
  ]

  it.effect("with a mistake in it is a defect, and none", () =>
    Effect.gen(function* () {
      for (const mistake of mistakes) expect(Exit.hasDies(yield* Effect.exit(mistake))).toBe(true)
      expect(yield* (yield* Simulator.Simulator).faults).toEqual([])
    }).pipe(inProcess)
  )
})

/** How late a thousand calls are, all under way at once. */
const delays = (fault: Fault.CallFault) =>
  Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    yield* simulator.fault("domains", fault, { every: 1 })
    const calling = yield* Effect.forkChild(
      Effect.replicateEffect(sendInProcess(ask.domain("idp")), 1000, { concurrency: "unbounded" })
    )
    yield* TestClock.adjust("1 hour")
    yield* Fiber.join(calling)
    return (yield* simulator.calls).map(({ millis = Number.NaN }) => millis)
  }).pipe(Effect.provide(Simulator.layer({ seed: "late" })))

const mean = (numbers: ReadonlyArray<number>) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

describe("Latency", () => {
  it.effect("that is constant is always the same", () =>
    Effect.gen(function* () {
      expect(new Set(yield* delays(Fault.latency("3 seconds")))).toEqual(new Set([3000]))
    })
  )

  it.effect("that is uniform is anything between its limits", () =>
    Effect.gen(function* () {
      const all = yield* delays(Fault.latency({ min: "1 second", max: "3 seconds" }))
      expect(Math.min(...all)).toBeGreaterThanOrEqual(1000)
      expect(Math.min(...all)).toBeLessThan(1050)
      expect(Math.max(...all)).toBeLessThanOrEqual(3000)
      expect(Math.max(...all)).toBeGreaterThan(2950)
      expect(mean(all)).toBeCloseTo(2000, -2)
    })
  )

  it.effect("that is normal is around its mean, as far as its deviation says, and never before its time", () =>
    Effect.gen(function* () {
      const all = yield* delays(Fault.latency({ mean: "10 seconds", deviation: "1 second" }))
      const average = mean(all)
      expect(Math.abs(average - 10_000)).toBeLessThan(150)
      const deviation = Math.sqrt(mean(all.map((one) => (one - average) ** 2)))
      expect(Math.abs(deviation - 1000)).toBeLessThan(100)
      const wide = yield* delays(Fault.latency({ mean: "1 second", deviation: "10 seconds" }))
      expect(Math.min(...wide)).toBe(0)
      expect(wide.filter((one) => one > 1000).length).toBeGreaterThan(400)
    })
  )

  it.effect("that is exponential is mostly little and rarely much", () =>
    Effect.gen(function* () {
      const all = yield* delays(Fault.latency({ mean: "1 second" }))
      expect(Math.abs(mean(all) - 1000)).toBeLessThan(130)
      // Two thirds are under the mean, and one in twenty is three times it.
      expect(all.filter((one) => one < 1000).length / 1000).toBeCloseTo(1 - Math.exp(-1), 1)
      expect(all.filter((one) => one > 3000).length / 1000).toBeCloseTo(Math.exp(-3), 1)
      expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
    })
  )

  it.effect("between limits the wrong way round is the lower one", () =>
    Effect.gen(function* () {
      expect(new Set(yield* delays(Fault.latency({ min: "2 seconds", max: "1 second" })))).toEqual(new Set([2000]))
    })
  )
})

const Changed = Schema.Struct({
  body: Schema.Struct({ changes: Schema.Tuple([Schema.Struct({ conversationId: Schema.String })]) })
})

describe("A rule for deliveries", () => {
  it.effect.each<readonly [who: Simulator.FaultOptions & { readonly key?: typeof chat }, heard: ReadonlyArray<string>]>(
    [
      [{}, []],
      [{ consumer: "Ada" }, ["Grace", "Grace"]],
      [{ consumer: "Ada", key: chat }, ["Ada", "Grace", "Grace"]],
      [{ account: "87654321" }, ["Ada", "Ada", "Grace", "Grace"]],
      [{ account: accountId, consumer: "Grace" }, ["Ada", "Ada"]]
    ]
  )("for %j acts on these alone", ([who, expected]) => {
    const { deliver, heard } = listener()
    const webhooks = { ...texts("https://connector.test"), [chat]: { endpoint: "https://connector.test/chat" } }
    return Effect.gen(function* () {
      const { conversations, fault } = yield* Simulator.Simulator
      const [ada, grace] = [yield* opened("Ada"), yield* opened("Grace")]
      yield* fault("webhook", Fault.loss(), { every: 1, ...who })
      for (const { id, say, tell } of [ada, grace]) {
        yield* say("Hi")
        yield* tell(publishEvent({ dialogId: id, event: chatState("ACTIVE") }))
      }
      yield* settle
      const names = new Map<string, string>((yield* conversations).map(({ consumer, id }) => [id, consumer]))
      const ids = heard.map(({ json }) => Schema.decodeUnknownSync(Changed)(json).body.changes[0].conversationId)
      expect(ids.map((id) => names.get(id))).toEqual(expected)
    }).pipe(Effect.provide(Simulator.layer({ webhooks, deliver })))
  })

  it.effect("is counted as any other, and the first that acts is the only one", () => {
    const { deliver, heard } = listener()
    return Effect.gen(function* () {
      const { deliveries, fault, faults } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      yield* fault("webhook", Fault.loss(), { every: 2 })
      yield* fault("webhook", Fault.duplicate(), { every: 2 })
      for (const text of ["one", "two", "three", "four"]) yield* ada.say(text)
      expect(heard.map(textOf)).toEqual(["one", "three", "three"])
      expect((yield* faults).map(({ acted, asked }) => [asked, acted])).toEqual([
        [4, 2],
        [2, 1]
      ])
      expect((yield* deliveries).map((row) => [row.attempt, row.fault])).toEqual([
        [1, undefined],
        [0, 1],
        [1, 2],
        [2, 2],
        [0, 1]
      ])
    }).pipe(Effect.provide(Simulator.layer({ webhooks: texts("https://connector.test"), deliver })))
  })
})
