import { describe, expect, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import * as Cluster from "./cluster.ts"

const soon = <A, E, R>(effect: Effect.Effect<A, E, R>, isSo: (value: A) => boolean) =>
  effect.pipe(
    Effect.filterOrFail(isSo),
    Effect.retry(Schedule.spaced("100 millis")),
    Effect.timeout("20 seconds"),
    Effect.orDie
  )

describe("a gateway", () => {
  it.live(
    "tells the channel what the process before it kept and did not tell",
    () =>
      Effect.gen(function* () {
        let status = 503
        const world = yield* Cluster.start({ runners: 1, answer: () => status })
        const [runner] = world.runners
        if (runner === undefined) return yield* Effect.die("no runner")
        yield* world.deliver("sms:+1", "m1")
        yield* world.sawAll(1, 10_000)
        const [conversation] = yield* world.simulator.conversations
        if (conversation === undefined) return yield* Effect.die("no conversation")
        yield* world.simulator.agent(conversation.id).say("Hello")
        yield* soon(world.sql`SELECT 1 FROM gateway_inbox WHERE state = 'waiting'`, ({ length }) => length === 1)
        yield* runner.signal("SIGKILL")
        status = 200
        yield* runner.start
        const told = Effect.sync(() => world.told.map(({ happening }) => happening))
        yield* soon(told, ({ length }) => length === 1)
        expect(yield* told).toEqual([{ _tag: "Text", text: "Hello" }])
        yield* soon(world.sql`SELECT 1 FROM gateway_inbox WHERE state = 'waiting'`, ({ length }) => length === 0)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "remembers what is done no longer than it is to, and dead letters until somebody deals with them",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1, env: { GATEWAY_RETENTION: "2 seconds" } })
        yield* world.deliver("sms:+1", "m1")
        yield* world.deliver("sms:+1", "m2", "x".repeat(4_990))
        yield* world.deliver("sms:+1", "m3")
        yield* world.sawAll(2, 10_000)
        const rows = world.sql<{ count: number }>`
          SELECT (SELECT count(*) FROM cluster_messages WHERE entity_type = 'Consumer')::int
            + (SELECT count(*) FROM cluster_replies)::int
            + (SELECT count(*) FROM gateway_messages WHERE state = 'sent')::int
            + (SELECT count(*) FROM gateway_inbox)::int AS count`
        yield* soon(rows, ([row]) => row?.count === 0)
        const letters = yield* world.sql`SELECT id FROM gateway_messages`
        expect(letters).toEqual([{ id: "m2" }])
        const conversations = yield* world.sql`SELECT last_sequence FROM gateway_conversations`
        expect(conversations).toEqual([{ last_sequence: 1 }])
      }).pipe(Effect.scoped),
    60_000
  )
})
