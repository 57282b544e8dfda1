import { describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Cluster from "./cluster.ts"

const load = Cluster.load(20, 12)

describe("of several runners", () => {
  it.live(
    "one that is told to stop under load hands its consumers over, and nothing is lost or doubled",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* Cluster.delivering(world, load, 250)
        yield* Effect.sleep("1 second")
        yield* world.signal(0, "SIGTERM")
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, load)
      }).pipe(Effect.scoped),
    90_000
  )

  it.live(
    "one that is killed under load leaves its consumers to the other",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* Cluster.delivering(world, load, 250)
        yield* Effect.sleep("1 second")
        yield* world.signal(1, "SIGKILL")
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, load)
      }).pipe(Effect.scoped),
    90_000
  )

  it.live(
    "three share the work, and one that is killed and one that is stopped for longer than its lease do no harm",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 3 })
        const work = Cluster.load(30, 12)
        const fiber = yield* Cluster.delivering(world, work, 500)
        yield* Effect.sleep("1 second")
        yield* world.signal(0, "SIGSTOP")
        yield* world.signal(1, "SIGKILL")
        yield* Effect.sleep("8 seconds")
        yield* world.signal(0, "SIGCONT")
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, work)
      }).pipe(Effect.scoped),
    120_000
  )
})
