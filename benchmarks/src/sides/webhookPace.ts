/**
 * LivePerson's side of a webhook: so many deliveries a second, whether or not those before are answered. Prints how long
 * the answers took, from when each delivery was due.
 */
import { percentile } from "../harness/Figures.ts"
import { connections, deliveries } from "./posting.ts"

const [, , url = "", rate = "", seconds = ""] = process.argv

// Each time other dialogs' events than before: one that was received once is not received again.
const first = 10_000_000 + Math.floor(performance.timeOrigin)

/** Answer times in milliseconds. */
const pace = async (from: number, count: number): Promise<ReadonlyArray<number>> => {
  const next = deliveries(new URL(url).host, first + from, count)
  const free = [...(await connections(url, 64))]
  const open = [...free]
  const waiting: Array<number> = []
  const times: Array<number> = []
  const start = performance.now()
  const dueAt = (nth: number) => start + (nth * 1000) / Number(rate)
  await new Promise<void>((resolve) => {
    const post = (connection: (typeof free)[number], nth: number): void => {
      connection.answered = () => {
        times.push(performance.now() - dueAt(nth))
        if (times.length === count) return resolve()
        const another = waiting.shift()
        if (another === undefined) free.push(connection)
        else post(connection, another)
      }
      connection.socket.write(next(nth))
    }
    let nth = 0
    const tick = (): void => {
      for (const now = performance.now(); nth < count && dueAt(nth) <= now; nth += 1) {
        const connection = free.pop()
        if (connection === undefined) waiting.push(nth)
        else post(connection, nth)
      }
      if (nth < count) setImmediate(tick)
    }
    tick()
  })
  for (const { socket } of open) socket.destroy()
  return times
}

const warmUp = 10_000
await pace(0, warmUp)
const times = await pace(warmUp, Number(rate) * Number(seconds))
console.log(JSON.stringify([0.5, 0.99, 0.999, 1].map((part) => percentile(times, part))))
