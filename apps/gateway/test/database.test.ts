import { ConsumerId } from "@effect-liveperson/core/protocol"
import { PgClient } from "@effect/sql-pg"
import { describe, expect, it } from "@effect/vitest"
import { SqlClient } from "effect/sql"
import { Effect, Fiber, Layer, Result, Schedule } from "effect"
import * as Cluster from "./cluster.ts"

const load = Cluster.load(20, 12)

describe("a database", () => {
  it.live(
    "that crashes and comes back under load loses nothing, and what it cannot store is answered 503",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1 })
        const fiber = yield* Cluster.delivering(world, load, 150)
        yield* Effect.sleep("700 millis")
        const restarting = yield* Effect.forkChild(world.restartDatabase(1_500))
        yield* Effect.sleep("300 millis")
        const refused = yield* Effect.flip(world.deliverOnce("sms:+1", "m1", "Hi"))
        expect(refused).toMatchObject({ _tag: "Unavailable" })
        expect(refused.message).toContain("Please come again")
        yield* Fiber.join(restarting)
        yield* Fiber.join(fiber)
        yield* Cluster.expectAll(world, load)
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
        const said = ["m1"]
        let refused: unknown
        const others = PgClient.layer({ url: world.url, maxConnections: 1, applicationName: "others" })
        // Others take every connection that the gateway loses.
        yield* Effect.scoped(
          Effect.gen(function* () {
            const hold = SqlClient.SqlClient.use((sql) => sql`SELECT pg_sleep(60)`).pipe(
              Effect.provide(Layer.fresh(others)),
              Effect.retry(Schedule.spaced("5 millis"))
            )
            for (let other = 0; other < 24; other += 1) yield* Effect.forkScoped(hold)
            for (let time = 0; time < 40 && refused === undefined; time += 1) {
              yield* sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'liveperson-gateway' AND pid <> pg_backend_pid()`
              yield* Effect.sleep("200 millis")
              const id = `m${said.length + 1}`
              const answer = yield* Effect.result(world.deliverOnce("sms:+1", id, id))
              if (Result.isFailure(answer)) refused = answer.failure
              else said.push(id)
            }
          })
        )
        expect(refused).toMatchObject({ _tag: "Unavailable" })
        for (let more = 0; more < 2; more += 1) {
          said.push(`m${said.length + 1}`)
          yield* world.deliver("sms:+1", `m${said.length}`)
        }
        const seen = yield* world.sawAll(said.length, 30_000)
        expect(seen.get("sms:+1")).toEqual(said)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "that forgets in a crash that something was done does not make it be done again",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1 })
        const [client] = world.clients
        const [runner] = world.runners
        if (client === undefined || runner === undefined) return yield* Effect.die("no runner")
        const params = { account: world.account, consumer: ConsumerId.make("sms:+1") }
        yield* world.deliver("sms:+1", "m1")
        yield* client.consumers.close({ params, headers: { "idempotency-key": "c1" } })
        yield* world.deliver("sms:+1", "m2")
        yield* world.sawAll(2, 10_000)
        yield* runner.signal("SIGKILL")
        // As if none of the last commits that were not waited for had reached the disk.
        yield* world.sql`DELETE FROM cluster_replies`
        yield* world.sql`UPDATE cluster_messages SET processed = FALSE, last_reply_id = NULL, last_read = NULL`
        yield* runner.start
        yield* world.ready(runner)
        const { sql } = world
        const left = sql`SELECT 1 FROM cluster_messages WHERE NOT processed`
        yield* Cluster.eventually(
          Effect.filterOrFail(left, ({ length }) => length === 0),
          20_000
        )
        const conversations = yield* world.simulator.conversations
        expect(
          conversations.map(({ messages, state }) => ({ state, texts: messages.map(({ text }) => text) }))
        ).toEqual([
          { state: "CLOSE", texts: ["m1"] },
          { state: "OPEN", texts: ["m2"] }
        ])
      }).pipe(Effect.scoped),
    60_000
  )
})
