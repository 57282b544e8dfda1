/**
 * The tables, as they came to be. A migration that was released is not changed any more.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"

export const loader = Migrator.fromRecord({
  "0001_create_tables": Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    // Who owns a consumer: the last epoch. And LivePerson's name for them, by which notifications find them.
    yield* sql`
      CREATE TABLE gateway_consumers (
        account TEXT NOT NULL,
        consumer TEXT NOT NULL,
        epoch BIGINT NOT NULL,
        lp_consumer TEXT,
        PRIMARY KEY (account, consumer)
      )`
    yield* sql`CREATE INDEX gateway_consumers_lp ON gateway_consumers (account, lp_consumer)`
    // The last sequence is that of what is no longer remembered.
    yield* sql`
      CREATE TABLE gateway_conversations (
        account TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        consumer TEXT NOT NULL,
        open BOOLEAN NOT NULL,
        last_sequence INT NOT NULL DEFAULT -1,
        seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        PRIMARY KEY (account, conversation_id)
      )`
    yield* sql`
      CREATE INDEX gateway_conversations_newest ON gateway_conversations (account, consumer, seen_at)`
    yield* sql`
      CREATE TABLE gateway_messages (
        account TEXT NOT NULL,
        consumer TEXT NOT NULL,
        id TEXT NOT NULL,
        state TEXT NOT NULL,
        replay INT NOT NULL,
        attempts INT NOT NULL DEFAULT 1,
        tag TEXT NOT NULL,
        conversation_id TEXT,
        after_sequence INT NOT NULL,
        sequence INT,
        trace TEXT,
        begun_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        settled_at TIMESTAMPTZ,
        reason TEXT,
        message JSONB,
        PRIMARY KEY (account, consumer, id)
      ) WITH (fillfactor = 80)`
    // None of them names what changes when a message was sent, so that no index has to be written then.
    yield* sql`
      CREATE INDEX gateway_messages_numbers ON gateway_messages (account, conversation_id)
      WHERE conversation_id IS NOT NULL`
    yield* sql`CREATE INDEX gateway_messages_parked ON gateway_messages (account) WHERE reason IS NOT NULL`
    yield* sql`CREATE INDEX gateway_messages_begun ON gateway_messages (begun_at)`
    yield* sql`
      CREATE TABLE gateway_closes (
        account TEXT NOT NULL,
        consumer TEXT NOT NULL,
        id TEXT NOT NULL,
        settled_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        PRIMARY KEY (account, consumer, id)
      )`
    yield* sql`
      CREATE TABLE gateway_inbox (
        id BIGSERIAL PRIMARY KEY,
        account TEXT NOT NULL,
        key TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        dialog_id TEXT,
        sequence INT,
        tag TEXT,
        consumer TEXT,
        state TEXT NOT NULL,
        event JSONB,
        reason TEXT,
        received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        UNIQUE (account, key)
      )`
    yield* sql`CREATE INDEX gateway_inbox_waiting ON gateway_inbox (account, consumer, id) WHERE state = 'waiting'`
    yield* sql`CREATE INDEX gateway_inbox_lost ON gateway_inbox (account, conversation_id) WHERE consumer IS NULL`
    yield* sql`CREATE INDEX gateway_inbox_tags ON gateway_inbox (account, tag) WHERE tag IS NOT NULL`
    yield* sql`
      CREATE INDEX gateway_inbox_numbers ON gateway_inbox (account, dialog_id, sequence) WHERE sequence IS NOT NULL`
    yield* sql`CREATE INDEX gateway_inbox_received ON gateway_inbox (received_at)`
  })
})

/** Brings the tables up to date. Several processes that start at once wait for each other. */
export const layer = Layer.effectDiscard(Migrator.make({})({ loader, table: "gateway_migrations" }))
