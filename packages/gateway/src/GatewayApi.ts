/**
 * The way in, as an `HttpApi`: what a channel calls, its description in OpenAPI, and the client that is made of it.
 *
 * ```ts
 * import { Protocol } from "@effect-liveperson/core"
 * import { Content, GatewayApi } from "@effect-liveperson/gateway"
 * import { Effect, Redacted } from "effect"
 *
 * const said = Effect.gen(function* () {
 *   const client = yield* GatewayApi.client({ baseUrl: "http://127.0.0.1:8090", token: Redacted.make("secret") })
 *   yield* client.consumers.deliver({
 *     params: { account: Protocol.AccountId.make("12345678"), consumer: Protocol.ConsumerId.make("sms:+15550100") },
 *     headers: { "idempotency-key": "message-1" },
 *     payload: { content: Content.text("Hi, my parcel is late") }
 *   })
 * })
 * ```
 */
import { AccountId, ConsumerId, ConversationId } from "@effect-liveperson/core/protocol"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Message, MessageId } from "./Consumer.ts"
import { Content, Opening } from "./Content.ts"

/** The token is not the gateway's. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { message: Schema.String },
  { httpApiStatus: 401 }
) {}

/** There is nothing by that name. */
export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { message: Schema.String },
  { httpApiStatus: 404 }
) {}

/** The gateway cannot store anything now. Nothing was lost: what was not acknowledged is to be sent again. */
export class Unavailable extends Schema.TaggedError<Unavailable>()(
  "Unavailable",
  { message: Schema.String },
  { httpApiStatus: 503 }
) {}

/** Asks for the gateway's bearer token. */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()(
  "@effect-liveperson/gateway/Authorization",
  { security: { bearer: HttpApiSecurity.bearer }, error: Unauthorized }
) {}

/** What the gateway knows of a consumer. */
export const State = Schema.Struct({
  /** The conversation that is open, as far as is known. */
  conversationId: Schema.NullOr(ConversationId),
  /** How many messages wait for delivery, and how many events for the channel. */
  messages: Schema.Natural,
  events: Schema.Natural,
  deadLetters: Schema.Natural,
  /** How many messages were delivered, of those that are remembered. */
  delivered: Schema.Natural
})
export type State = typeof State.Type

/** Something in a consumer's mailbox. What a message says is not shown. */
export const MailboxItem = Schema.Struct({
  kind: Schema.String,
  id: Schema.String,
  /** When it was stored, in epoch milliseconds. */
  storedAt: Schema.Finite,
  /** How often it was tried to send it: 0 while it waits behind others. */
  attempts: Schema.Natural
})
export type MailboxItem = typeof MailboxItem.Type

/** A message that LivePerson refused. */
export const DeadLetter = Schema.Struct({
  consumer: ConsumerId,
  message: Message,
  reason: Schema.String,
  /** When it was refused, in epoch milliseconds. */
  parkedAt: Schema.Finite
})
export type DeadLetter = typeof DeadLetter.Type

const consumer = {
  account: AccountId,
  // With the account it is the entity's id, which the database allows 255 characters.
  consumer: ConsumerId.check(Schema.isMaxLength(180, { expected: "a name of at most 180 characters" }))
}

const idempotent = { "idempotency-key": MessageId }

const Accepted = Schema.Struct({ id: MessageId }).pipe(HttpApiSchema.status(202))
const Gone = Schema.Void.pipe(HttpApiSchema.status(202))

const errors = [NotFound, Unavailable] as const

const consumers = HttpApiGroup.make("consumers")
  .add(
    HttpApiEndpoint.post("deliver", "/:consumer/messages", {
      params: consumer,
      headers: idempotent,
      payload: Schema.Struct({ content: Content, opening: Schema.optionalKey(Opening) }),
      success: Accepted,
      error: errors
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Deliver a message",
        description:
          "Delivers a message. Answered 202 once it is stored; from then on it is delivered once, after those that were acknowledged before it. The same `Idempotency-Key` is the same message."
      })
    ),
    HttpApiEndpoint.post("typing", "/:consumer/typing", {
      params: consumer,
      payload: Schema.Struct({ on: Schema.Boolean }),
      success: Gone,
      error: errors
    }).annotateMerge(
      OpenApi.annotations({ summary: "Typing", description: "The consumer is typing, or no longer. Not stored." })
    ),
    HttpApiEndpoint.post("close", "/:consumer/close", {
      params: consumer,
      headers: idempotent,
      success: Accepted,
      error: errors
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Close",
        description: "Closes the open conversation after what was acknowledged before."
      })
    ),
    HttpApiEndpoint.get("state", "/:consumer", { params: consumer, success: State, error: errors }).annotateMerge(
      OpenApi.annotations({
        summary: "State",
        description: "How much waits for the consumer, and what became of the rest."
      })
    ),
    HttpApiEndpoint.get("mailbox", "/:consumer/mailbox", {
      params: consumer,
      success: Schema.Array(MailboxItem),
      error: errors
    }).annotateMerge(
      OpenApi.annotations({ summary: "Mailbox", description: "What waits for delivery, in order: the first thousand." })
    ),
    HttpApiEndpoint.get("deadLetters", "/:consumer/dead-letters", {
      params: consumer,
      success: Schema.Array(DeadLetter),
      error: errors
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Dead letters",
        description: "What LivePerson refused of the consumer's, and why."
      })
    ),
    HttpApiEndpoint.post("replay", "/:consumer/dead-letters/:id/replay", {
      params: { ...consumer, id: MessageId },
      payload: Schema.Struct({
        /** What to deliver instead; what was refused, where it is left out. */
        content: Schema.optionalKey(Content),
        opening: Schema.optionalKey(Opening)
      }),
      success: Accepted,
      error: errors
    }).annotateMerge(
      OpenApi.annotations({
        summary: "Replay",
        description: "Delivers a dead letter after all, corrected where something is given."
      })
    )
  )
  .prefix("/accounts/:account/consumers")

const accounts = HttpApiGroup.make("accounts")
  .add(
    HttpApiEndpoint.get("deadLetters", "/:account/dead-letters", {
      params: { account: AccountId },
      success: Schema.Array(DeadLetter),
      error: errors
    }).annotateMerge(
      OpenApi.annotations({
        summary: "An account's dead letters",
        description: "The dead letters of an account, the latest thousand."
      })
    )
  )
  .prefix("/accounts")

/** See the module. */
export class GatewayApi extends HttpApi.make("liveperson-gateway")
  .add(consumers, accounts)
  .middleware(Authorization)
  .middleware(HttpApiMiddleware.ProblemDetails)
  .prefix("/v1")
  .annotateMerge(
    OpenApi.annotations({
      title: "LivePerson gateway",
      description: "Durable delivery to LivePerson: what is acknowledged arrives once, and in order for each consumer."
    })
  ) {}

/** A client of a gateway. */
export const client = (options: { readonly baseUrl: string; readonly token: Redacted.Redacted }) =>
  HttpApiClient.make(GatewayApi, {
    baseUrl: options.baseUrl,
    transformClient: HttpClient.mapRequest(HttpClientRequest.bearerToken(options.token))
  })

export type Client = Effect.Success<ReturnType<typeof client>>
