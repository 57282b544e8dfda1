/**
 * The simulator's URLs: what each call is answered, unless a fault has its way with it, and a log of them all.
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import type { Endpoint } from "../Fault.ts"
import type { Answering } from "./endpoints.ts"
import * as Faults from "./faults.ts"
import { folder } from "./storage.ts"

/** A call that was made to the simulator. */
export interface Call {
  readonly endpoint: Endpoint
  /** When it arrived, in epoch milliseconds. */
  readonly at: number
  /** What it was answered; `"dropped"` where it got no answer, because of a fault or because its client gave up. */
  readonly status: number | "waiting" | "dropped"
}

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

export const make = (endpoints: Record<Endpoint, Answering>) => {
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

  return { routes, faults, calls: Effect.sync((): ReadonlyArray<Call> => [...calls]) }
}

export type Routes = ReturnType<typeof make>["routes"]
