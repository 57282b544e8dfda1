/**
 * The webhook endpoint: how many deliveries a second it takes beside what people write with Express, and how long an
 * answer takes at half of that, with handlers that take no time and with handlers that take a second.
 */
import { Effect, Schema } from "effect"
import * as Compare from "./harness/Compare.ts"
import * as Process from "./harness/Process.ts"
import * as Result from "./harness/Result.ts"

const seconds = 4
const paces = 3
const times = 10_000
const rounds = 9
const warmUp = 3

const Answered = Schema.fromJsonString(Schema.Tuple([Schema.Finite, Schema.Finite, Schema.Finite, Schema.Finite]))

/** Answer times in milliseconds, at a steady rate. */
const latencies = Effect.fnUntraced(function* (url: string, rate: number) {
  return yield* Schema.decodeEffect(Answered)(
    yield* Process.output("sides/webhookPace", [url, String(rate), String(seconds)])
  )
})

export const run = Effect.gen(function* () {
  const core = yield* Process.server("sides/webhookCore")
  const express = yield* Process.server("sides/webhookExpress")
  const bare = yield* Process.server("sides/webhookBare")
  const load = (url: string) => ["sides/webhookLoad", url, String(times * (rounds + warmUp))] as const
  const throughput = yield* Compare.run({
    name: "Webhook endpoint",
    what: "deliveries verified, decoded, taken and answered, 32 in flight",
    sides: {
      "Express + HMAC + JSON.parse": load(express),
      "Effect HttpRouter, unchecked": load(bare),
      core: load(core)
    },
    times,
    rounds,
    warmUp
  })
  const most = throughput.rows.find(({ side }) => side === "core")?.values[0]?.figure.median ?? 0
  const half = Math.round(most / 2)
  const slow = yield* Process.server("sides/webhookCore", ["1000"])
  const sides = { "Express + HMAC + JSON.parse": express, core, "core, handlers of one second": slow }
  const measured = Object.entries(sides).map(([side, url]) => ({
    side,
    url,
    times: Array<typeof Answered.Type>()
  }))
  for (let pace = 0; pace < paces; pace += 1) {
    for (const { times, url } of measured) times.push(yield* latencies(url, half))
  }
  const rows = measured.map(({ side, times }) =>
    Result.row(side, {
      p50: ["ms", times.map(([p50]) => p50)],
      p99: ["ms", times.map(([, p99]) => p99)],
      "p99.9": ["ms", times.map(([, , p999]) => p999)],
      most: ["ms", times.map(([, , , most]) => most)]
    })
  )
  return [
    throughput,
    Result.of("Answer times of the webhook endpoint", `${half} deliveries a second, half of what core takes`, rows)
  ]
}).pipe(Effect.scoped)
