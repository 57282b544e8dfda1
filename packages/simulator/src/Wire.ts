/**
 * What went over the wire: every call of a client with its answer, and every post to a webhook with its.
 *
 * Tokens, secrets and signatures are blacked out. What people wrote is not: the wire is there to be looked at.
 *
 * ```ts
 * import { Simulator } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const refused = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   return (yield* simulator.wire).filter((row) => row.status === 429)
 * })
 * ```
 */
import { AccountId, ConsumerId, ConversationId, WebhookKey } from "@effect-liveperson/core/protocol"
import * as Schema from "effect/Schema"
import { Endpoint } from "./Fault.ts"

/** Exchanges are counted from 1 in the order in which they began. */
export const ExchangeId = Schema.Natural
export type ExchangeId = typeof ExchangeId.Type

/** An answer's status; `"waiting"` while there is none, `"dropped"` where there was none, and after 5 s `"timeout"`. */
export const Status = Schema.Union([Schema.Int, Schema.Literals(["waiting", "dropped", "timeout"])])
export type Status = typeof Status.Type

const row = {
  id: ExchangeId,
  /** When it began, in epoch milliseconds. */
  at: Schema.Finite,
  /** How long it took, in milliseconds; `undefined` while it goes on. */
  millis: Schema.optional(Schema.Finite),
  method: Schema.String,
  status: Status,
  account: Schema.optional(AccountId),
  consumer: Schema.optional(ConsumerId),
  /** The fault that had its way with it: the id of its rule. */
  fault: Schema.optional(Schema.Natural)
}

/** Where a call went: to one of LivePerson's endpoints, or to a URL that is none of them. */
export const Place = Schema.Literals([...Endpoint.literals, "elsewhere"])
export type Place = typeof Place.Type

/** A client's call. */
export const Call = Schema.TaggedStruct("Call", {
  ...row,
  endpoint: Place,
  /** The path, and the query without its secrets. */
  path: Schema.String,
  /** The payloads that it carried, such as `"ms.PublishEvent"`. */
  payloads: Schema.Array(Schema.String)
})
export type Call = typeof Call.Type

/** One attempt to deliver a notification. */
export const Delivery = Schema.TaggedStruct("Delivery", {
  ...row,
  key: WebhookKey,
  /** The endpoint without its query, which may hold a secret. */
  endpoint: Schema.String,
  conversationId: ConversationId,
  /** The type of its event, such as `"ContentEvent"`; of a change of a conversation, `"UPSERT"`. */
  type: Schema.String,
  /** The how manieth post of this notification it is, counted from 1; 0 where it was lost without one. */
  attempt: Schema.Natural
})
export type Delivery = typeof Delivery.Type

/** An exchange in a line of a list. */
export const Row = Schema.Union([Call, Delivery])
export type Row = typeof Row.Type

/** A request or an answer. Headers are in lower case; a body that is not text is told by its size. */
export const Message = Schema.Struct({
  headers: Schema.Record(Schema.String, Schema.String),
  body: Schema.String
})
export type Message = typeof Message.Type

/** An exchange, whole. `response` is `undefined` where there was none. */
export const Exchange = Schema.Struct({ row: Row, request: Message, response: Schema.optional(Message) })
export type Exchange = typeof Exchange.Type
