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
import { AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Info } from "./ControlApi.ts"
import { type CallFault, type DeliveryFault, type Endpoint, Rule, type When } from "./Fault.ts"
import { clientOf } from "./internal/client.ts"
import * as Consumer from "./internal/consumer.ts"
import * as Control from "./internal/control.ts"
import { make as makeEndpoints } from "./internal/endpoints.ts"
import { make as makeFaults } from "./internal/faults.ts"
import { make as makeLimit } from "./internal/limit.ts"
import { make as makeLive } from "./internal/live.ts"
import { type Engagement, make as makeMonitoring } from "./internal/monitoring.ts"
import * as Operator from "./internal/operator.ts"
import * as Persistence from "./internal/persistence.ts"
import * as Routes from "./internal/routes.ts"
import * as Page from "./internal/page.ts"
import { inWebhooks } from "./internal/secrets.ts"
import { type FaultOptions, Simulator } from "./internal/service.ts"
import { make as makeStorage } from "./internal/storage.ts"
import { make as makeTokens } from "./internal/tokens.ts"
import { uuid } from "./internal/uuid.ts"
import { type ConsumerEvent, make as makeWebhooks } from "./internal/webhooks.ts"
import { make as makeWire } from "./internal/wire.ts"
import { make as makeWorld } from "./internal/world.ts"
import { type Agent, NotOpen, type SendOptions } from "./internal/world/agent.ts"
import { snapshot, summary } from "./internal/world/conversation.ts"
import { load, save } from "./internal/world/saved.ts"
import type { Deliver, Webhooks } from "./Webhooks.ts"

export { NotOpen, Simulator }
export type { Agent, ConsumerEvent, Engagement, FaultOptions, SendOptions as AgentSendOptions }

/** Options of {@link layer} and {@link layerServer}. What is left out is as in {@link credentials}. */
export interface Options {
  /** The account that exists, or several: the app is installed in each. */
  readonly accountId?: string | Arr.NonEmptyReadonlyArray<string>
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
  /** What ids and faults are drawn from: the same seed and requests give the same run. One is drawn where it is left out. */
  readonly seed?: string
  /** How many calls of CONVERSATION and SEND each account may make in a second: any, unless it is said otherwise. */
  readonly rateLimit?: number
  /** How many exchanges are remembered: 10,000. */
  readonly wireLimit?: number
}

/** The account and app that a simulator knows unless it is told otherwise. */
export const credentials = {
  accountId: "12345678",
  clientId: "simulator-client-id",
  clientSecret: Redacted.make("simulator-client-secret", { label: "clientSecret" })
}

/** What is kept between runs can neither be read nor written, or is damaged. */
export type StateError = Persistence.StateError

const decodeRule = Schema.decodeUnknownEffect(Schema.toType(Rule))

/** On which calls a fault acts; all that were given, where that is more than one. */
const whenOf = ({ every, probability, times }: FaultOptions): When | ReadonlyArray<When> => {
  const given: ReadonlyArray<When> = [
    ...(times === undefined ? [] : [{ _tag: "Next" as const, times }]),
    ...(every === undefined ? [] : [{ _tag: "Every" as const, nth: every }]),
    ...(probability === undefined ? [] : [{ _tag: "Chance" as const, probability }])
  ]
  return given.length > 1 ? given : (given[0] ?? { _tag: "Next", times: 1 })
}

/** Where a simulator keeps its state between runs: nowhere, unless {@link layerStore} says where. */
export const Store = Context.Reference<Persistence.Kept | undefined>("@effect-liveperson/simulator/Store", {
  defaultValue: () => undefined
})

/**
 * Keeps the state in a `KeyValueStore`, in which nothing else may be: conversations, files, tokens and what is
 * subscribed to. Fails with `StateError` where it can neither be read nor written, or is damaged.
 */
export const layerStore: Layer.Layer<never, StateError, KeyValueStore.KeyValueStore> = Layer.effect(
  Store,
  Effect.flatMap(KeyValueStore.KeyValueStore, Persistence.read)
)

const make = Effect.fnUntraced(function* (options: Options, poster?: HttpClient.HttpClient) {
  const kept = yield* Store
  const runs = kept?.main?.runs ?? 0
  const told = options.seed ?? String(Math.floor((yield* Random.next) * 2 ** 32))
  // Another run on what is kept must not give the ids of the first again.
  const seed = runs === 0 ? told : `${told} run ${runs + 1}`
  const random = yield* Random.withSeed(Random.Random, seed)
  const seeded = Effect.provideService(Random.Random, random)

  const { accountId = credentials.accountId } = options
  const accounts = Arr.map(typeof accountId === "string" ? Arr.of(accountId) : accountId, (id) => AccountId.make(id))
  const app = {
    accounts,
    clientId: options.clientId ?? credentials.clientId,
    clientSecret: options.clientSecret ?? credentials.clientSecret,
    appTokenLifetime: options.appTokenLifetime ?? 3600,
    appInstallId: options.appInstallId ?? options.clientId ?? credentials.clientId
  }
  const survey = options.survey ?? false

  const live = makeLive()
  const faults = makeFaults(seed, live.faults)
  const wire = makeWire(options.wireLimit ?? 10_000, live.exchange)
  const keeping: { by: Persistence.Keeper | undefined } = { by: undefined }
  const tokens = makeTokens(yield* seeded(uuid), () => keeping.by?.main())
  const storage = makeStorage(random, (path) => keeping.by?.file(path))
  const webhooks = yield* makeWebhooks(app, options.deliver ?? poster, faults, wire, {
    touched: ({ id }) => {
      live.conversation(id)
      keeping.by?.conversation(id)
    },
    stated: live.info
  })
  const world = makeWorld({ survey }, storage, webhooks.witness)

  if (kept?.main !== undefined) {
    tokens.restore(kept.main.tokens)
    storage.restore(kept.main.storageKey, kept.places)
    for (const conversation of kept.conversations) world.restore(load(conversation))
  }
  const subscribe = Effect.fnUntraced(function* (to: Webhooks, by?: Deliver, as?: Operator.App) {
    yield* webhooks.subscribe(to, by, as)
    keeping.by?.main()
    live.info()
  })
  const operator = yield* Operator.make({
    ...app,
    webhooks: webhooks.subscription,
    subscribe: (to, as) => subscribe(to, undefined, as),
    changed: () => keeping.by?.main(),
    conversation: (id) => world.find(id, Operator.kept)
  })
  if (kept?.main?.operator !== undefined) operator.restore(kept.main.operator)
  yield* subscribe(options.webhooks ?? kept?.main?.webhooks ?? {}, undefined, operator.subscriber())
  if (kept !== undefined) {
    keeping.by = yield* kept.keep({
      main: () => ({
        runs: runs + 1,
        tokens: tokens.saved(),
        storageKey: storage.key(),
        webhooks: webhooks.subscription(),
        operator: operator.read()
      }),
      conversation: (id) => world.find(id, save),
      place: storage.place
    })
  }

  const endpoints = makeEndpoints(app, operator, tokens, world)
  const answers = { ...endpoints, storage: storage.endpoint, engagement: makeMonitoring(app, options.engagement) }
  const limited = yield* makeLimit(options.rateLimit)
  const routes = Routes.make([...Routes.routesOf(answers), ...operator.routes], {
    faults,
    limited,
    random,
    tokens,
    wire
  })
  const client = yield* clientOf(routes)
  const consumers = Consumer.make(client, app, world)

  const info = (): Info => ({
    accounts,
    clientId: app.clientId,
    seed: told,
    survey,
    rateLimit: options.rateLimit,
    webhooks: inWebhooks(webhooks.subscription()),
    webhookStates: webhooks.states()
  })

  const simulator = Simulator.of({
    fault: (on: Endpoint | "any" | "webhook", fault: CallFault | DeliveryFault, options: FaultOptions = {}) => {
      const { account, consumer, every: _every, probability: _probability, times: _times, ...key } = options
      const who = { ...(account === undefined ? {} : { account }), ...(consumer === undefined ? {} : { consumer }) }
      return Effect.flatMap(Effect.orDie(decodeRule({ on, fault, when: whenOf(options), ...who, ...key })), faults.add)
    },
    addFault: faults.add,
    faults: Effect.sync(faults.list),
    removeFault: (id) => Effect.sync(() => faults.remove(id)),
    clearFaults: Effect.sync(faults.clear),
    wire: Effect.sync(wire.rows),
    exchange: (id) => Effect.sync(() => wire.exchange(id)),
    clearWire: Effect.sync(() => {
      wire.clear()
      live.reset()
    }),
    calls: Effect.sync(() => wire.rows().filter((row) => row._tag === "Call")),
    deliveries: Effect.sync(() => wire.rows().filter((row) => row._tag === "Delivery")),
    conversations: Effect.sync(world.conversations),
    conversation: (id) => Effect.sync(() => world.find(id, snapshot)),
    summaries: Effect.sync(world.summaries),
    file: storage.file,
    close: world.close,
    revoke: (kind) => Effect.sync(() => tokens.revoke(kind)),
    agent: (conversationId, agentId = "simulator-agent") => {
      const agent = world.agent(conversationId, agentId)
      // What follows the end may be a survey, whose id is drawn.
      return { ...agent, close: seeded(agent.close), survey: seeded(agent.survey) }
    },
    consumer:
      (consumer, account = accounts[0]) =>
      (action) =>
        consumers(AccountId.make(account), ConsumerId.make(consumer), action),
    events: webhooks.events,
    subscribe,
    webhookStates: Effect.sync(webhooks.states),
    info: Effect.sync(info),
    live: live.changes({
      conversations: (ids) =>
        ids === undefined ? world.summaries() : [...ids].flatMap((id) => world.find(id, summary) ?? []),
      wire: (ids) => (ids === undefined ? wire.rows() : [...ids].flatMap((id) => wire.row(id) ?? [])),
      faults: faults.list,
      info
    }),
    reset: Effect.gen(function* () {
      yield* webhooks.forget
      world.forget()
      storage.forget()
      wire.clear()
      faults.clear()
      live.reset()
      if (keeping.by !== undefined) yield* keeping.by.clear
    })
  })

  return { client, control: Control.layer(simulator, accounts), routes, simulator }
})

/**
 * Provides an `HttpClient` whose every request is answered by the simulator, without a socket and whatever its host:
 * under `TestClock`, where the test has one.
 */
export const layer = (options: Options = {}): Layer.Layer<Simulator | HttpClient.HttpClient> =>
  Layer.effectContext(
    Effect.map(make(options), ({ client, simulator }) =>
      Context.make(Simulator, simulator).pipe(Context.add(HttpClient.HttpClient, client))
    )
  )

const redactedHeaders = Layer.updateService(Headers.CurrentRedactedNames, (names) => [...names, "x-lp-on-behalf"])

/**
 * Serves the simulator on an `HttpServer`, for any client in any language, and posts to webhooks by an `HttpClient`.
 * Beside LivePerson's endpoints there is the simulator's own API, under `/_simulator`.
 */
export const layerServer = (
  options: Options = {}
): Layer.Layer<Simulator, never, HttpServer.HttpServer | HttpClient.HttpClient> =>
  Layer.unwrap(
    Effect.map(
      Effect.flatMap(HttpClient.HttpClient, (client) => make(options, client)),
      ({ control, routes, simulator }) =>
        HttpRouter.serve(Layer.mergeAll(routes, control, Page.layer), {
          routerConfig: Routes.config,
          disableLogger: true,
          disableListenLog: true
        }).pipe(Layer.merge(Layer.succeed(Simulator, simulator)))
    )
  ).pipe(redactedHeaders)
