/**
 * What a connector does for its consumers, as one service.
 *
 * ```ts
 * import { Connector, Conversation } from "@effect-liveperson/core"
 * import { Effect, Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 *
 * const program = Conversation.make({ firstName: "Ada" }).pipe(
 *   Conversation.withMessage("Hi, my parcel is late"),
 *   Connector.open,
 *   Connector.onBehalfOf("sms:+15550100")
 * )
 *
 * const Live = Connector.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))
 * const main = program.pipe(Effect.provide(Live))
 * ```
 */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as AppToken from "./AppToken.ts"
import type { ConnectorError, InvalidInput } from "./ConnectorError.ts"
import * as ConsumerToken from "./ConsumerToken.ts"
import type * as Conversation from "./Conversation.ts"
import * as Domains from "./Domains.ts"
import { toBatch, TypeId } from "./internal/conversation.ts"
import { decodeInput } from "./internal/issues.ts"
import { OnBehalfOf } from "./OnBehalfOf.ts"
import { Batch } from "./protocol/Batch.ts"
import { AccountId, ConsumerId, DialogId } from "./protocol/Ids.ts"
import * as SendApi from "./SendApi.ts"

/** See {@link open}. */
export class Connector extends Context.Service<
  Connector,
  {
    readonly open: <A extends Conversation.Opened>(
      conversation: Conversation.Conversation<A>
    ) => Effect.Effect<A, ConnectorError, OnBehalfOf>
  }
>()("@effect-liveperson/core/Connector") {}

/** All that {@link layer} provides: the connector, and the services it stands on. */
export type Services = Connector | SendApi.SendApi | Domains.Domains | AppToken.AppToken | ConsumerToken.ConsumerToken

/** Options of {@link layer}. Those of the services below it are described there. */
export interface Options extends Domains.Options, AppToken.Options, SendApi.Options {
  /** How many consumers' tokens are kept: 10,000. */
  readonly consumerTokenCapacity?: number | undefined
}

const decodeBatch = decodeInput(Batch, "Connector.open")

const make = Effect.fnUntraced(function* (options: { readonly accountId: string }) {
  const accountId = yield* decodeInput(AccountId, "Connector.layer", "accountId")(options.accountId)
  const api = yield* SendApi.SendApi

  const open = Effect.fn("Connector.open")(function* <A extends Conversation.Opened>(
    conversation: Conversation.Conversation<A>
  ) {
    const batch = yield* decodeBatch(toBatch(conversation, accountId))
    const [, { conversationId }, message] = yield* api.conversation(batch)
    return conversation[TypeId].result({
      id: conversationId,
      dialogId: DialogId.make(conversationId),
      sequence: message?.sequence
    })
  })

  return Connector.of({ open })
})

/** A connector on a `SendApi` of one's own. */
export const layerSendApi = (options: {
  readonly accountId: string
}): Layer.Layer<Connector, InvalidInput, SendApi.SendApi> => Layer.effect(Connector, make(options))

/**
 * Everything a connector needs, live. Fails with `InvalidInput` when the account id, client id or client secret is
 * empty.
 */
export const layer = (options: Options): Layer.Layer<Services, InvalidInput, HttpClient.HttpClient> =>
  layerSendApi(options).pipe(
    Layer.provideMerge(SendApi.layer(options)),
    Layer.provideMerge(ConsumerToken.layer({ ...options, capacity: options.consumerTokenCapacity })),
    Layer.provideMerge(AppToken.layer(options)),
    Layer.provideMerge(Domains.layer(options))
  )

/** The environment variables a connector is configured by. `LP_DOMAIN_API` may be left out. */
export const config = Config.all({
  accountId: Config.NonEmptyString("LP_ACCOUNT_ID"),
  clientId: Config.NonEmptyString("LP_CLIENT_ID"),
  clientSecret: Config.Redacted("LP_CLIENT_SECRET"),
  domainApi: Config.String("LP_DOMAIN_API").pipe(Config.withDefault(Domains.defaultDomainApi))
})

/**
 * {@link layer}, configured by `LP_ACCOUNT_ID`, `LP_CLIENT_ID`, `LP_CLIENT_SECRET` and `LP_DOMAIN_API`. Fails with
 * `ConfigError` when one of the first three is not set.
 */
export const layerConfig = (
  options: Omit<Options, "accountId" | "clientId" | "clientSecret" | "domainApi"> = {}
): Layer.Layer<Services, Config.ConfigError | InvalidInput, HttpClient.HttpClient> =>
  Layer.unwrap(Effect.map(config, (configured) => layer({ ...configured, ...options })))

/**
 * Opens a conversation: sends the consumer's profile, requests the conversation and, if there is a first message,
 * publishes it, in one call. What comes back is typed by what was asked: with a first message it carries `sequence`.
 *
 * Fails with `InvalidInput` and sends nothing when the conversation is not valid; with `RequestRejected` and reason
 * `ConversationAlreadyOpen` when the consumer has one open; otherwise as `SendApi.conversation` does. Where LivePerson
 * opened the conversation and refused the message, the error's `conversationId` tells.
 *
 * Reference: CONVERSATION page.
 */
export const open = <A extends Conversation.Opened>(
  conversation: Conversation.Conversation<A>
): Effect.Effect<A, ConnectorError, Connector | OnBehalfOf> =>
  Connector.use((connector) => connector.open(conversation))

const decodeConsumer = decodeInput(ConsumerId, "Connector.onBehalfOf", "consumer")

/**
 * Says on whose behalf everything in an effect is sent: the connector's own name for the consumer, the same one every
 * time. Fails with `InvalidInput` when it is empty.
 */
export const onBehalfOf =
  (consumer: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | InvalidInput, Exclude<R, OnBehalfOf>> =>
    Effect.provideServiceEffect(self, OnBehalfOf, decodeConsumer(consumer))
