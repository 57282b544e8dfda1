import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import * as Cluster from "./cluster.ts"

const consumers = 20
const messages = 12
const load = Cluster.load(consumers, messages)

/** Delivers all of it, a message every so often for each consumer. */
const delivering = (world: Cluster.World, every: number) =>
  Effect.forkChild(
    Effect.forEach(
      load,
      ({ consumer, messages }) =>
        Effect.forEach(messages, (id) => Effect.delay(world.deliver(consumer, id), every), { discard: true }),
      { concurrency: "unbounded", discard: true }
    )
  )

const expectAll = Effect.fnUntraced(function* (world: Cluster.World) {
  const seen = yield* world.sawAll(consumers * messages, 40_000)
  for (const { consumer, messages } of load) expect([consumer, seen.get(consumer)]).toEqual([consumer, messages])
})

describe("of several runners", () => {
  it.live(
    "one that is told to stop under load hands its consumers over, and nothing is lost or doubled",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* delivering(world, 250)
        yield* Effect.sleep("1 second")
        yield* world.signal(0, "SIGTERM")
        yield* Fiber.join(fiber)
        yield* expectAll(world)
      }).pipe(Effect.scoped),
    90_000
  )

  it.live(
    "one that is killed under load leaves its consumers to the other",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* delivering(world, 250)
        yield* Effect.sleep("1 second")
        yield* world.signal(1, "SIGKILL")
        yield* Fiber.join(fiber)
        yield* expectAll(world)
      }).pipe(Effect.scoped),
    90_000
  )

  it.live(
    "one that was stopped for longer than its lease and goes on sends nothing twice",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 2 })
        const fiber = yield* delivering(world, 500)
        yield* Effect.sleep("1 second")
        yield* world.signal(0, "SIGSTOP")
        yield* Effect.sleep("12 seconds")
        yield* world.signal(0, "SIGCONT")
        yield* Fiber.join(fiber)
        yield* expectAll(world)
      }).pipe(Effect.scoped),
    120_000
  )
})
