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
import type { ConnectorError, InvalidInput } from "./ConnectorError.ts"
import { ConsumerToken } from "./ConsumerToken.ts"
import { Domains } from "./Domains.ts"
import { readSuccess, refusalOfBatch, toJson } from "./internal/batch.ts"
import { call, defaultTimeout } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import { textsOf } from "./internal/redact.ts"
import { blames, renewing } from "./internal/renewing.ts"
import { retrying } from "./internal/retrying.ts"
import { OnBehalfOf } from "./OnBehalfOf.ts"
import { type Batch, type BatchSuccess, requestLimit } from "./protocol/Batch.ts"
import { AccountId } from "./protocol/Ids.ts"

/** See {@link conversation}. */
export class SendApi extends Context.Service<
  SendApi,
  {
    readonly conversation: <B extends Batch>(batch: B) => Effect.Effect<BatchSuccess<B>, ConnectorError, OnBehalfOf>
  }
>()("@effect-liveperson/core/SendApi") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /** How many characters of JSON one request of a batch may have: 5000, LivePerson's own limit. */
  readonly requestLimit?: number | undefined
  /** How long one attempt may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

const make = Effect.fnUntraced(function* (options: Options) {
  const accountId = yield* decodeInput(AccountId, "SendApi.layer", "accountId")(options.accountId)
  const limit = options.requestLimit ?? requestLimit
  const timeout = options.timeout ?? defaultTimeout
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains
  const appToken = yield* AppToken
  const consumerToken = yield* ConsumerToken

  const authenticated = (consumer: OnBehalfOf["Service"]) =>
    renewing(
      Effect.all({ app: appToken.get, consumer: consumerToken.get(consumer) }),
      Effect.fnUntraced(function* (error, tokens) {
        const app = blames(error, "AppJWT") && (yield* appToken.drop(tokens.app))
        const jws = blames(error, "ConsumerJWS") && (yield* consumerToken.drop(consumer, tokens.consumer))
        return app || jws
      })
    )

  const conversation = <B extends Batch>(batch: B) => {
    const operation = "SendApi.conversation"
    return Effect.gen(function* () {
      const consumer = yield* OnBehalfOf
      const json = yield* toJson(operation, batch, limit)
      return yield* authenticated(consumer)((tokens) =>
        Effect.flatMap(domains.get("asyncMessagingEnt"), (host) =>
          call(
            {
              operation,
              request: HttpClientRequest.post(
                `${host}/api/account/${encodeURIComponent(accountId)}/messaging/consumer/conversation`,
                {
                  urlParams: { v: "3" },
                  headers: {
                    authorization: Redacted.value(tokens.app),
                    "x-lp-on-behalf": Redacted.value(tokens.consumer)
                  },
                  acceptJson: true,
                  body: HttpBody.text(json, "application/json")
                }
              ),
              secrets: [Redacted.value(tokens.app), Redacted.value(tokens.consumer), consumer, ...textsOf(batch)],
              timeout
            },
            refusalOfBatch(batch)
          )
        )
      ).pipe(
        Effect.flatMap(readSuccess(batch)),
        Effect.provideService(HttpClient.HttpClient, client),
        retrying(operation, "harmful")
      )
    }).pipe(
      observed(operation, {
        "liveperson.account": accountId,
        "liveperson.payload": batch.map((request) => request?.type).join(" ")
      })
    )
  }

  return SendApi.of({ conversation })
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
