/**
 * LivePerson in a box: the Domain API, Sentinel, the IDP, CONVERSATION, SEND, the storage and the Monitoring API, with
 * real tokens, LivePerson's answers and error codes, an agent to be scripted, webhooks, and faults on demand.
 *
 * {@link layer} provides an `HttpClient` that reaches it without a socket, for tests; {@link layerServer} serves it on
 * the `HttpServer` it is given, for any client.
 *
 * ```ts
 * import { Connector, Conversation } from "@effect-liveperson/core"
 * import { Simulator } from "@effect-liveperson/simulator"
 * import { Effect, Layer } from "effect"
 *
 * const Test = Connector.layer(Simulator.credentials).pipe(Layer.provideMerge(Simulator.layer()))
 *
 * const seen = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   yield* Conversation.make({ firstName: "Ada" }).pipe(Connector.open, Connector.onBehalfOf("sms:+15550100"))
 *   return yield* simulator.conversations
 * }).pipe(Effect.provide(Test))
 * ```
 *
 * What happens in conversations is posted to the webhooks that it is told of, signed as LivePerson signs. In process a
 * function takes the place of the network:
 *
 * ```ts
 * import { Webhook } from "@effect-liveperson/core"
 * import { Simulator } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const answered = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   const webhook = yield* Webhook.Webhook
 *   yield* simulator.subscribe(
 *     { "ms.MessagingEventNotification.ContentEvent": { endpoint: "https://connector.test/liveperson" } },
 *     (posted) => Effect.as(webhook.receive(posted), 200)
 *   )
 *   const [conversation] = yield* simulator.conversations
 *   if (conversation !== undefined) yield* simulator.agent(conversation.id).say("Hello")
 * })
 * ```
 */
import { AccountId } from "@effect-liveperson/core/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Stream from "effect/Stream"
import type { Endpoint, Fault } from "./Fault.ts"
import { clientOf } from "./internal/client.ts"
import { type Answering, make as makeEndpoints } from "./internal/endpoints.ts"
import { type Engagement, make as makeMonitoring } from "./internal/monitoring.ts"
import { type Call, make as makeRoutes } from "./internal/routes.ts"
import { make as makeStorage } from "./internal/storage.ts"
import { make as makeTokens } from "./internal/tokens.ts"
import { type ConsumerEvent, make as makeWebhooks } from "./internal/webhooks.ts"
import { make as makeWorld } from "./internal/world.ts"
import { type Agent, NotOpen, type SendOptions } from "./internal/world/agent.ts"
import type { ConversationState, DialogState } from "./internal/world/conversation.ts"
import type { AgentEvent, EventState } from "./internal/world/events.ts"
import type { WebhookFault } from "./WebhookFault.ts"
import type { Deliver, Delivery, Key, State, Webhooks } from "./Webhooks.ts"

/** What can be asked of a simulator, and done to it. */
export class Simulator extends Context.Service<
  Simulator,
  {
    /** Makes the next calls of an endpoint go wrong: one, unless `times` says otherwise. Faults wait in line. */
    readonly fault: (endpoint: Endpoint, fault: Fault, options?: { readonly times?: number }) => Effect.Effect<void>
    /** Forgets the faults that are still waiting, those of deliveries as well. */
    readonly clearFaults: Effect.Effect<void>
    /** Every call so far, in the order of arrival. */
    readonly calls: Effect.Effect<ReadonlyArray<Call>>
    /** Every conversation so far, as the agent would see it. */
    readonly conversations: Effect.Effect<ReadonlyArray<ConversationState>>
    /** The bytes of a file that was uploaded; `undefined` where there is none. */
    readonly file: (relativePath: string) => Effect.Effect<Uint8Array | undefined>
    /** Closes a conversation and all its dialogs at once, as the agent would. */
    readonly close: (conversationId: string) => Effect.Effect<void>
    /** Makes every token of a kind that was issued so far invalid. */
    readonly revoke: (kind: "app" | "consumer") => Effect.Effect<void>
    /** What an agent can do in a conversation. They go by this id: `simulator-agent`, unless it is said otherwise. */
    readonly agent: (conversationId: string, agentId?: string) => Agent
    /** What consumers publish, from when the stream is run, so that a script can answer. Ends with the simulator. */
    readonly events: Stream.Stream<ConsumerEvent>
    /**
     * Subscribes the app to what `webhooks` says, and to nothing else. What has yet to be delivered goes there too, or
     * nowhere. It is delivered by `deliver`, where that is given. Dies when there is a mistake in `webhooks`.
     */
    readonly subscribe: (webhooks: Webhooks, deliver?: Deliver) => Effect.Effect<void>
    /** Every attempt to deliver a notification so far, in order. */
    readonly deliveries: Effect.Effect<ReadonlyArray<Delivery>>
    /** How the endpoint of every key that is subscribed to is doing. */
    readonly webhookStates: Effect.Effect<{ readonly [K in Key]?: State }>
    /**
     * Makes the delivery of the next notifications go wrong: of one, unless `times` says otherwise, and of whichever
     * kind, unless `key` does. A notification has one fault at most. Faults wait in line.
     */
    readonly webhookFault: (
      fault: WebhookFault,
      options?: { readonly times?: number; readonly key?: Key }
    ) => Effect.Effect<void>
  }
>()("@effect-liveperson/simulator/Simulator") {}

export { NotOpen }
export type {
  Agent,
  AgentEvent,
  Call,
  ConsumerEvent,
  ConversationState,
  DialogState,
  Engagement,
  EventState,
  SendOptions as AgentSendOptions
}

/** Options of {@link layer} and {@link layerServer}. What is left out is as in {@link credentials}. */
export interface Options {
  readonly accountId?: string
  readonly clientId?: string
  readonly clientSecret?: Redacted.Redacted
  /** How many seconds an AppJWT lives: 3600. */
  readonly appTokenLifetime?: number
  /** The id under which the app is installed, as the Monitoring API is told it: the client id. */
  readonly appInstallId?: string
  /** What the Monitoring API offers every visitor: nothing, unless it is said otherwise. */
  readonly engagement?: Engagement | undefined
  /** Whether a survey starts when the MAIN dialog closes: no, unless it is said otherwise. */
  readonly survey?: boolean
  /** What the app is subscribed to from the beginning: nothing, unless it is said otherwise. */
  readonly webhooks?: Webhooks
  /**
   * What posts to webhooks. On a port that is an `HttpClient`, unless it is said otherwise; in process nothing is
   * posted until it is said here or at `subscribe`, and every delivery is dropped.
   */
  readonly deliver?: Deliver
}

/** The account and app that a simulator knows unless it is told otherwise. */
export const credentials = {
  accountId: "12345678",
  clientId: "simulator-client-id",
  clientSecret: Redacted.make("simulator-client-secret", { label: "clientSecret" })
}

const make = Effect.fnUntraced(function* (options: Options, client?: HttpClient.HttpClient) {
  const account = {
    accountId: AccountId.make(options.accountId ?? credentials.accountId),
    clientId: options.clientId ?? credentials.clientId,
    clientSecret: options.clientSecret ?? credentials.clientSecret,
    appTokenLifetime: options.appTokenLifetime ?? 3600,
    appInstallId: options.appInstallId ?? options.clientId ?? credentials.clientId
  }
  const tokens = yield* makeTokens
  const storage = yield* makeStorage(account.accountId)
  const webhooks = yield* makeWebhooks(account, options.deliver ?? client)
  yield* webhooks.subscribe(options.webhooks ?? {})
  const world = makeWorld({ survey: options.survey ?? false }, storage, webhooks.witness)
  const endpoints: Record<Endpoint, Answering> = {
    ...makeEndpoints(account, tokens, world),
    storage: storage.endpoint,
    engagement: makeMonitoring(account, options.engagement)
  }
  const { calls, faults, routes } = makeRoutes(endpoints)

  const simulator = Simulator.of({
    fault: (endpoint, fault, options) => Effect.sync(() => faults.add(endpoint, fault, options?.times ?? 1)),
    clearFaults: Effect.andThen(Effect.sync(faults.clear), webhooks.clearFaults),
    calls,
    conversations: world.conversations,
    file: storage.file,
    close: world.close,
    revoke: tokens.revoke,
    agent: (conversationId, agentId = "simulator-agent") => world.agent(conversationId, agentId),
    events: webhooks.events,
    subscribe: webhooks.subscribe,
    deliveries: webhooks.log,
    webhookStates: webhooks.states,
    webhookFault: webhooks.fault
  })

  return { routes, simulator }
})

/**
 * Provides an `HttpClient` whose every request is answered by the simulator, without a socket and whatever its host:
 * under `TestClock`, where the test has one.
 */
export const layer = (options: Options = {}): Layer.Layer<Simulator | HttpClient.HttpClient> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const { routes, simulator } = yield* make(options)
      const client = yield* clientOf(routes)
      return Context.make(Simulator, simulator).pipe(Context.add(HttpClient.HttpClient, client))
    })
  )

const redactedHeaders = Layer.updateService(Headers.CurrentRedactedNames, (names) => [...names, "x-lp-on-behalf"])

/** Serves the simulator on an `HttpServer`, for any client in any language, and posts to webhooks by an `HttpClient`. */
export const layerServer = (
  options: Options = {}
): Layer.Layer<Simulator, never, HttpServer.HttpServer | HttpClient.HttpClient> =>
  Layer.unwrap(
    Effect.map(
      Effect.flatMap(HttpClient.HttpClient, (client) => make(options, client)),
      ({ routes, simulator }) =>
        HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
          Layer.merge(Layer.succeed(Simulator, simulator))
        )
    )
  ).pipe(redactedHeaders)
