/**
 * The simulator's URLs: what each call is answered, unless a fault has its way with it or there were too many of them.
 */
import { AccountId, ConsumerJWSRequest } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpMiddleware from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import type { CallFault, Endpoint } from "../Fault.ts"
import type { Call, Place } from "../Wire.ts"
import { cutShort, slowly } from "./bodies.ts"
import { type Answering, tokenIn } from "./endpoints.ts"
import { type Acting, draw, type Faults } from "./faults.ts"
import type { Reply } from "./reply.ts"
import { folder } from "./storage.ts"
import type { Tokens } from "./tokens.ts"
import type { Entry, Log } from "./wire.ts"

export class Dropped extends Data.TaggedError("Dropped") {}

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

/** Assumed: pages of any origin may put files and have them, as LivePerson's own sample does. */
const shared = HttpMiddleware.cors({ allowedMethods: ["PUT", "GET"] })

const decodeAccount = Schema.decodeUnknownOption(AccountId)
const decodeConsumer = Schema.decodeOption(Schema.fromJsonString(ConsumerJWSRequest))

/** Assumed: paths are told by their letters' case, as the names of services are. */
export const config = { caseSensitive: true }

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const

/** A URL of LivePerson's, and what answers there. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  readonly path: `/${string}`
  readonly endpoint: Place
  readonly answer: Answering
}

const conversationPath = "/api/account/:accountId/messaging/consumer/conversation"

/** The URLs of every endpoint but the operator's. */
export const routesOf = (answers: Record<Exclude<Endpoint, "operator">, Answering>): ReadonlyArray<Route> => {
  const route = (method: Route["method"], path: Route["path"], endpoint: Exclude<Endpoint, "operator">): Route => ({
    method,
    path,
    endpoint,
    answer: answers[endpoint]
  })
  return [
    route("GET", "/api/account/:accountId/service/baseURI.json", "domains"),
    route("GET", "/api/account/:accountId/service/:service/baseURI.json", "domains"),
    route("POST", "/sentinel/api/account/:accountId/app/token", "sentinel"),
    route("POST", "/api/account/:accountId/consumer", "idp"),
    route("POST", conversationPath, "conversation"),
    route("POST", `${conversationPath}/send`, "send"),
    route("PUT", `${folder}/*`, "storage"),
    route("GET", `${folder}/*`, "storage"),
    route("POST", "/api/account/:accountId/app/:appInstallId/engagement", "engagement")
  ]
}

/** What stands between a call and its answer. */
export interface Between {
  readonly faults: Faults
  readonly random: Random.Random
  readonly tokens: Tokens
  readonly wire: Log
  /** The answer to a call that is one too many. */
  readonly limited: (endpoint: Place, account: string | undefined) => Effect.Effect<Reply | undefined>
}

export const make = (routes: ReadonlyArray<Route>, { faults, limited, random, tokens, wire }: Between) => {
  /** Who a call is made for, as far as it says so, and whether or not it may. */
  const consumerOf = (endpoint: Place, request: HttpServerRequest.HttpServerRequest, body: string) => {
    if (endpoint === "idp") return Option.getOrUndefined(decodeConsumer(body))?.ext_consumer_id
    const token = tokenIn(request.headers["x-lp-on-behalf"])
    return token === undefined ? undefined : tokens.consumerOf(token)?.ext_consumer_id
  }

  /** The answer as a fault leaves it; `undefined` where it leaves none. */
  const spoilt = Effect.fnUntraced(function* (fault: CallFault | undefined, reply: Answering) {
    switch (fault?._tag) {
      case undefined:
      case "Latency":
      case "Revoke":
      case "SlowBody":
        return yield* reply
      case "Status": {
        const response = { status: fault.status, headers: fault.headers }
        return fault.body === undefined
          ? HttpServerResponse.empty(response)
          : HttpServerResponse.jsonUnsafe(fault.body, response)
      }
      case "Drop":
        if (fault.processed) yield* reply
        return undefined
      case "Truncated":
        return cutShort(yield* reply, fault.bytes)
      case "Garbage":
        if (fault.processed) yield* reply
        return HttpServerResponse.text(fault.text, { status: fault.status, contentType: fault.contentType })
    }
  })

  const answered = Effect.fnUntraced(function* (
    call: Call,
    reply: Answering,
    acting: ReadonlyArray<Acting<CallFault>>
  ) {
    for (const { fault, random } of acting) {
      if (fault._tag === "Latency") yield* Effect.sleep(draw(fault.distribution, random))
      if (fault._tag === "Revoke") tokens.revoke(fault.kind)
    }
    const fault = acting.at(-1)?.fault
    const response = yield* spoilt(
      fault,
      Effect.flatMap(limited(call.endpoint, call.account), (refused) =>
        refused === undefined ? reply : Effect.succeed(refused)
      )
    )
    return { response, slow: fault?._tag === "SlowBody" ? fault.duration : undefined }
  })

  const taken = Effect.fnUntraced(function* (
    entry: Entry<Call>,
    request: HttpServerRequest.HttpServerRequest,
    { answer, endpoint }: Pick<Route, "answer" | "endpoint">
  ) {
    const { headers } = request
    const { row } = entry
    // A file is not kept: it is told by its size.
    const body = endpoint === "storage" ? `(${headers["content-length"] ?? 0} bytes)` : yield* request.text
    entry.request = { headers, body }
    row.consumer = consumerOf(endpoint, request, body)
    const acting = faults.ofCall(row)
    row.fault = acting.at(-1)?.id
    return yield* answered(row, answer, acting)
  })

  const serve = Effect.fnUntraced(function* ({ answer, endpoint }: Pick<Route, "answer" | "endpoint">) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const params = yield* HttpRouter.params
    const accountId = endpoint === "storage" ? params["*"]?.split("/")[0] : params["accountId"]
    const { headers, method, url } = request
    const at = yield* Clock.currentTimeMillis
    const account = Option.getOrUndefined(decodeAccount(accountId))
    const entry = wire.begin<Call>(
      (started) => ({
        _tag: "Call",
        ...started,
        at,
        method,
        endpoint,
        path: url,
        account,
        consumer: undefined,
        payloads: [],
        fault: undefined
      }),
      { headers, body: "" }
    )
    const ended = (response: Reply | undefined) =>
      Effect.map(Clock.currentTimeMillis, (now) => wire.end(entry, now, response?.status ?? "dropped", response))

    const { response, slow } = yield* taken(entry, request, { answer, endpoint }).pipe(
      Effect.provideService(Random.Random, random),
      Effect.onError(() => ended(undefined))
    )
    if (response !== undefined && slow !== undefined) {
      return slowly(response, slow, (exit) => ended(Exit.isSuccess(exit) ? response : undefined))
    }
    yield* ended(response)
    return response ?? (yield* drop)
  })

  /** The methods that a URL does not know. Assumed: they are answered as HTTP says. */
  const misused = routes
    .filter(({ path }, nth) => routes.findIndex((route) => route.path === path) === nth)
    .flatMap(({ endpoint, path }) => {
      const allowed = routes.filter((route) => route.path === path).map(({ method }): string => method)
      const headers = { allow: allowed.join(", ") }
      const call = serve({ endpoint, answer: Effect.succeed(HttpServerResponse.empty({ status: 405, headers })) })
      return methods.filter((method) => !allowed.includes(method)).map((method) => HttpRouter.route(method, path, call))
    })

  const nowhere = Effect.succeed(HttpServerResponse.empty({ status: 404 }))

  return HttpRouter.addAll([
    ...misused,
    // A URL that was mistyped is what a newcomer has to see.
    ...methods.map((method) => HttpRouter.route(method, "*", serve({ endpoint: "elsewhere", answer: nowhere }))),
    // A browser asks whether it may before it puts a file elsewhere than where its page is from.
    HttpRouter.route("OPTIONS", `${folder}/*`, shared(Effect.succeed(HttpServerResponse.empty()))),
    ...routes.map((route) => {
      const answer = serve(route)
      return HttpRouter.route(route.method, route.path, route.endpoint === "storage" ? shared(answer) : answer)
    })
  ])
}

export type Routes = ReturnType<typeof make>
