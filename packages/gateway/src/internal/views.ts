/**
 * What is in the database, for those who look: also the cluster's own tables, whose mailboxes are shown.
 */
import { type AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import * as Snowflake from "effect/cluster/Snowflake"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { type Address, Consumer, idOf, Message } from "../Consumer.ts"
import { type DeadLetter, type MailboxItem, State } from "../GatewayApi.ts"
import { StoreError } from "./store.ts"

/** How much waits for an account. */
export interface Load {
  readonly account: string
  readonly messages: number
  /** When the oldest of them was stored, in epoch milliseconds. */
  readonly oldest: number | undefined
  readonly events: number
  readonly deadLetters: number
}

type Result<A> = Effect.Effect<A, StoreError>

export class Views extends Context.Service<
  Views,
  {
    readonly state: (address: Address) => Result<State>
    readonly mailbox: (address: Address) => Result<ReadonlyArray<MailboxItem>>
    readonly deadLetters: (account: AccountId, address?: Address, id?: string) => Result<ReadonlyArray<DeadLetter>>
    readonly load: Result<ReadonlyArray<Load>>
    /** Fails when the database does not answer. */
    readonly ping: Result<void>
  }
>()("@effect-liveperson/gateway/Views") {}

const StateRow = Schema.Array(State)

const MailboxRow = Schema.Array(
  Schema.Struct({ request: Schema.String, tag: Schema.String, id: Schema.String, attempts: Schema.Natural })
)

const DeadLetterRow = Schema.Array(
  Schema.Struct({
    consumer: ConsumerId,
    message: Schema.fromJsonString(Schema.toCodecJson(Message)),
    reason: Schema.String,
    parked_at: Schema.Finite
  })
)

const LoadRow = Schema.Array(
  Schema.Struct({
    account: Schema.String,
    kind: Schema.String,
    count: Schema.Natural,
    first: Schema.NullOr(Schema.String)
  })
)

const storedAt = (request: string): number => Snowflake.timestamp(Snowflake.Snowflake(request))

const make = Effect.gen(function* () {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()
  const refail = Effect.mapError((cause: unknown) => new StoreError({ cause }))
  const type = Consumer.type

  return Views.of({
    state: (address) => {
      const { account, consumer } = address
      return sql`
        SELECT
          (SELECT conversation_id FROM gateway_conversations
            WHERE account = ${account} AND consumer = ${consumer} AND open
            ORDER BY seen_at DESC LIMIT 1) AS "conversationId",
          (SELECT count(*)::int FROM cluster_messages
            WHERE entity_type = ${type} AND entity_id = ${idOf(address)} AND NOT processed AND kind = 0) AS messages,
          (SELECT count(*)::int FROM gateway_inbox
            WHERE account = ${account} AND consumer = ${consumer} AND state = 'waiting') AS events,
          (SELECT count(*)::int FROM gateway_messages
            WHERE account = ${account} AND consumer = ${consumer} AND state = 'parked') AS "deadLetters",
          (SELECT count(*)::int FROM gateway_messages
            WHERE account = ${account} AND consumer = ${consumer} AND state = 'sent') AS delivered`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(StateRow)),
        Effect.flatMap(([state]) =>
          state === undefined ? Effect.die("a query without an answer") : Effect.succeed(state)
        ),
        refail
      )
    },

    mailbox: (address) =>
      sql`
        SELECT m.id::text AS request, m.tag, m.payload::jsonb ->> 'id' AS id, coalesce(g.attempts, 0)::int AS attempts
        FROM cluster_messages m
        LEFT JOIN gateway_messages g ON m.tag = 'Deliver' AND g.account = ${address.account}
          AND g.consumer = ${address.consumer} AND g.id = m.payload::jsonb ->> 'id'
        WHERE m.entity_type = ${type} AND m.entity_id = ${idOf(address)} AND NOT m.processed AND m.kind = 0
        ORDER BY m.rowid LIMIT 1000`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(MailboxRow)),
        Effect.map((rows) =>
          rows.map(({ attempts, id, request, tag }) => ({ kind: tag, id, storedAt: storedAt(request), attempts }))
        ),
        refail
      ),

    deadLetters: (account, address, id) =>
      sql`
        SELECT consumer, message::text AS message, reason, (extract(epoch FROM settled_at) * 1000)::float8 AS parked_at
        FROM gateway_messages WHERE reason IS NOT NULL AND account = ${account}
          AND ${address === undefined ? sql`TRUE` : sql`consumer = ${address.consumer}`}
          AND ${id === undefined ? sql`TRUE` : sql`id = ${id}`}
        ORDER BY settled_at DESC LIMIT 1000`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(DeadLetterRow)),
        Effect.map((rows) => rows.map(({ parked_at, ...letter }) => ({ ...letter, parkedAt: parked_at }))),
        refail
      ),

    load: sql`
      SELECT split_part(entity_id, '/', 1) AS account, 'messages' AS kind, count(*)::int AS count, min(id)::text AS first
        FROM cluster_messages WHERE entity_type = ${type} AND NOT processed AND kind = 0 GROUP BY 1
      UNION ALL
      SELECT account, 'events', count(*)::int, NULL FROM gateway_inbox WHERE state = 'waiting' GROUP BY 1
      UNION ALL
      SELECT account, 'deadLetters', count(*)::int, NULL FROM gateway_messages WHERE reason IS NOT NULL GROUP BY 1`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(LoadRow)),
      Effect.map((rows) =>
        [...new Set(rows.map(({ account }) => account))].map((account): Load => {
          const of = (kind: string) => rows.find((row) => row.account === account && row.kind === kind)
          const first = of("messages")?.first ?? undefined
          return {
            account: decodeURIComponent(account),
            messages: of("messages")?.count ?? 0,
            oldest: first === undefined ? undefined : storedAt(first),
            events: of("events")?.count ?? 0,
            deadLetters: of("deadLetters")?.count ?? 0
          }
        })
      ),
      refail
    ),

    ping: refail(Effect.asVoid(sql`SELECT 1`))
  })
})

export const layer = Layer.effect(Views, make)
