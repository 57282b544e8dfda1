import { describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Cluster from "./cluster.ts"

const load = Cluster.load(20, 12)

describe("of several runners", () => {
  it.live(
    "one that was stopped for longer than its lease and goes on sends nothing twice",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* Cluster.delivering(world, load, 500)
        yield* Effect.sleep("1 second")
        yield* world.signal(0, "SIGSTOP")
        yield* Effect.sleep("12 seconds")
        yield* world.signal(0, "SIGCONT")
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, load)
      }).pipe(Effect.scoped),
    120_000
  )
})
