/**
 * The simulator's own API: the agent's side of conversations, the consumer's without writing a client, faults, and the
 * wire as it happens. The page at `/` is made of it, and whatever the page can do a script can do.
 *
 * It is an `HttpApi`: `HttpApiClient.make(ControlApi)` is its client, `/_simulator/openapi.json` describes it to other
 * languages and `/_simulator/docs` to people.
 *
 * ```ts
 * import { ControlApi, Fault } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 * import { HttpApiClient } from "effect/http-api"
 *
 * const answered = Effect.gen(function* () {
 *   const control = yield* HttpApiClient.make(ControlApi.ControlApi, { baseUrl: "http://127.0.0.1:4587" })
 *   yield* control.faults.add({
 *     payload: { on: "send", fault: Fault.status(429, { retryAfter: "1" }), when: { _tag: "Next", times: 1 } }
 *   })
 *   for (const { id } of yield* control.conversations.list()) {
 *     yield* control.conversations.act({ params: { id }, query: {}, payload: { _tag: "Say", text: "Hello" } })
 *   }
 * })
 * ```
 */
import {
  AccountId,
  ConsumerId,
  ConversationId,
  CSATRate,
  Metadata,
  QuickReplies,
  Sequence,
  SkillId,
  TtrDefName,
  UserProfile,
  WebhookKey
} from "@effect-liveperson/core/protocol"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { ActiveRule, Rule } from "./Fault.ts"
import { AgentEvent, Conversation, MessageAudience, Summary } from "./State.ts"
import { State as WebhookState, Webhooks } from "./Webhooks.ts"
import { Exchange, ExchangeId, Row } from "./Wire.ts"

/** There is nothing by that id. */
export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { message: Schema.String },
  { httpApiStatus: 404 }
) {}

/** The conversation is closed, so that an agent can do nothing in it. */
export class Closed extends Schema.TaggedError<Closed>()(
  "Closed",
  { message: Schema.String },
  { httpApiStatus: 409 }
) {}

/** What an agent does in a conversation. They go by `agentId`: `simulator-agent`, unless it is said otherwise. */
export const AgentAction = Schema.TaggedUnion({
  Join: {},
  Say: { text: Schema.NonEmptyString, quickReplies: Schema.optionalKey(QuickReplies) },
  /** A text that the consumer is not to see. */
  Note: { text: Schema.NonEmptyString },
  /** Any event, as it is: a card, a file, an invitation. */
  Send: {
    event: AgentEvent,
    messageAudience: Schema.optionalKey(MessageAudience),
    metadata: Schema.optionalKey(Schema.Array(Metadata))
  },
  Typing: { on: Schema.Boolean },
  Accept: { sequences: Schema.NonEmptyArray(Sequence) },
  Read: { sequences: Schema.NonEmptyArray(Sequence) },
  /** Leaves the conversation to the agents of a skill. */
  Transfer: { skillId: SkillId },
  /** Closes the open dialog. After the MAIN one a survey starts: with `survey`, or as the simulator was set up. */
  Close: { survey: Schema.optionalKey(Schema.Boolean) }
})
export type AgentAction = typeof AgentAction.Type

/** What a consumer does, by calls that their connector would make. */
export const ConsumerAction = Schema.TaggedUnion({
  Open: {
    profile: Schema.optionalKey(UserProfile),
    text: Schema.optionalKey(Schema.NonEmptyString),
    skillId: Schema.optionalKey(SkillId),
    ttr: Schema.optionalKey(TtrDefName)
  },
  /** In the conversation that is open, and there in the dialog that is. */
  Say: { text: Schema.NonEmptyString },
  Typing: { on: Schema.Boolean },
  Read: { sequences: Schema.NonEmptyArray(Sequence) },
  /** Closes the MAIN dialog, and with `survey` false the whole conversation. */
  Close: { survey: Schema.optionalKey(Schema.Boolean) },
  /** Rates the conversation that was last. */
  Rate: { csatRate: CSATRate.fields.csatRate, resolved: Schema.Boolean }
})
export type ConsumerAction = typeof ConsumerAction.Type

/** What LivePerson answered to a consumer's call; `dropped` where a fault kept the answer back. */
export const Answer = Schema.Struct({
  status: Schema.Union([Schema.Int, Schema.Literal("dropped")]),
  body: Schema.Json,
  /** The conversation that it was about, where there is one. */
  conversationId: Schema.optional(ConversationId)
})
export type Answer = typeof Answer.Type

/** What the simulator is. */
export const Info = Schema.Struct({
  accounts: Schema.NonEmptyArray(AccountId),
  clientId: Schema.String,
  /** What its ids and faults are drawn from. Told again at the next start, the same requests get the same answers. */
  seed: Schema.String,
  /** Whether a survey follows a MAIN dialog that closes. */
  survey: Schema.Boolean,
  /** How many calls of CONVERSATION and SEND an account may make in a second; `undefined` where there is no limit. */
  rateLimit: Schema.optional(Schema.Int),
  /** What is subscribed to, the values of headers and secrets in queries blacked out. */
  webhooks: Webhooks,
  /** How the endpoint of every kind that is subscribed to is doing. */
  webhookStates: Schema.Record(WebhookKey, Schema.optionalKey(WebhookState))
})
export type Info = typeof Info.Type

/**
 * What changed since the last of these; in the first, all there is. At most ten of them come in a second.
 */
export const Changes = Schema.Struct({
  /** True in the first, and after everything was forgotten: what follows is all there is. */
  reset: Schema.Boolean,
  conversations: Schema.Array(Summary),
  wire: Schema.Array(Row),
  faults: Schema.optional(Schema.Array(ActiveRule)),
  info: Schema.optional(Info)
})
export type Changes = typeof Changes.Type

const conversation = { id: ConversationId }

const conversations = HttpApiGroup.make("conversations")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(Summary) }),
    HttpApiEndpoint.get("get", "/:id", { params: conversation, success: Conversation, error: NotFound }),
    HttpApiEndpoint.post("act", "/:id/agent", {
      params: conversation,
      query: { agentId: Schema.optional(Schema.NonEmptyString) },
      payload: AgentAction,
      success: Schema.Struct({ sequence: Schema.optional(Sequence) }),
      error: [NotFound, Closed]
    })
  )
  .prefix("/conversations")
  .annotateMerge(OpenApi.annotations({ description: "What the agent sees, and what they do." }))

const consumers = HttpApiGroup.make("consumers")
  .add(
    HttpApiEndpoint.post("act", "/:consumer", {
      params: { consumer: ConsumerId },
      query: { account: Schema.optional(AccountId) },
      payload: ConsumerAction,
      success: Answer,
      error: NotFound
    })
  )
  .prefix("/consumers")
  .annotateMerge(
    OpenApi.annotations({
      description: "The other side, without a client: each action makes the calls that a connector would make."
    })
  )

const faults = HttpApiGroup.make("faults")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(ActiveRule) }),
    HttpApiEndpoint.post("add", "/", { payload: Rule, success: ActiveRule }),
    HttpApiEndpoint.delete("remove", "/:id", { params: { id: Schema.Natural }, error: NotFound }),
    HttpApiEndpoint.delete("clear", "/")
  )
  .prefix("/faults")
  .annotateMerge(OpenApi.annotations({ description: "What goes wrong, where, for whom, and when." }))

const wire = HttpApiGroup.make("wire")
  .add(
    HttpApiEndpoint.get("list", "/", { success: Schema.Array(Row) }),
    HttpApiEndpoint.get("get", "/:id", { params: { id: ExchangeId }, success: Exchange, error: NotFound }),
    HttpApiEndpoint.delete("clear", "/")
  )
  .prefix("/wire")
  .annotateMerge(OpenApi.annotations({ description: "Every call and every delivery, secrets blacked out." }))

const system = HttpApiGroup.make("system", { topLevel: true })
  .add(
    HttpApiEndpoint.get("info", "/info", { success: Info }),
    HttpApiEndpoint.get("live", "/live", { success: HttpApiSchema.StreamSse({ data: Changes }) }),
    HttpApiEndpoint.put("subscribe", "/webhooks", { payload: Webhooks }),
    HttpApiEndpoint.post("revoke", "/revoke", {
      payload: Schema.Struct({ kind: Schema.Literals(["app", "consumer"]) })
    }),
    HttpApiEndpoint.post("reset", "/reset")
  )
  .annotateMerge(
    OpenApi.annotations({ description: "What the simulator is, its changes as they happen, and a fresh start." })
  )

/** See the module. */
export class ControlApi extends HttpApi.make("liveperson-simulator")
  .add(system, conversations, consumers, faults, wire)
  .middleware(HttpApiMiddleware.ProblemDetails)
  .prefix("/_simulator")
  .annotateMerge(
    OpenApi.annotations({
      title: "LivePerson simulator",
      description: "Drives and watches a simulated LivePerson: agents, consumers, faults, and the wire."
    })
  ) {}
