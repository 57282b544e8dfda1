import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import * as Lanes from "../src/internal/lanes.ts"

describe("a lane", () => {
  it.effect("is there while somebody is in it or waits for it, and not a moment longer", () =>
    Effect.gen(function* () {
      const { count, enter } = yield* Lanes.make
      const gate = yield* Deferred.make<void>()
      const keys = Array.from({ length: 10_000 }, (_, index) => `c-${index % 5_000}`)
      const fibers = yield* Effect.forEach(keys, (key) => Effect.forkChild(enter(key)(Deferred.await(gate))))
      yield* Effect.yieldNow
      expect(yield* count).toBe(5_000)
      yield* Fiber.interruptAll(fibers.slice(0, 100))
      yield* Deferred.succeed(gate, undefined)
      yield* Effect.forEach(fibers, Fiber.await, { discard: true })
      expect(yield* count).toBe(0)
    })
  )
})
