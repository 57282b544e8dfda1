/**
 * Comparisons: sides that do the same work in turns (A B A B …), after a warm-up, on the same machine in the same run.
 */
import { Console, Effect, Schema } from "effect"
import * as Figures from "./Figures.ts"
import * as Process from "./Process.ts"
import type { Round } from "./Side.ts"

/** How one side fared beside the first of its comparison, the peer: above 1 is more of it. */
export const Row = Schema.Struct({
  side: Schema.String,
  /** How much of the work was done in a second. */
  perSecond: Figures.Figure,
  /** What of the processor one piece of the work took, in microseconds. */
  cpuMicros: Figures.Figure,
  throughputRatio: Schema.Finite,
  cpuRatio: Schema.Finite
})
export type Row = typeof Row.Type

export const Comparison = Schema.Struct({
  name: Schema.String,
  what: Schema.String,
  rounds: Schema.Int,
  times: Schema.Int,
  rows: Schema.Array(Row)
})
export type Comparison = typeof Comparison.Type

interface Plan {
  readonly name: string
  /** What one piece of the work is. */
  readonly what: string
  /** Modules under `src`; the first is the peer that the others are compared with. */
  readonly sides: Readonly<Record<string, string>>
  readonly args?: ReadonlyArray<string>
  /** How often the work is done in a round. */
  readonly times: number
  readonly rounds?: number
  readonly warmUp?: number
}

const perSecond = ({ seconds, times }: Round) => times / seconds
const cpuMicros = ({ cpuSeconds, times }: Round) => (cpuSeconds / times) * 1e6

const print = ({ name, rows, what }: Comparison) =>
  Effect.gen(function* () {
    yield* Console.log(`\n${name} (${what})`)
    yield* Console.log(
      `${"".padEnd(28)} ${"a second".padEnd(26)} ${"ratio".padEnd(7)} ${"CPU µs each".padEnd(22)} ratio`
    )
    for (const row of rows) {
      yield* Console.log(
        [
          row.side.padEnd(28),
          Figures.told(row.perSecond).padEnd(26),
          row.throughputRatio.toFixed(2).padEnd(7),
          Figures.told(row.cpuMicros).padEnd(22),
          row.cpuRatio.toFixed(2)
        ].join(" ")
      )
    }
  })

/** Runs a comparison and prints it. */
export const run = Effect.fnUntraced(function* (plan: Plan) {
  const { args = [], name, rounds = 9, sides, times, warmUp = 3, what } = plan
  const running = yield* Effect.forEach(Object.entries(sides), ([label, module]) =>
    Effect.map(Process.side(module, args), (client) => ({ label, client, measured: Array<Round>() }))
  )
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { client, measured } of running) {
      const one = yield* client.run({ times })
      if (round >= 0) measured.push(one)
    }
  }
  const all = running.map(({ label, measured }) => ({
    side: label,
    perSecond: Figures.of(measured.map(perSecond)),
    cpuMicros: Figures.of(measured.map(cpuMicros))
  }))
  const [peer] = all
  const rows = all.map((one) => ({
    ...one,
    throughputRatio: one.perSecond.median / (peer?.perSecond.median ?? Number.NaN),
    cpuRatio: one.cpuMicros.median / (peer?.cpuMicros.median ?? Number.NaN)
  }))
  const comparison: Comparison = { name, what, rounds, times, rows }
  yield* print(comparison)
  return comparison
}, Effect.scoped)
