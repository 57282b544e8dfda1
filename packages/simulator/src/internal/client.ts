/**
 * The simulator without a socket.
 */
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, TransportError } from "effect/http/HttpClientError"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { config, Dropped, type Routes } from "./routes.ts"

/** A client whose calls are answered by the routes themselves: no socket, but what a client would see of one. */
export const clientOf = Effect.fnUntraced(function* (routes: Routes) {
  const app = yield* Effect.provideService(HttpRouter.toHttpEffect(routes), HttpRouter.RouterConfig, config)
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
