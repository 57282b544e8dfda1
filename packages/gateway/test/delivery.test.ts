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
