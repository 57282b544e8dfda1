/**
 * LivePerson's endpoints as they are, for those who want the wire: batches in, typed answers out.
 *
 * Most programs use `Connector`, which builds the batches.
 *
 * ```ts
 * import { Connector, Protocol, SendApi } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const opened = Effect.gen(function* () {
 *   const [profile, conversation] = yield* SendApi.conversation([
 *     Protocol.SetUserProfile.request.make({ id: Protocol.RequestId.make("1"), body: { firstName: "Ada" } }),
 *     Protocol.ConsumerRequestConversation.request.make({
 *       id: Protocol.RequestId.make("2"),
 *       body: { brandId: Protocol.AccountId.make("12345678") }
 *     })
 *   ])
 *   return conversation.conversationId
 * }).pipe(Connector.onBehalfOf("sms:+15550100"))
 * ```
 *
 * Reference: CONVERSATION page; sections 1.2, 1.3 and 2.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AppToken } from "./AppToken.ts"
import type { ConnectorError, InvalidInput, Unauthorized } from "./ConnectorError.ts"
import { ConsumerToken } from "./ConsumerToken.ts"
import { Domains } from "./Domains.ts"
import { readSuccesses, refusalOfRequests } from "./internal/answers.ts"
import { call, defaultTimeout } from "./internal/call.ts"
import { headerOf } from "./internal/clientProperties.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import { textsOf } from "./internal/redact.ts"
import { blames, renewing } from "./internal/renewing.ts"
import { batchJson, sendJson } from "./internal/requests.ts"
import { retrying } from "./internal/retrying.ts"
import { OnBehalfOf } from "./OnBehalfOf.ts"
import { Pace } from "./Pace.ts"
import { type Batch, type BatchSuccess, requestLimit } from "./protocol/Batch.ts"
import type { ClientPropertiesInput } from "./protocol/ClientProperties.ts"
import { AccountId } from "./protocol/Ids.ts"
import { type Repeat, repeatOf } from "./protocol/Payload.ts"
import { sendPayloads, type SendRequest, type SendSuccess } from "./protocol/Send.ts"

/** See {@link conversation} and {@link send}. */
export class SendApi extends Context.Service<
  SendApi,
  {
    readonly conversation: <B extends Batch>(batch: B) => Effect.Effect<BatchSuccess<B>, ConnectorError, OnBehalfOf>
    readonly send: <R extends SendRequest>(request: R) => Effect.Effect<SendSuccess<R>, ConnectorError, OnBehalfOf>
  }
>()("@effect-liveperson/core/SendApi") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /**
   * How many characters of JSON one request may have: 5000, LivePerson's own limit. A file's preview does not count: it
   * may have 30 KB.
   */
  readonly requestLimit?: number | undefined
  /** What the consumers' client is and can show, where {@link ClientProperties} does not say otherwise. */
  readonly clientProperties?: ClientPropertiesInput | undefined
  /** How long one attempt may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

/**
 * What the consumer's client is and what it can show: the `Client-Properties` header of what is sent in its reach.
 * LivePerson wants a feature that was switched on when a conversation was opened repeated on everything sent in it, so
 * provide it around both, or set it for the whole program with the layer's `clientProperties`.
 *
 * Reference: sections 1.3 and 3.8.
 */
export const ClientProperties = Context.Reference<ClientPropertiesInput | undefined>(
  "@effect-liveperson/core/SendApi/ClientProperties",
  { defaultValue: () => undefined }
)

const make = Effect.fnUntraced(function* (options: Options) {
  const accountId = yield* decodeInput(AccountId, "SendApi.layer", "accountId")(options.accountId)
  const limit = options.requestLimit ?? requestLimit
  const timeout = options.timeout ?? defaultTimeout
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains
  const appToken = yield* AppToken
  const consumerToken = yield* ConsumerToken
  const turn = (yield* Pace)(accountId)
  const base = `/api/account/${encodeURIComponent(accountId)}/messaging/consumer/conversation`

  const tokensOf = (consumer: OnBehalfOf["Service"]) =>
    Effect.flatMap(appToken.get, (app) => Effect.map(consumerToken.get(consumer), (jws) => ({ app, jws, consumer })))

  const drop = Effect.fnUntraced(function* (
    error: Unauthorized,
    { app, consumer, jws }: Effect.Success<ReturnType<typeof tokensOf>>
  ) {
    const isAnotherApp = blames(error, "AppJWT") && (yield* appToken.drop(app))
    const isAnotherJws = blames(error, "ConsumerJWS") && (yield* consumerToken.drop(consumer, jws))
    return isAnotherApp || isAnotherJws
  })

  /** One call with requests: encoded, on someone's behalf, authenticated, told apart, repeated. */
  const post = Effect.fnUntraced(function* (
    operation: string,
    path: string,
    requests: ReadonlyArray<SendRequest | Batch[number]>,
    encode: Effect.Effect<string, InvalidInput>,
    repeat: () => Repeat
  ) {
    const consumer = yield* OnBehalfOf
    const json = yield* encode
    const properties = yield* headerOf((yield* ClientProperties) ?? options.clientProperties, operation)
    return yield* renewing(
      tokensOf(consumer),
      drop
    )(({ app, jws }) =>
      Effect.flatMap(Effect.andThen(turn, domains.get("asyncMessagingEnt")), (host) =>
        call(
          {
            operation,
            request: HttpClientRequest.post(`${host}${path}?v=3`, {
              headers: {
                authorization: Redacted.value(app),
                "x-lp-on-behalf": Redacted.value(jws),
                ...properties
              },
              acceptJson: true,
              body: HttpBody.text(json, "application/json")
            }),
            secrets: {
              *[Symbol.iterator]() {
                yield* [Redacted.value(app), Redacted.value(jws), consumer]
                yield* textsOf(requests)
              }
            },
            timeout
          },
          refusalOfRequests(requests)
        )
      )
    ).pipe(
      Effect.flatMap(readSuccesses(requests)),
      Effect.provideService(HttpClient.HttpClient, client),
      retrying(operation, repeat())
    )
  })

  const posted = (...args: Parameters<typeof post>) => {
    const [operation, , requests] = args
    return observed(operation, {
      "liveperson.account": accountId,
      "liveperson.payload": requests.map((request) => request?.type).join(" ")
    })(post(...args))
  }

  // `readSuccesses` gives one success per request, each read by the schema that the result's type names for it.
  return SendApi.of({
    conversation: <B extends Batch>(batch: B) => {
      const operation = "SendApi.conversation"
      const successes = posted(operation, base, batch, batchJson(operation, batch, limit), () => "harmful")
      return Effect.map(successes, (values) => values as unknown as BatchSuccess<B>)
    },
    send: <R extends SendRequest>(request: R) => {
      const operation = "SendApi.send"
      const encode = sendJson(operation, request, limit)
      const successes = posted(operation, `${base}/send`, [request], encode, () => repeatOf(sendPayloads, request))
      return Effect.map(successes, ([value]) => value as SendSuccess<R>)
    }
  })
})

/** Sends to LivePerson. Fails with `InvalidInput` when the account id is empty. */
export const layer = (
  options: Options
): Layer.Layer<SendApi, InvalidInput, HttpClient.HttpClient | Domains | AppToken | ConsumerToken> =>
  Layer.effect(SendApi, make(options))

/**
 * Opens a conversation with a batch: profile, conversation, and at most one first message, in this order. The result
 * is a tuple of their successes, as long as the batch.
 *
 * Fails with
 * - `InvalidInput` when the batch is not valid (nothing is sent), or when LivePerson answers 400;
 * - `RequestRejected` when the consumer has a conversation open already, or when one payload is refused;
 * - `Unauthorized`, `RateLimited`, `ServerError`, `TransportError` when LivePerson answers 401, 429, 5xx or nothing,
 *   after what `Retry` allows: a batch is not repeated when it may have been processed;
 * - `UnexpectedResponse` when the answer is not the protocol's, and `ServiceNotFound` when the account is not known.
 *
 * Reference: CONVERSATION page; sections 2.2 to 2.4.
 */
export const conversation = <B extends Batch>(
  batch: B
): Effect.Effect<BatchSuccess<B>, ConnectorError, SendApi | OnBehalfOf> => SendApi.use((api) => api.conversation(batch))

/**
 * Sends one request in an open conversation; the result is typed by the request.
 *
 * Fails as {@link conversation} does. `RequestRejected` has reason `ConversationClosed` when the conversation takes no
 * more. Content is not repeated when it may have been processed; states, receipts, fields and URLs are.
 *
 * ```ts
 * import { Protocol, SendApi } from "@effect-liveperson/core"
 *
 * const composing = SendApi.send(
 *   Protocol.PublishEvent.request.make({
 *     id: Protocol.RequestId.make("1"),
 *     body: {
 *       dialogId: Protocol.DialogId.make("8602832d-dce1-446b-8445-0d51f5926a42"),
 *       event: { type: "ChatStateEvent", chatState: "COMPOSING" }
 *     }
 *   })
 * )
 * ```
 *
 * Reference: SEND page; sections 1.2, 2 and 3.
 */
export const send = <R extends SendRequest>(
  request: R
): Effect.Effect<SendSuccess<R>, ConnectorError, SendApi | OnBehalfOf> =>
  Effect.flatMap(SendApi, (api) => api.send(request))
