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
 *
 * With a certificate it answers `https` and `http`, at the same port:
 *
 * ```ts
 * import { NodeSimulator } from "@effect-liveperson/simulator"
 * import { Effect, Layer } from "effect"
 *
 * const Secured = Layer.unwrap(Effect.map(NodeSimulator.selfSigned(), (tls) => NodeSimulator.layer({ tls })))
 * ```
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpServer from "effect/http/HttpServer"
import type { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import type { PlatformError } from "effect/PlatformError"
import { type Pair, selfSigned as makeSelfSigned } from "./internal/certificate.ts"
import * as Listener from "./internal/listener.ts"
import { StateError } from "./internal/persistence.ts"
import * as Simulator from "./Simulator.ts"

/** A certificate and its private key, both in PEM. */
export type Certificate = Pair

/** Options of {@link layer}. */
export interface Options extends Simulator.Options {
  /** The port to listen on; 0, the default, takes one that is free. */
  readonly port?: number
  /** The address to listen on: loopback, unless it is said otherwise. */
  readonly host?: string
  /** What `https` is answered with; `http` is answered all the same. */
  readonly tls?: Certificate
}

const Scheme = Context.Reference<"http" | "https">("@effect-liveperson/simulator/NodeSimulator/Scheme", {
  defaultValue: () => "http"
})

/**
 * A certificate for loopback, and for `host`. It is its own authority: clients that are given `cert` as one they trust,
 * trust the simulator.
 */
export const selfSigned = (host = "127.0.0.1"): Effect.Effect<Certificate> => makeSelfSigned(host)

/** Where the simulator listens, such as `http://127.0.0.1:49152`: what `LP_DOMAIN_API` is to be. */
export const url: Effect.Effect<string, never, HttpServer.HttpServer> = Effect.flatMap(Scheme, (scheme) =>
  HttpServer.addressFormattedWith((address) => Effect.succeed(address.replace(/^http/, scheme)))
)

/** Starts the simulator and stops it with its scope. Fails with `ServeError` when the port cannot be had. */
export const layer = (options: Options = {}): Layer.Layer<Simulator.Simulator | HttpServer.HttpServer, ServeError> =>
  Simulator.layerServer(options).pipe(
    Layer.provide(NodeHttpClient.layerUndici),
    Layer.provideMerge(
      Listener.layer({ port: options.port ?? 0, host: options.host ?? "127.0.0.1", tls: options.tls })
    ),
    Layer.provideMerge(Layer.succeed(Scheme, options.tls === undefined ? "http" : "https"))
  )

/** A file is there whole or not at all, whenever the process ends: it is written elsewhere and then moved. */
const whole = (directory: string) =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const moved = (to: string, write: (file: string) => Effect.Effect<void, PlatformError>) => {
        const file = path.join(directory, `${path.basename(to)}.new`)
        return Effect.onError(Effect.andThen(write(file), fs.rename(file, to)), () => Effect.ignore(fs.remove(file)))
      }
      return FileSystem.FileSystem.of({
        ...fs,
        writeFile: (path, data, options) => moved(path, (file) => fs.writeFile(file, data, options)),
        writeFileString: (path, data, options) => moved(path, (file) => fs.writeFileString(file, data, options))
      })
    })
  )

/**
 * Keeps the state in a directory, for the next run:
 *
 * ```ts
 * import { NodeSimulator } from "@effect-liveperson/simulator"
 * import { Layer } from "effect"
 *
 * const Kept = NodeSimulator.layer().pipe(Layer.provide(NodeSimulator.layerData("./liveperson")))
 * ```
 *
 * One simulator at a time. Fails with `StateError` where the directory can neither be read nor written, or what is in it
 * is damaged.
 */
export const layerData = (directory: string): Layer.Layer<never, Simulator.StateError> =>
  Layer.unwrap(
    Effect.map(Path.Path, (path) =>
      Simulator.layerStore.pipe(
        Layer.provide(KeyValueStore.layerFileSystem(path.join(directory, "state"))),
        Layer.provide(whole(directory)),
        Layer.catchTag("PlatformError", () =>
          Layer.effectDiscard(
            new StateError({ key: "the folder", message: `The state cannot be kept in ${directory}.` })
          )
        )
      )
    )
  ).pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))
