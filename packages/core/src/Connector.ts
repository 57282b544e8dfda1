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
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as AppToken from "./AppToken.ts"
import type { ConnectorError, InvalidInput } from "./ConnectorError.ts"
import * as ConsumerToken from "./ConsumerToken.ts"
import type * as Conversation from "./Conversation.ts"
import * as Domains from "./Domains.ts"
import * as Echo from "./Echo.ts"
import * as Internal from "./internal/connector.ts"
import type * as Files from "./internal/files.ts"
import { decodeInput } from "./internal/issues.ts"
import * as Message from "./Message.ts"
import * as Monitoring from "./Monitoring.ts"
import { OnBehalfOf } from "./OnBehalfOf.ts"
import type { ClientPropertiesInput } from "./protocol/ClientProperties.ts"
import type { TtrDefName } from "./protocol/ConsumerRequestConversation.ts"
import { ConsumerId } from "./protocol/Ids.ts"
import * as SendApi from "./SendApi.ts"
import * as Storage from "./Storage.ts"

/**
 * What {@link open}, {@link send}, {@link typing}, {@link update}, {@link setProfile}, {@link sendFile} and
 * {@link downloadFile} do; the other verbs are made of these.
 */
export class Connector extends Context.Service<Connector, Internal.Service>()("@effect-liveperson/core/Connector") {}

/** Where something is sent: a conversation's id, or what was opened; `dialogId` names another dialog than the MAIN one. */
export type Target = Internal.Target

/** A field of a conversation, as {@link update} takes it. */
export type Field = Internal.Field

/** What was sent, and the number that LivePerson gave it. */
export interface Sent extends Internal.Sent {}

/** A file that was sent, and where it lies. */
export interface SentFile extends Internal.SentFile {}

/**
 * A file to send: `type` is `"JPG"`, `"JPEG"`, `"PNG"` or `"GIF"`; `bytes`, or a `stream` of exactly `size` bytes, at
 * most 3 MB; a `caption`; a `preview` as a data URI under 30 KB; `metadata` beside the message. A stream is run again when it has to be.
 */
export type File<E = never, R = never> = Files.File<E, R>

/** All that {@link layer} provides: the connector, and the services it stands on. */
export type Services =
  | Connector
  | SendApi.SendApi
  | Storage.Storage
  | Monitoring.Monitoring
  | Domains.Domains
  | AppToken.AppToken
  | ConsumerToken.ConsumerToken

/** Options of {@link layer}. Those of the services below it are described there. */
export interface Options extends Domains.Options, AppToken.Options, SendApi.Options, Storage.Options {
  /** How many consumers' tokens are kept: 10,000. */
  readonly consumerTokenCapacity?: number | undefined
  /** The id of the app's installation, by which the Monitoring API knows it: the client id, unless it is given. */
  readonly appInstallId?: string | undefined
}

/** A connector on services of one's own. */
export const layerServices = (options: {
  readonly accountId: string
}): Layer.Layer<Connector, InvalidInput, SendApi.SendApi | Storage.Storage> =>
  Layer.effect(Connector, Internal.make(options))

/**
 * Everything a connector needs, live. Fails with `InvalidInput` when the account id, client id or client secret is
 * empty.
 */
export const layer = (options: Options): Layer.Layer<Services, InvalidInput, HttpClient.HttpClient> =>
  layerServices(options).pipe(
    Layer.provideMerge(SendApi.layer(options)),
    Layer.provideMerge(Storage.layer(options)),
    Layer.provideMerge(Monitoring.layer({ ...options, appInstallId: options.appInstallId ?? options.clientId })),
    Layer.provideMerge(ConsumerToken.layer({ ...options, capacity: options.consumerTokenCapacity })),
    Layer.provideMerge(AppToken.layer(options)),
    Layer.provideMerge(Domains.layer(options))
  )

const account = {
  accountId: Config.NonEmptyString("LP_ACCOUNT_ID"),
  clientId: Config.NonEmptyString("LP_CLIENT_ID"),
  clientSecret: Config.Redacted("LP_CLIENT_SECRET")
}
const domainApi = Config.String("LP_DOMAIN_API")

/** The environment variables a connector is configured by. `LP_DOMAIN_API` may be left out. */
export const config = Config.all({
  ...account,
  domainApi: Config.withDefault(domainApi, Domains.defaultDomainApi)
})

/**
 * {@link config} for a program that does without LivePerson where none of it is set, and takes a simulated one. Fails
 * with `ConfigError` when some of it is set and some is missing, where `Config.option` would take that for nothing.
 *
 * ```ts
 * import { Connector } from "@effect-liveperson/core"
 * import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
 * import { Effect, Layer, Option } from "effect"
 *
 * const simulated = Effect.map(NodeSimulator.url, (domainApi) => ({ ...Simulator.credentials, domainApi }))
 *
 * const Live = Layer.unwrap(
 *   Effect.gen(function* () {
 *     const configured = yield* Connector.configOption
 *     return Connector.layer(Option.isSome(configured) ? configured.value : yield* simulated)
 *   })
 * )
 * ```
 */
export const configOption: Config.Config<Option.Option<Config.Success<typeof config>>> = Config.all(
  [...Object.values(account), domainApi].map((variable) => Config.option<unknown>(variable))
).pipe(
  Config.flatMap((found) =>
    found.some(Option.isSome) ? Config.map(config, Option.some) : Config.succeed(Option.none())
  )
)

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

/**
 * Says what the consumer's client is and can show, for everything that an effect sends: the `Client-Properties` header.
 * A feature that was switched on when a conversation was opened must be said again with everything sent in it, so this
 * belongs around both, or once for the whole program in the layer's `clientProperties`.
 *
 * Reference: sections 1.3 and 3.8.
 */
export const withClientProperties =
  (properties: ClientPropertiesInput) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(self, SendApi.ClientProperties, properties)

/**
 * Sends a message in a conversation. Messages of one conversation are sent one at a time in the order in which this was
 * called, however many fibers call it; conversations do not wait for each other.
 *
 * Fails with `InvalidInput` when the message is not valid, with `RequestRejected` and reason `ConversationClosed` when
 * the conversation takes no more, and otherwise as `SendApi.send` does. A message that may have arrived is not sent
 * again: `TransportError` with `processed: "unknown"` says so.
 *
 * ```ts
 * import { Connector, Message } from "@effect-liveperson/core"
 *
 * const late = Connector.send("8602832d-dce1-446b-8445-0d51f5926a42", Message.text("It was due on Monday"))
 * ```
 *
 * Reference: SEND page; section 3.3.
 */
export const send = (
  target: Target,
  message: Message.Message
): Effect.Effect<Sent, ConnectorError, Connector | OnBehalfOf> =>
  Connector.use((connector) => connector.send(target, message))

/**
 * The consumer is typing, as long as the scope is open. However the scope ends, a state other than COMPOSING is sent,
 * because LivePerson would show "typing" for ever.
 *
 * Fails as {@link send} does when COMPOSING cannot be sent.
 *
 * ```ts
 * import { Connector, Message } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const conversation = "8602832d-dce1-446b-8445-0d51f5926a42"
 *
 * const thoughtful = Effect.gen(function* () {
 *   yield* Connector.typing(conversation)
 *   yield* Effect.sleep("2 seconds")
 *   yield* Connector.send(conversation, Message.text("Never mind"))
 * }).pipe(Effect.scoped)
 * ```
 *
 * Reference: section 3.3.4.
 */
export const typing = (target: Target): Effect.Effect<void, ConnectorError, Connector | OnBehalfOf | Scope.Scope> =>
  Connector.use((connector) => connector.typing(target))

/** Tells that messages have arrived at the consumer, by their numbers. Fails as {@link send} does. */
export const accept = (target: Target, sequences: ReadonlyArray<number>) => send(target, Message.accept(sequences))

/** Tells that messages have been read by the consumer, by their numbers. Fails as {@link send} does. */
export const read = (target: Target, sequences: ReadonlyArray<number>) => send(target, Message.read(sequences))

/**
 * Changes one field of a conversation, or several at once. In line with the conversation's messages; fails as
 * {@link send} does.
 *
 * Reference: section 3.4.
 */
export const update = (
  target: Target,
  fields: Field | readonly [Field, ...ReadonlyArray<Field>]
): Effect.Effect<void, ConnectorError, Connector | OnBehalfOf> =>
  Connector.use((connector) => connector.update(target, fields))

/** Closes a conversation at once, in the consumer's name. No survey starts: for that, {@link closeDialog}. */
export const close = (target: Target) => update(target, { field: "ConversationStateField", conversationState: "CLOSE" })

/**
 * Closes a dialog: the MAIN one, unless the target names another. Where the account has a post-conversation survey, it
 * starts when the MAIN dialog closes, and the conversation closes with its last dialog.
 */
export const closeDialog = (target: Target) =>
  update(target, {
    field: "DialogChange",
    type: "UPDATE",
    dialog: {
      dialogId: Internal.dialogOf(target),
      state: "CLOSE",
      closedCause: "Closed by consumer"
    }
  })

/**
 * Says how content the consumer was with a conversation, after it was closed: 1 to 5, and whether the matter was
 * resolved.
 */
export const rate = (
  target: Target,
  rating: { readonly stars: 1 | 2 | 3 | 4 | 5; readonly resolved: boolean; readonly partially?: boolean }
) =>
  update(target, {
    field: "CSATRate",
    csatRate: rating.stars,
    csatResolutionConfirmation: rating.resolved,
    status: rating.partially === true ? "PARTIALLY_FILLED" : "FILLED"
  })

/** Says how urgent a conversation is, and how soon it is to be answered. */
export const setUrgency = (target: Target, ttrType: TtrDefName, timeToRespond: Duration.Input) =>
  update(target, {
    field: "TTRField",
    ttrType,
    value: Math.round(Duration.toSeconds(Duration.fromInputUnsafe(timeToRespond)))
  })

/** Sets the consumer's profile while a conversation is open. Fails as {@link send} does. */
export const setProfile = (
  profile: Conversation.Profile
): Effect.Effect<void, ConnectorError, Connector | OnBehalfOf> =>
  Connector.use((connector) => connector.setProfile(profile))

/**
 * Uploads a file and sends it, without holding more of it than a chunk: an URL for it, the bytes, the message. In line
 * with the conversation's messages.
 *
 * Fails with `InvalidInput` before anything is sent when LivePerson takes no such file: another type than JPG, JPEG,
 * PNG and GIF, or more than 3 MB. Fails as the stream does when it fails, and otherwise as {@link send} does. An URL
 * that expired on the way is replaced once.
 *
 * ```ts
 * import { Connector } from "@effect-liveperson/core"
 *
 * const picture = Connector.sendFile("8602832d-dce1-446b-8445-0d51f5926a42", {
 *   type: "PNG",
 *   bytes: new Uint8Array([137, 80, 78, 71]),
 *   caption: "The parcel"
 * })
 * ```
 *
 * Reference: sections 3.5 and 3.6.
 */
export const sendFile = <E = never, R = never>(
  target: Target,
  file: File<E, R>
): Effect.Effect<SentFile, ConnectorError | E, Connector | OnBehalfOf | R> =>
  Effect.flatMap(Connector, (connector) => connector.sendFile(target, file))

/**
 * The bytes of a file that was sent in a conversation, as they come, by the `relativePath` that its message told. Fails
 * as {@link send} does; an URL that expired on the way is replaced once.
 *
 * Reference: section 3.6.
 */
export const downloadFile = (relativePath: string): Stream.Stream<Uint8Array, ConnectorError, Connector | OnBehalfOf> =>
  Stream.unwrap(Effect.map(Connector, (connector) => connector.downloadFile(relativePath)))

/**
 * Waits until a message has come back among the notifications, and tells whether it arrived: see `Echo.confirm`.
 */
export const confirm = Echo.confirm
