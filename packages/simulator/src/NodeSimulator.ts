/**
 * The simulator on a port of this machine, on Node.
 *
 * ```ts
 * import { NodeSimulator } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const listening = Effect.gen(function* () {
 *   return yield* NodeSimulator.url
 * }).pipe(Effect.provide(NodeSimulator.layer()))
 * ```
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import { createServer } from "node:http"
import * as Simulator from "./Simulator.ts"

/** Options of {@link layer}. */
export interface Options extends Simulator.Options {
  /** The port to listen on; 0, the default, takes one that is free. */
  readonly port?: number
  /** The address to listen on: loopback, unless it is said otherwise. */
  readonly host?: string
}

/** Starts the simulator and stops it with its scope. Fails with `ServeError` when the port cannot be had. */
export const layer = (options: Options = {}): Layer.Layer<Simulator.Simulator | HttpServer.HttpServer, ServeError> =>
  Simulator.layerServer(options).pipe(
    Layer.provide(NodeHttpClient.layerUndici),
    Layer.provideMerge(
      NodeHttpServer.layerServer(createServer, { port: options.port ?? 0, host: options.host ?? "127.0.0.1" })
    )
  )

/** Where the simulator listens, such as `http://127.0.0.1:49152`: what `LP_DOMAIN_API` is to be. */
export const url: Effect.Effect<string, never, HttpServer.HttpServer> = HttpServer.addressFormattedWith(Effect.succeed)
