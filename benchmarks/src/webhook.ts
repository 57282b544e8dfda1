/**
 * The webhook endpoint: how many deliveries a second it takes beside what people write with Express, and how long an
 * answer takes at half of that, with handlers that take no time and with handlers that take a second.
 */
import { Array, Clock, Effect, Schedule, Stream } from "effect"
import { Pool } from "undici"
import * as Compare from "./harness/Compare.ts"
import * as Figures from "./harness/Figures.ts"
import * as Process from "./harness/Process.ts"
import * as Result from "./harness/Result.ts"
import { delivery } from "./sides/delivery.ts"

const seconds = 5

/** Answer times in milliseconds, at a steady rate. */
const latencies = Effect.fnUntraced(function* (url: string, rate: number) {
  const pool = yield* Effect.acquireRelease(
    Effect.sync(() => new Pool(url, { connections: 64 })),
    (pool) => Effect.promise(() => pool.destroy())
  )
  const post = Effect.fnUntraced(function* (sequence: number) {
    const { body, headers } = delivery(sequence)
    const before = yield* Clock.currentTimeNanos
    yield* Effect.promise(async () => {
      const answer = await pool.request({ path: "/lp", method: "POST", headers, body })
      await answer.body.dump()
    })
    return globalThis.Number((yield* Clock.currentTimeNanos) - before) / 1e6
  })
  // Other numbers than those of the comparison before it: an event that was received once is not received again.
  const first = 10_000_000
  yield* Effect.forEach(Array.range(first, first + 2_000), post, { concurrency: 16, discard: true })
  const ticks = 200
  const perTick = Math.max(1, Math.round(rate / ticks))
  return yield* Stream.fromIterable(Array.range(first + 10_000, first + 10_000 + perTick * ticks * seconds)).pipe(
    Stream.grouped(perTick),
    Stream.schedule(Schedule.fixed(1000 / ticks)),
    Stream.flattenIterable,
    Stream.mapEffect(post, { concurrency: "unbounded" }),
    Stream.runCollect
  )
}, Effect.scoped)

const percentiles = (times: ReadonlyArray<number>): Parameters<typeof Result.row>[1] => ({
  p50: ["ms", Figures.percentile(times, 0.5)],
  p99: ["ms", Figures.percentile(times, 0.99)],
  "p99.9": ["ms", Figures.percentile(times, 0.999)],
  most: ["ms", Figures.percentile(times, 1)]
})

export const run = Effect.gen(function* () {
  const core = yield* Process.server("sides/webhookCore")
  const express = yield* Process.server("sides/webhookExpress")
  const bare = yield* Process.server("sides/webhookBare")
  const throughput = yield* Compare.run({
    name: "Webhook endpoint",
    what: "deliveries verified, decoded, taken and answered, 32 in flight",
    sides: {
      "Express + HMAC + JSON.parse": ["sides/webhookLoad", express],
      "Effect HttpRouter, unchecked": ["sides/webhookLoad", bare],
      core: ["sides/webhookLoad", core]
    },
    times: 5_000
  })
  const most = throughput.rows.find(({ side }) => side === "core")?.values[0]?.figure.median ?? 0
  const half = Math.round(most / 2)
  const slow = yield* Process.server("sides/webhookCore", ["1000"])
  const sides = { "Express + HMAC + JSON.parse": express, core, "core, handlers of one second": slow }
  const rows: Array<Result.Row> = []
  for (const [side, url] of Object.entries(sides)) {
    rows.push(Result.row(side, percentiles(yield* latencies(url, half))))
  }
  return [
    throughput,
    Result.of("Answer times of the webhook endpoint", `${half} deliveries a second, half of what core takes`, rows)
  ]
}).pipe(Effect.scoped)
