import { Fault, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as World from "./world.ts"

const Plan = Schema.Struct({
  messages: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
  mishaps: Schema.Array(
    Schema.Struct({
      at: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 90 })),
      _tag: Schema.Literals(["Killed", "Stopped"])
    })
  ).check(Schema.isMaxLength(4)),
  faults: Schema.Array(
    Schema.Struct({
      on: Schema.Literals(["conversation", "send"]),
      fault: Schema.Literals(["429", "500", "502", "504", "dropBefore", "dropAfter", "truncated", "garbage", "revoke"])
    })
  ).check(Schema.isMaxLength(6)),
  closes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 25 }))).check(Schema.isMaxLength(2)),
  webhooks: Schema.Array(Schema.Literals(["duplicate", "delay", "reorder"])).check(
    Schema.isMaxLength(4),
    // What is held back is posted after what follows it. Of two that wait for each other neither ever comes.
    Schema.makeFilter((faults) => faults.filter((fault) => fault === "reorder").length <= 1)
  )
})
type Plan = typeof Plan.Type

const callFaults: Record<Plan["faults"][number]["fault"], Fault.CallFault> = {
  429: Fault.status(429, { retryAfter: "3" }),
  500: Fault.status(500),
  502: Fault.status(502),
  504: Fault.status(504),
  dropBefore: Fault.drop(),
  dropAfter: Fault.drop({ processed: true }),
  truncated: Fault.truncated(),
  garbage: Fault.garbage(undefined, { processed: true }),
  revoke: Fault.revoke("app")
}

const webhookFaults: Record<Plan["webhooks"][number], Fault.DeliveryFault> = {
  duplicate: Fault.duplicate(),
  delay: Fault.delay("3 seconds"),
  reorder: Fault.reorder()
}

/** How many plans are tried: more with `GATEWAY_RUNS`. */
const runs = Number(process.env["GATEWAY_RUNS"] ?? 100)

const carriedOut = ({ closes, faults, messages, mishaps, webhooks }: Plan) =>
  Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    let closing: Effect.Effect<void> = Effect.void
    const world = yield* World.make(mishaps, (nth) => (closes.includes(nth) ? closing : Effect.void))
    closing = world.closeAll
    for (const { fault, on } of faults) yield* simulator.fault(on, callFaults[fault])
    for (const fault of webhooks) yield* simulator.fault("webhook", webhookFaults[fault])
    const expected = Array.from({ length: messages }, (_, nth) => World.messageOf(`m${nth}`))
    world.mailbox.push(...expected)
    yield* world.passing(world.run)
    // What was stopped wakes up, and must do no harm.
    yield* world.passing(Effect.sleep("10 minutes"))
    return { seen: yield* world.seen, expected: expected.map(({ id }) => `text of ${id}`) }
  }).pipe(Effect.provide(World.layer))

describe("a message that was acknowledged", () => {
  it.effect.prop(
    "is seen once and in order, whatever happens to processes, calls, conversations and webhooks",
    [Arbitrary.schema(Plan)],
    ([plan]) =>
      Effect.map(carriedOut(plan), ({ expected, seen }) => {
        expect(seen).toEqual(expected)
      }),
    { arbitrary: { runs }, timeout: 30_000 + runs * 500 }
  )
})

describe("a message that is refused", () => {
  const refusal = Fault.status(400, { body: { code: "400", body: { msg: "Bad Request, whatever it is" } } })
  const mishap = Schema.Struct({
    at: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
    _tag: Schema.Literals(["Killed", "Stopped"])
  })

  /** One message arrives. Then something happens, so many posts in the dialog are refused, and two more follow. */
  const followed = (happens: "nothing" | "closed", times: number, mishaps: ReadonlyArray<World.Mishap>) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const world = yield* World.make(mishaps, () => Effect.void)
      world.mailbox.push(World.messageOf("m0"))
      yield* world.passing(world.run)
      if (happens === "closed") {
        // No webhook says so in time.
        yield* simulator.fault("webhook", Fault.delay("90 minutes"), { times: 1 })
        yield* world.closeAll
      }
      yield* simulator.fault("send", refusal, { times })
      world.mailbox.push(World.messageOf("m1"), World.messageOf("m2"))
      yield* world.passing(world.run)
      yield* world.passing(Effect.sleep("10 minutes"))
      const conversations = yield* simulator.conversations
      const parked = [...world.messages].filter(([, { state }]) => state === "parked").map(([name]) => name)
      return { conversations: conversations.length, parked: parked.length, seen: yield* world.seen }
    }).pipe(Effect.provide(World.layer))

  const text = (id: string) => `text of ${id}`

  it.effect("where its conversation takes others is a dead letter, and those behind it follow", () =>
    Effect.map(followed("nothing", 1, []), (result) => {
      expect(result).toEqual({ conversations: 1, parked: 1, seen: [text("m0"), text("m2")] })
    })
  )

  it.effect("where its conversation is gone is sent in a new one, and those behind it follow", () =>
    Effect.map(followed("closed", 2, []), (result) => {
      expect(result).toEqual({ conversations: 2, parked: 0, seen: ["m0", "m1", "m2"].map(text) })
    })
  )

  it.effect(
    "where nothing else is taken and the conversation is open is a dead letter, and those behind it follow",
    () =>
      Effect.map(followed("nothing", 2, []), (result) => {
        expect(result).toEqual({ conversations: 1, parked: 1, seen: [text("m0"), text("m2")] })
      })
  )

  it.effect.prop(
    "because its conversation is gone is seen once and in order, whatever happens to processes",
    [Schema.Array(mishap).check(Schema.isMaxLength(3))],
    ([mishaps]) =>
      Effect.map(followed("closed", 2, mishaps), ({ parked, seen }) => {
        expect(seen).toEqual(["m0", "m1", "m2"].map(text))
        expect(parked).toBe(0)
      }),
    { arbitrary: { runs: Math.ceil(runs / 2) }, timeout: 30_000 + runs * 500 }
  )

  it.effect.prop(
    "for what it is is a dead letter or seen, and holds up nothing, whatever happens to processes",
    [Schema.Array(mishap).check(Schema.isMaxLength(3)), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 }))],
    ([mishaps, times]) =>
      Effect.map(followed("nothing", times, mishaps), ({ parked, seen }) => {
        expect(seen.length + parked).toBe(3)
        expect(seen).toEqual(["m0", "m1", "m2"].map(text).filter((one) => seen.includes(one)))
      }),
    { arbitrary: { runs: Math.ceil(runs / 2) }, timeout: 30_000 + runs * 500 }
  )
})
