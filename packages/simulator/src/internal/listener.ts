/**
 * The port that the simulator listens on. With a certificate it speaks TLS and plain HTTP, whichever a client begins
 * with: some ask the Domain API by `http` and everything that it names by `https`, at one host and port.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import { ServeError } from "effect/http/HttpServerError"
import * as Layer from "effect/Layer"
import { Server } from "node:http"
import { Socket } from "node:net"
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls"
import type { Pair } from "./certificate.ts"

/** The first byte of a TLS handshake; no method of HTTP begins with it. */
const handshake = 0x16

/** An HTTP server that, given a certificate, looks at what a client says first before it decides what reads on. */
class Listener extends Server {
  readonly #secured: TlsServer | undefined
  readonly #sockets = new Set<Socket>()
  readonly #decided = new WeakSet<Socket>()

  constructor(pair: Pair | undefined) {
    super()
    this.#secured =
      pair &&
      createTlsServer({ ...pair, ALPNProtocols: ["http/1.1"] }, (socket) => this.#read(socket)).on(
        "tlsClientError",
        (_error, socket) => socket.destroy()
      )
  }

  override emit(event: string, ...args: ReadonlyArray<unknown>): boolean {
    const [socket] = args
    if (event !== "connection" || !(socket instanceof Socket) || this.#decided.has(socket)) {
      return super.emit(event, ...args)
    }
    this.#sockets.add(socket)
    socket.once("close", () => this.#sockets.delete(socket))
    return this.#secured === undefined ? this.#read(socket) : this.#decide(socket, this.#secured)
  }

  /** Ends every connection, whatever is under way on it. */
  destroyAll() {
    for (const socket of this.#sockets) socket.destroy()
  }

  #decide(socket: Socket, secured: TlsServer) {
    const destroy = () => socket.destroy()
    socket.on("error", destroy).setTimeout(this.headersTimeout, destroy)
    socket.once("readable", () => {
      socket.setTimeout(0).off("timeout", destroy)
      const first: unknown = socket.read(1)
      if (!(first instanceof Uint8Array)) return destroy()
      socket.unshift(first)
      return first[0] === handshake ? secured.emit("connection", socket) : this.#read(socket)
    })
    return true
  }

  #read(socket: Socket) {
    this.#decided.add(socket)
    return super.emit("connection", socket)
  }
}

/** Options of {@link layer}. */
export interface Options {
  readonly port: number
  readonly host: string
  readonly tls: Pair | undefined
}

/** What is under way when the simulator stops has this long to end: streams go on until they are cut. */
const grace = "300 millis"

/** Listens; stops with its scope, whoever is still connected. */
export const layer = ({ host, port, tls }: Options): Layer.Layer<HttpServer.HttpServer, ServeError> =>
  Layer.effect(
    HttpServer.HttpServer,
    Effect.gen(function* () {
      const server = yield* Effect.try({ try: () => new Listener(tls), catch: (cause) => new ServeError({ cause }) })
      const listening = yield* NodeHttpServer.make(() => server, { port, host, gracefulShutdownTimeout: grace })
      yield* Effect.addFinalizer(() => Effect.sync(() => server.destroyAll()))
      return listening
    })
  )
