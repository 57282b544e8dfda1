/** Effect's own server by itself: the body is read, and nothing is checked. Prints where it listens. */
import { NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer } from "effect"
import { HttpRouter, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"

const ok = HttpServerResponse.empty({ status: 200 })

const route = HttpRouter.add(
  "POST",
  "/lp",
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ arrayBuffer }) => Effect.as(arrayBuffer, ok))
)

const Live = HttpRouter.serve(route, { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" }))
)

Effect.andThen(
  HttpServer.addressFormattedWith((url) => Console.log(url)),
  Effect.never
).pipe(Effect.provide(Live), NodeRuntime.runMain)
