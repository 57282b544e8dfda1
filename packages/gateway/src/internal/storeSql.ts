/**
 * The store in PostgreSQL.
 */
import { type AccountId, ConsumerId, ConversationId, DialogId } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { Message } from "../Consumer.ts"
import { type Owner, Store, StoreError } from "./store.ts"

const Owned = Schema.Struct({ epoch: Schema.Int, conversation_id: Schema.NullOr(ConversationId) })

const MarkedRow = Schema.Struct({
  state: Schema.Literals(["sending", "sent", "parked"]),
  replay: Schema.Natural,
  conversation_id: Schema.NullOr(ConversationId),
  after_sequence: Schema.Int,
  age: Schema.Finite
})

const ArrivalRow = Schema.Struct({ conversation_id: ConversationId, sequence: Schema.NullOr(Schema.Natural) })
const Count = Schema.Struct({ count: Schema.Int })
const Conversation = Schema.Struct({ conversation_id: ConversationId })

const Newest = Schema.Struct({ conversation_id: ConversationId, open: Schema.Boolean })

const TraceRow = Schema.Struct({ trace: Schema.NullOr(Schema.String) })

const WaitingRow = Schema.Struct({
  id: Schema.Int,
  key: Schema.String,
  conversation_id: ConversationId,
  dialog_id: Schema.NullOr(DialogId),
  sequence: Schema.NullOr(Schema.Natural),
  event: Schema.String,
  age: Schema.Finite
})

const encodeMessage = Schema.encodeEffect(Schema.fromJsonString(Schema.toCodecJson(Message)))

const consumerOf = (consumer: string) => ConsumerId.make(consumer)

const make = Effect.gen(function* () {
  const sql = (yield* SqlClient.SqlClient).withoutTransforms()

  const refail = Effect.mapError((cause: unknown) => new StoreError({ cause }))

  const rowsOf = <S extends Schema.Codec<unknown, unknown>>(schema: S) => {
    const decode = Schema.decodeUnknownEffect(Schema.Array(schema))
    return (query: Effect.Effect<unknown, unknown>) => refail(Effect.flatMap(query, (rows) => decode(rows)))
  }
  const owned = rowsOf(Owned)
  const marked = rowsOf(MarkedRow)
  const arrivals = rowsOf(ArrivalRow)
  const counts = rowsOf(Count)
  const conversations = rowsOf(Conversation)
  const newest = rowsOf(Newest)
  const waiting = rowsOf(WaitingRow)
  const traces = rowsOf(TraceRow)
  const run = (query: Effect.Effect<unknown, unknown>) => Effect.asVoid(refail(query))

  /**
   * Exists as long as the epoch is the last one: another begins only after this statement's transaction. The first mark of a
   * message needs no such wait: whoever owns the consumer next finds it there, or makes it first.
   */
  const owning = ({ account, consumer, epoch }: Owner) => sql`
    SELECT 1 FROM gateway_consumers
    WHERE account = ${account} AND consumer = ${consumer} AND epoch = ${epoch} FOR SHARE`

  /** How many numbers between two of a dialog are known: of its messages, and of such events. */
  const numbers = (account: AccountId, dialogId: string, from: number, to: number, such: Statement.Fragment) =>
    counts(sql`
      SELECT count(*)::int AS count FROM (
        SELECT sequence FROM gateway_inbox
        WHERE account = ${account} AND dialog_id = ${dialogId} AND sequence > ${from} AND sequence < ${to} AND ${such}
        UNION
        SELECT sequence FROM gateway_messages
        WHERE account = ${account} AND conversation_id = ${dialogId} AND sequence > ${from} AND sequence < ${to}
      ) AS numbers`).pipe(Effect.map(([row]) => row?.count ?? 0))

  return Store.of({
    own: ({ account, consumer }) =>
      owned(sql`
        WITH mine AS (
          INSERT INTO gateway_consumers AS c (account, consumer, epoch) VALUES (${account}, ${consumer}, 1)
          ON CONFLICT (account, consumer) DO UPDATE SET epoch = c.epoch + 1
          RETURNING epoch
        )
        SELECT epoch::int AS epoch, (
          SELECT conversation_id FROM gateway_conversations
          WHERE account = ${account} AND consumer = ${consumer} AND open ORDER BY seen_at DESC LIMIT 1
        ) AS conversation_id FROM mine`).pipe(
        Effect.map(([row]) => ({ epoch: row?.epoch ?? 0, conversationId: row?.conversation_id ?? undefined }))
      ),

    identify: ({ account, consumer }, lpConsumer) =>
      run(sql`
        UPDATE gateway_consumers SET lp_consumer = ${lpConsumer}
        WHERE account = ${account} AND consumer = ${consumer} AND lp_consumer IS DISTINCT FROM ${lpConsumer}`),

    begin: Effect.fnUntraced(function* (owner, { id, replay }, { after, conversationId, tag, trace }) {
      const { account, consumer } = owner
      const begun = yield* refail(sql`
        INSERT INTO gateway_messages
          (account, consumer, id, state, replay, tag, conversation_id, after_sequence, trace)
        SELECT ${account}, ${consumer}, ${id}, 'sending', ${replay}::int, ${tag}, ${conversationId ?? null}::text, ${after}::int,
          ${trace === undefined ? null : `${trace.traceId} ${trace.spanId}`}::text
        FROM gateway_consumers WHERE account = ${account} AND consumer = ${consumer} AND epoch = ${owner.epoch}
        ON CONFLICT (account, consumer, id) DO NOTHING
        RETURNING 1`)
      if (begun.length > 0) return "begun" as const
      const [row] = yield* marked(sql`
        SELECT state, replay, conversation_id, after_sequence,
          (extract(epoch FROM clock_timestamp() - begun_at) * 1000)::float8 AS age
        FROM gateway_messages WHERE account = ${account} AND consumer = ${consumer} AND id = ${id}`)
      if (row === undefined) return "fenced" as const
      return {
        state: row.state,
        replay: row.replay,
        conversationId: row.conversation_id ?? undefined,
        after: row.after_sequence,
        age: row.age
      }
    }),

    again: (owner, { id, replay }, { after, conversationId }) =>
      refail(sql`
        WITH mine AS (${owning(owner)})
        UPDATE gateway_messages SET state = 'sending', replay = ${replay}, conversation_id = ${conversationId ?? null},
          after_sequence = ${after}, begun_at = clock_timestamp(), attempts = attempts + 1, settled_at = NULL,
          reason = NULL, message = NULL
        WHERE account = ${owner.account} AND consumer = ${owner.consumer} AND id = ${id} AND EXISTS (SELECT 1 FROM mine)
        RETURNING 1`).pipe(Effect.map((rows) => rows.length > 0)),

    sent: ({ account, consumer }, { id }, { conversationId, sequence }) =>
      run(sql`
        UPDATE gateway_messages SET state = 'sent', conversation_id = ${conversationId}, sequence = ${sequence ?? null},
          settled_at = now()
        WHERE account = ${account} AND consumer = ${consumer} AND id = ${id}`),

    park: Effect.fnUntraced(function* (owner, message, reason) {
      const json = yield* refail(encodeMessage(message))
      const parked = yield* refail(sql`
        WITH mine AS (${owning(owner)})
        UPDATE gateway_messages SET state = 'parked', reason = ${reason}, message = ${json}::jsonb, settled_at = now()
        WHERE account = ${owner.account} AND consumer = ${owner.consumer} AND id = ${message.id}
          AND EXISTS (SELECT 1 FROM mine)
        RETURNING 1`)
      return parked.length > 0
    }),

    isClosed: ({ account, consumer }, id) =>
      refail(sql`
        SELECT 1 FROM gateway_closes WHERE account = ${account} AND consumer = ${consumer} AND id = ${id}`).pipe(
        Effect.map((rows) => rows.length > 0)
      ),

    closed: ({ account, consumer }, id) =>
      run(sql`
        INSERT INTO gateway_closes (account, consumer, id) VALUES (${account}, ${consumer}, ${id})
        ON CONFLICT (account, consumer, id) DO NOTHING`),

    adopt: ({ account, consumer }, id) =>
      run(sql`
        WITH adopted AS (
          INSERT INTO gateway_conversations (account, conversation_id, consumer, open)
          VALUES (${account}, ${id}, ${consumer}, TRUE)
          ON CONFLICT (account, conversation_id) DO UPDATE SET consumer = excluded.consumer
        )
        UPDATE gateway_inbox SET consumer = ${consumer}
        WHERE account = ${account} AND conversation_id = ${id} AND consumer IS NULL`),

    forget: ({ account }, id) =>
      run(sql`
        UPDATE gateway_conversations SET open = FALSE WHERE account = ${account} AND conversation_id = ${id}`),

    newest: ({ account, consumer }, within) =>
      newest(sql`
        SELECT conversation_id, open FROM gateway_conversations
        WHERE account = ${account} AND consumer = ${consumer}
          AND seen_at >= clock_timestamp() - ${within / 1000}::float8 * interval '1 second'
        ORDER BY seen_at DESC LIMIT 1`).pipe(
        Effect.map(([row]) =>
          Option.map(Option.fromUndefinedOr(row), ({ conversation_id, open }) => ({ id: conversation_id, open }))
        )
      ),

    conversation: ({ account, consumer }) =>
      conversations(sql`
        SELECT conversation_id FROM gateway_conversations
        WHERE account = ${account} AND consumer = ${consumer} AND open ORDER BY seen_at DESC LIMIT 1`).pipe(
        Effect.map(([row]) => Option.fromUndefinedOr(row?.conversation_id))
      ),

    echo: (account, tag) =>
      arrivals(sql`
        SELECT conversation_id, sequence FROM gateway_inbox
        WHERE account = ${account} AND tag = ${tag} ORDER BY id LIMIT 1`).pipe(
        Effect.map(([row]) =>
          Option.map(Option.fromUndefinedOr(row), ({ conversation_id, sequence }) => ({
            conversationId: conversation_id,
            sequence: sequence ?? undefined
          }))
        )
      ),

    known: (account, dialogId, from, to) => numbers(account, dialogId, from, to, sql`TRUE`),

    settled: (account, dialogId, from, to) => numbers(account, dialogId, from, to, sql`state <> 'waiting'`),

    last: (account, dialogId) =>
      counts(sql`
        SELECT greatest(
          coalesce((SELECT max(sequence) FROM gateway_inbox
            WHERE account = ${account} AND dialog_id = ${dialogId} AND sequence IS NOT NULL), -1),
          coalesce((SELECT max(sequence) FROM gateway_messages
            WHERE account = ${account} AND conversation_id = ${dialogId} AND sequence IS NOT NULL), -1),
          coalesce((SELECT last_sequence FROM gateway_conversations
            WHERE account = ${account} AND conversation_id = ${dialogId}), -1)
        )::int AS count`).pipe(Effect.map(([row]) => row?.count ?? -1)),

    receive: (account, notices) =>
      Effect.forEach(
        notices,
        ({ closes, conversationId, dialogId, event, key, lpConsumer, sequence, tag }) => sql<{
          consumer: string | null
        }>`
          WITH told AS (
            INSERT INTO gateway_conversations AS known (account, conversation_id, consumer, open)
            SELECT account, ${conversationId}, consumer, ${!closes}::boolean FROM gateway_consumers
            WHERE account = ${account} AND lp_consumer = ${lpConsumer ?? null}
            ON CONFLICT (account, conversation_id) DO UPDATE SET open = FALSE WHERE known.open AND NOT excluded.open
            RETURNING consumer
          )
          INSERT INTO gateway_inbox (account, key, conversation_id, dialog_id, sequence, tag, consumer, state, event)
          SELECT ${account}, ${key}, ${conversationId}, ${dialogId ?? null}::text, ${sequence ?? null}::int,
            ${tag ?? null}::text, coalesce(
              (SELECT consumer FROM told),
              (SELECT consumer FROM gateway_conversations
               WHERE account = ${account} AND conversation_id = ${conversationId})
            ), ${event === undefined ? "done" : "waiting"}, ${event ?? null}::jsonb
          ON CONFLICT (account, key) DO NOTHING
          RETURNING consumer`
      ).pipe(
        notices.length > 1 ? sql.withTransaction : (one) => one,
        refail,
        Effect.map((rows) => [...new Set(rows.flat().flatMap(({ consumer }) => consumer ?? []))].map(consumerOf))
      ),

    next: ({ account, consumer }) =>
      waiting(sql`
        WITH first AS (
          SELECT id, dialog_id, sequence FROM gateway_inbox
          WHERE account = ${account} AND consumer = ${consumer} AND state = 'waiting' ORDER BY id LIMIT 1
        )
        SELECT i.id::int AS id, i.key, i.conversation_id, i.dialog_id, i.sequence, i.event::text AS event,
          (extract(epoch FROM clock_timestamp() - i.received_at) * 1000)::float8 AS age
        FROM gateway_inbox i, first
        WHERE i.account = ${account} AND i.consumer = ${consumer} AND i.state = 'waiting'
          AND (i.id = first.id OR (i.dialog_id = first.dialog_id AND i.sequence < first.sequence))
        ORDER BY i.sequence LIMIT 1`).pipe(
        Effect.map(([row]) =>
          Option.map(Option.fromUndefinedOr(row), ({ age, conversation_id, dialog_id, event, id, key, sequence }) => ({
            row: id,
            key,
            conversationId: conversation_id,
            dialogId: dialog_id ?? undefined,
            sequence: sequence ?? undefined,
            event,
            age
          }))
        )
      ),

    told: (account, dialogId) =>
      counts(sql`
        SELECT coalesce(max(sequence), -1)::int AS count FROM gateway_inbox
        WHERE account = ${account} AND dialog_id = ${dialogId} AND sequence IS NOT NULL
          AND state IN ('told', 'refused')`).pipe(Effect.map(([row]) => row?.count ?? -1)),

    traceBefore: (account, dialogId, sequence) =>
      traces(sql`
        SELECT trace FROM gateway_messages
        WHERE account = ${account} AND conversation_id = ${dialogId} AND sequence < ${sequence}
        ORDER BY sequence DESC LIMIT 1`).pipe(
        Effect.map(([row]) => {
          const [traceId, spanId] = row?.trace?.split(" ") ?? []
          return traceId === undefined || spanId === undefined ? Option.none() : Option.some({ traceId, spanId })
        })
      ),

    settle: (row, refusal) =>
      run(sql`
        UPDATE gateway_inbox SET state = ${refusal === undefined ? "told" : "refused"}, reason = ${refusal ?? null}
        WHERE id = ${row}`)
  })
})

export const layer = Layer.effect(Store, make)
