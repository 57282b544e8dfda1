import { PgClient } from "@effect/sql-pg"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import * as Cluster from "./cluster.ts"

const consumers = 20
const messages = 12

describe("a database", () => {
  it.live(
    "that crashes and comes back under load loses nothing, and what it cannot store is answered 503",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1 })
        const load = Cluster.load(consumers, messages)
        const fiber = yield* Effect.forkChild(
          Effect.forEach(
            load,
            ({ consumer, messages }) =>
              Effect.forEach(messages, (id) => Effect.delay(world.deliver(consumer, id), 150), { discard: true }),
            { concurrency: "unbounded", discard: true }
          )
        )
        yield* Effect.sleep("700 millis")
        const restarting = yield* Effect.forkChild(world.restartDatabase(1_500))
        yield* Effect.sleep("300 millis")
        const refused = yield* Effect.flip(world.deliverOnce("sms:+1", "m1", "Hi"))
        expect(refused).toMatchObject({ _tag: "Unavailable" })
        expect(refused.message).toContain("Please come again")
        yield* Fiber.join(restarting)
        yield* Fiber.join(fiber)
        const seen = yield* world.sawAll(consumers * messages, 40_000)
        for (const { consumer, messages } of load) expect([consumer, seen.get(consumer)]).toEqual([consumer, messages])
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "that can only be read says so, and what was refused can be delivered when it can be written again",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1 })
        yield* world.deliver("sms:+1", "m1")
        yield* world.sawAll(1, 10_000)
        const { sql } = world
        yield* sql`ALTER DATABASE gateway SET default_transaction_read_only = on`
        yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'liveperson-gateway'
          AND pid <> pg_backend_pid()`
        const refused = yield* Effect.flip(world.deliverOnce("sms:+1", "m2", "m2"))
        expect(refused).toMatchObject({ _tag: "Unavailable" })
        yield* sql`SET default_transaction_read_only = off`
        yield* sql`ALTER DATABASE gateway SET default_transaction_read_only = off`
        yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'liveperson-gateway'
          AND pid <> pg_backend_pid()`
        yield* world.deliver("sms:+1", "m2")
        const seen = yield* world.sawAll(2, 30_000)
        expect(seen.get("sms:+1")).toEqual(["m1", "m2"])
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "that has no connection left for a while loses nothing",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1, flags: ["-c", "max_connections=24"] })
        yield* world.deliver("sms:+1", "m1")
        const { sql } = world
        const others = PgClient.layer({ url: world.url, maxConnections: 1, applicationName: "others" })
        // Others take every connection that the gateway loses.
        yield* Effect.scoped(
          Effect.gen(function* () {
            const scope = yield* Effect.scope
            const taking = yield* Effect.forkChild(
              Effect.all(
                Array.from({ length: 24 }, () =>
                  Layer.buildWithScope(Layer.fresh(others), scope).pipe(
                    Effect.retry(Schedule.spaced("5 millis")),
                    Effect.timeoutOption("4 seconds")
                  )
                ),
                { concurrency: "unbounded" }
              )
            )
            for (let time = 0; time < 5; time += 1) {
              yield* Effect.sleep("300 millis")
              yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'liveperson-gateway' AND pid <> pg_backend_pid()`
            }
            const refused = yield* Effect.flip(world.deliverOnce("sms:+1", "m2", "m2"))
            expect(refused).toMatchObject({ _tag: "Unavailable" })
            yield* Fiber.join(taking)
          })
        )
        yield* world.deliver("sms:+1", "m2")
        yield* world.deliver("sms:+1", "m3")
        const seen = yield* world.sawAll(3, 30_000)
        expect(seen.get("sms:+1")).toEqual(["m1", "m2", "m3"])
      }).pipe(Effect.scoped),
    120_000
  )
})
