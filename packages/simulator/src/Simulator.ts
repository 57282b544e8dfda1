/**
 * LivePerson in a box: the Domain API, Sentinel, the IDP, CONVERSATION, SEND, the storage and the Monitoring API, with
 * real tokens, LivePerson's answers and error codes, and faults on demand.
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
 */
import { AccountId } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, TransportError } from "effect/http/HttpClientError"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type { Endpoint, Fault } from "./Fault.ts"
import { type Answering, make as makeEndpoints } from "./internal/endpoints.ts"
import * as Faults from "./internal/faults.ts"
import { type Engagement, make as makeMonitoring } from "./internal/monitoring.ts"
import { folder, make as makeStorage } from "./internal/storage.ts"
import { make as makeTokens } from "./internal/tokens.ts"
import { make as makeWorld } from "./internal/world.ts"
import type { ConversationState, DialogState, EventState } from "./internal/world/conversation.ts"

/** A call that was made to the simulator. */
export interface Call {
  readonly endpoint: Endpoint
  /** When it arrived, in epoch milliseconds. */
  readonly at: number
  /** What it was answered; `"dropped"` where it got no answer, because of a fault or because its client gave up. */
  readonly status: number | "waiting" | "dropped"
}

/** What can be asked of a simulator, and done to it. */
export class Simulator extends Context.Service<
  Simulator,
  {
    /** Makes the next calls of an endpoint go wrong: one, unless `times` says otherwise. Faults wait in line. */
    readonly fault: (endpoint: Endpoint, fault: Fault, options?: { readonly times?: number }) => Effect.Effect<void>
    /** Forgets the faults that are still waiting. */
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
  }
>()("@effect-liveperson/simulator/Simulator") {}

export type { ConversationState, DialogState, Engagement, EventState }

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
}

/** The account and app that a simulator knows unless it is told otherwise. */
export const credentials = {
  accountId: "12345678",
  clientId: "simulator-client-id",
  clientSecret: Redacted.make("simulator-client-secret", { label: "clientSecret" })
}

class Dropped extends Data.TaggedError("Dropped") {}

const hasSocket = (source: unknown): source is { readonly socket: { readonly destroy: () => void } } =>
  Predicate.hasProperty(source, "socket") &&
  Predicate.hasProperty(source.socket, "destroy") &&
  Predicate.isFunction(source.socket.destroy)

/** Ends the connection without an answer: the socket is destroyed, or where there is none, the client is told. */
const drop = Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ source }) =>
  hasSocket(source)
    ? Effect.andThen(
        Effect.sync(() => source.socket.destroy()),
        Effect.never
      )
    : Effect.die(new Dropped())
)

const make = Effect.fnUntraced(function* (options: Options) {
  const account = {
    accountId: AccountId.make(options.accountId ?? credentials.accountId),
    clientId: options.clientId ?? credentials.clientId,
    clientSecret: options.clientSecret ?? credentials.clientSecret,
    appTokenLifetime: options.appTokenLifetime ?? 3600,
    appInstallId: options.appInstallId ?? options.clientId ?? credentials.clientId
  }
  const tokens = yield* makeTokens
  const storage = yield* makeStorage(account.accountId)
  const world = makeWorld({ survey: options.survey ?? false }, storage)
  const endpoints: Record<Endpoint, Answering> = {
    ...makeEndpoints(account, tokens, world),
    storage: storage.endpoint,
    engagement: makeMonitoring(account, options.engagement)
  }
  const faults = Faults.make()
  const calls: Array<Call> = []

  const answer = Effect.fnUntraced(function* (endpoint: Endpoint, reply: Answering) {
    const fault = faults.take(endpoint)
    switch (fault?._tag) {
      case undefined:
        return yield* reply
      case "Status": {
        const response = { status: fault.status, headers: fault.headers }
        return fault.body === undefined
          ? HttpServerResponse.empty(response)
          : HttpServerResponse.jsonUnsafe(fault.body, response)
      }
      case "Latency":
        yield* Effect.sleep(fault.duration)
        return yield* reply
      case "Drop":
        if (fault.processed) yield* reply
        return undefined
      case "Garbage":
        if (fault.processed) yield* reply
        return HttpServerResponse.text(fault.text, { status: fault.status, contentType: fault.contentType })
    }
  })

  const serve = Effect.fnUntraced(function* (endpoint: Endpoint) {
    const at = yield* Clock.currentTimeMillis
    const nth = calls.push({ endpoint, at, status: "waiting" }) - 1
    const answered = (status: Call["status"]) => {
      calls[nth] = { endpoint, at, status }
    }
    const response = yield* answer(endpoint, endpoints[endpoint]).pipe(
      Effect.onExit((exit) => Effect.sync(() => answered((Exit.isSuccess(exit) && exit.value?.status) || "dropped")))
    )
    return response ?? (yield* drop)
  })

  const routes = HttpRouter.addAll([
    HttpRouter.route("GET", "/api/account/:accountId/service/baseURI.json", serve("domains")),
    HttpRouter.route("GET", "/api/account/:accountId/service/:service/baseURI.json", serve("domains")),
    HttpRouter.route("POST", "/sentinel/api/account/:accountId/app/token", serve("sentinel")),
    HttpRouter.route("POST", "/api/account/:accountId/consumer", serve("idp")),
    HttpRouter.route("POST", "/api/account/:accountId/messaging/consumer/conversation", serve("conversation")),
    HttpRouter.route("POST", "/api/account/:accountId/messaging/consumer/conversation/send", serve("send")),
    HttpRouter.route("PUT", `${folder}/*`, serve("storage")),
    HttpRouter.route("GET", `${folder}/*`, serve("storage")),
    HttpRouter.route("POST", "/api/account/:accountId/app/:appInstallId/engagement", serve("engagement"))
  ])

  const simulator = Simulator.of({
    fault: (endpoint, fault, options) => Effect.sync(() => faults.add(endpoint, fault, options?.times ?? 1)),
    clearFaults: Effect.sync(faults.clear),
    calls: Effect.sync(() => [...calls]),
    conversations: world.conversations,
    file: storage.file,
    close: world.close,
    revoke: tokens.revoke
  })

  return { routes, simulator }
})

type Routes = Effect.Success<ReturnType<typeof make>>["routes"]

/** A client whose calls are answered by the routes themselves: no socket, but what a client would see of one. */
const clientOf = Effect.fnUntraced(function* (routes: Routes) {
  const app = yield* HttpRouter.toHttpEffect(routes)
  return HttpClient.make((request, url) => {
    const inbound = HttpServerRequest.fromClientRequest(request).modify({
      url: url.pathname + url.search,
      headers: Headers.set(request.headers, "host", url.host)
    })
    return app.pipe(
      Effect.provideService(HttpServerRequest.HttpServerRequest, inbound),
      Effect.scoped,
      Effect.catch((error) => HttpServerRespondable.toResponseOrElse(error, HttpServerResponse.empty({ status: 500 }))),
      Effect.map((response) => HttpServerResponse.toClientResponse(response, { request })),
      Effect.catchDefect((defect) =>
        defect instanceof Dropped
          ? Effect.fail(new HttpClientError({ reason: new TransportError({ request, cause: { code: "ECONNRESET" } }) }))
          : Effect.die(defect)
      )
    )
  })
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

/** Serves the simulator on an `HttpServer`, for any client in any language. */
export const layerServer = (options: Options = {}): Layer.Layer<Simulator, never, HttpServer.HttpServer> =>
  Layer.unwrap(
    Effect.map(make(options), ({ routes, simulator }) =>
      HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
        Layer.merge(Layer.succeed(Simulator, simulator))
      )
    )
  ).pipe(redactedHeaders)
