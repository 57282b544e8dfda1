/** Connections to a port of this machine that are open and stay so. */
import { Effect } from "effect"
import * as Http from "node:http"
import { connect, type Socket } from "node:net"

/** A connection, and its end. */
export interface Connected {
  readonly closed: Effect.Effect<void>
}

export const ofSocket = (socket: Socket): Connected => {
  const end = new Promise<void>((resolve) => {
    socket.on("close", () => resolve())
  })
  socket.on("error", () => {})
  return { closed: Effect.promise(() => end) }
}

/** Nothing is said on it. */
export const silent = (port: number) =>
  Effect.callback<Connected>((resume) => {
    const socket = connect(port, "127.0.0.1", () => resume(Effect.succeed(ofSocket(socket))))
  })

/** What is answered goes on and on. */
export const streaming = (port: number) =>
  Effect.callback<Connected>((resume) => {
    Http.get({ port, host: "127.0.0.1", path: "/_simulator/live", agent: false }, (response) => {
      response.on("error", () => {})
      response.once("data", () => {
        response.resume()
        resume(Effect.succeed(ofSocket(response.socket)))
      })
    })
  })

/** It was answered, and may be used again. */
export const idle = (port: number) =>
  Effect.callback<Connected>((resume) => {
    const agent = new Http.Agent({ keepAlive: true })
    Http.get({ port, host: "127.0.0.1", path: "/_simulator/info", agent }, (response) => {
      const { socket } = response
      response.resume().on("end", () => resume(Effect.succeed(ofSocket(socket))))
    })
  })
