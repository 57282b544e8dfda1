/**
 * Deliveries as bytes, signed before anything is measured, and connections that write them: so little is done for one
 * that what is measured is the server.
 */
import { connect, type Socket } from "node:net"
import { delivery } from "./delivery.ts"

/** Deliveries from the nth on, each with its HTTP request around it. */
export const deliveries = (host: string, nth: number, count: number): ((index: number) => Buffer) => {
  const parts: Array<Buffer> = []
  const ends: Array<number> = [0]
  let end = 0
  for (let index = 0; index < count; index += 1) {
    const { body, headers } = delivery(nth + index)
    const lines = Object.entries({ host, ...headers, "content-length": Buffer.byteLength(body) })
    const part = Buffer.from(
      `POST /lp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`
    )
    parts.push(part)
    end += part.length
    ends.push(end)
  }
  const all = Buffer.concat(parts)
  return (index) => {
    if (index >= count) throw new Error("there are no more deliveries")
    return all.subarray(ends[index], ends[index + 1])
  }
}

/** A connection with one delivery at a time. Anything but a 200, in one piece as it comes on loopback, ends the process. */
export class Connection {
  answered: () => void = () => undefined
  readonly socket: Socket
  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on("data", (answer) => {
      if (answer.toString("latin1", 0, 12) !== "HTTP/1.1 200") throw new Error(`answered ${answer.toString()}`)
      this.answered()
    })
  }
}

export const connections = (url: string, count: number): Promise<ReadonlyArray<Connection>> =>
  Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Connection>((resolve, reject) => {
          const { hostname, port } = new URL(url)
          const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)))
          socket.once("error", reject)
        })
    )
  )

/** Keeps the process from sleeping, so that the server need not wake it, which on some machines costs more than an answer. */
export const awake = (): (() => void) => {
  let over = false
  const spin = (): void => {
    if (!over) setImmediate(spin)
  }
  spin()
  return () => {
    over = true
  }
}
