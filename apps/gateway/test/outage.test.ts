import { Fault } from "@effect-liveperson/simulator"
import { describe, it } from "@effect/vitest"
import { Console, Effect, Fiber } from "effect"
import * as Cluster from "./cluster.ts"

/** For how many seconds LivePerson is not itself: minutes of it are the long way. */
const seconds = Number(process.env["GATEWAY_OUTAGE"] ?? 6)
const every = 500
const load = Cluster.load(20, Math.max(5, Math.round((seconds * 1_000) / every)))

const faults: ReadonlyArray<Fault.CallFault> = [
  Fault.status(429, { retryAfter: "1" }),
  Fault.status(500),
  Fault.status(503),
  Fault.status(504),
  Fault.drop(),
  Fault.drop({ processed: true }),
  Fault.truncated(),
  Fault.revoke("app"),
  Fault.revoke("consumer")
]

describe("a LivePerson that fails for a while", () => {
  it.live(
    "and whose tokens expire gets every message once and in order, whatever way it fails",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1, appTokenLifetime: 2 })
        const { simulator } = world
        for (const fault of faults) {
          for (const on of ["conversation", "send"] as const) yield* simulator.fault(on, fault, { probability: 0.04 })
        }
        const fiber = yield* Cluster.delivering(world, load, every)
        yield* Effect.sleep(seconds * 1_000)
        yield* simulator.clearFaults
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, load, 120_000)
        if (seconds > 6) yield* Console.log(`${seconds} seconds of faults, ${load.length * seconds * 2} messages`)
      }).pipe(Effect.scoped),
    240_000 + seconds * 3_000
  )
})
