/**
 * What somebody has to see to from time to time, on one runner of the cluster: what nobody was told of is told, what is
 * old is removed, what waits is measured.
 */
import { AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import * as MachineId from "effect/cluster/MachineId"
import * as Singleton from "effect/cluster/Singleton"
import * as Snowflake from "effect/cluster/Snowflake"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { Consumer } from "../Consumer.ts"
import { Settings } from "../Settings.ts"
import { Desk } from "./desk.ts"
import * as Metrics from "./metrics.ts"
import { Views } from "./views.ts"

const Waiting = Schema.Array(Schema.Struct({ account: AccountId, consumer: ConsumerId }))

/** How many rows are removed at a time. */
const some = 5_000

const every = (interval: Duration.Input, what: string) => {
  const repeated = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
    effect.pipe(
      Effect.catchCause((cause) => Effect.logWarning(`${what} failed`, cause)),
      Effect.repeat(Schedule.spaced(interval))
    )
  return repeated
}

/**
 * Events whose consumer became known only later, and those of whom nobody told the entity: the process that took them
 * was killed, or the runner that it told.
 */
const sweep = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const desk = yield* Desk
  yield* sql`
    UPDATE gateway_inbox i SET consumer = c.consumer FROM gateway_conversations c
    WHERE i.consumer IS NULL AND i.account = c.account AND i.conversation_id = c.conversation_id`
  const waiting = yield* sql`
    SELECT DISTINCT account, consumer FROM gateway_inbox
    WHERE state = 'waiting' AND consumer IS NOT NULL AND received_at < now() - interval '2 seconds' LIMIT 500`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Waiting))
  )
  yield* Effect.forEach(waiting, desk.notify, { concurrency: 16, discard: true })
})

/** Removes what is done and older than it is to be remembered, a little at a time. */
const prune = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const { retention } = yield* Settings
  const before = `${Math.ceil(Duration.toSeconds(retention))} seconds`
  const timestamp = (yield* Clock.currentTimeMillis) - Duration.toMillis(retention)
  const oldest = Snowflake.make({ timestamp, machineId: MachineId.make(0), sequence: 0 })
  const old = sql`now() - ${before}::interval`
  // The last number of a conversation is never forgotten: what is sent next has a higher one.
  const keepingLast = (gone: Statement.Statement<unknown>) => sql`
    WITH gone AS (${gone}), last AS (
      SELECT account, id, max(sequence) AS sequence FROM gone WHERE sequence IS NOT NULL GROUP BY account, id
    )
    UPDATE gateway_conversations c SET last_sequence = greatest(c.last_sequence, last.sequence) FROM last
    WHERE c.account = last.account AND c.conversation_id = last.id`
  yield* keepingLast(sql`
    DELETE FROM gateway_inbox WHERE id IN (
      SELECT id FROM gateway_inbox WHERE received_at < ${old} AND (state <> 'waiting' OR consumer IS NULL) LIMIT ${some})
    RETURNING account, dialog_id AS id, sequence`)
  yield* keepingLast(sql`
    DELETE FROM gateway_messages WHERE ctid IN (
      SELECT ctid FROM gateway_messages WHERE begun_at < ${old} AND settled_at < ${old} AND state = 'sent' LIMIT ${some})
    RETURNING account, conversation_id AS id, sequence`)
  yield* sql`DELETE FROM gateway_closes WHERE settled_at < ${old}`
  yield* sql`DELETE FROM gateway_conversations WHERE NOT open AND seen_at < ${old}`
  yield* sql`
    WITH done AS (
      SELECT m.id FROM cluster_messages m JOIN cluster_replies r ON r.id = m.last_reply_id
      WHERE m.entity_type = ${Consumer.type} AND m.processed
        AND m.id < ${String(oldest)}::bigint
      LIMIT ${some}
    ), replies AS (DELETE FROM cluster_replies WHERE request_id IN (SELECT id FROM done))
    DELETE FROM cluster_messages WHERE id IN (SELECT id FROM done)`
})

const measure = Effect.fnUntraced(function* (accounts: ReadonlyArray<string>) {
  const views = yield* Views
  const seen = new Set(accounts)
  return Effect.gen(function* () {
    const loads = yield* views.load
    const now = yield* Clock.currentTimeMillis
    const empty = [...seen]
      .filter((account) => loads.every((load) => load.account !== account))
      .map((account) => ({ account, messages: 0, oldest: undefined, events: 0, deadLetters: 0 }))
    for (const { account, deadLetters, events, messages, oldest } of [...loads, ...empty]) {
      seen.add(account)
      const set = (gauge: Metric.Gauge<number>, value: number) =>
        Metric.update(Metric.withAttributes(gauge, { account }), value)
      yield* set(Metrics.depth, messages)
      yield* set(Metrics.oldest, oldest === undefined ? 0 : Math.max(0, (now - oldest) / 1000))
      yield* set(Metrics.inboxDepth, events)
      yield* set(Metrics.deadLetters, deadLetters)
    }
  })
})

export const layer = (accounts: ReadonlyArray<string>) =>
  Layer.mergeAll(
    Singleton.make("gateway/sweep", every("1 second", "The sweep of the inbox")(sweep)),
    Layer.unwrap(
      Effect.map(Settings, ({ retention }) =>
        Singleton.make(
          "gateway/prune",
          every(Duration.min(Duration.minutes(1), retention), "The removal of what is old")(prune)
        )
      )
    ),
    Layer.effectDiscard(
      Effect.flatMap(measure(accounts), (measuring) =>
        Effect.forkScoped(every("5 seconds", "The measuring")(measuring))
      )
    )
  )
