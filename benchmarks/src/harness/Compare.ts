/**
 * Comparisons: sides that do the same work in turns (A B A B …), after a warm-up, on the same machine in the same run.
 */
import { Effect } from "effect"
import * as Process from "./Process.ts"
import * as Result from "./Result.ts"
import type { Round } from "./Side.ts"

interface Plan {
  readonly name: string
  /** What one piece of the work is. */
  readonly what: string
  /** Modules under `src` with their arguments; the first is the peer that the others are compared with. */
  readonly sides: Readonly<Record<string, readonly [module: string, ...args: ReadonlyArray<string>]>>
  /** How often the work is done in a round. */
  readonly times: number
  readonly rounds?: number
  readonly warmUp?: number
}

/** Runs a comparison: throughput and processor time of every side. */
export const run = Effect.fnUntraced(function* ({ name, rounds = 9, sides, times, warmUp = 3, what }: Plan) {
  const running = yield* Effect.forEach(Object.entries(sides), ([label, [module, ...args]]) =>
    Effect.map(Process.side(module, args), (client) => ({ label, client, measured: Array<Round>() }))
  )
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { client, measured } of running) {
      const one = yield* client.run({ times })
      if (round >= 0) measured.push(one)
    }
  }
  return Result.of(
    name,
    what,
    running.map(({ label, measured }) =>
      Result.row(label, {
        throughput: ["/s", measured.map(({ seconds, times }) => times / seconds)],
        CPU: ["µs each", measured.map(({ cpuSeconds, times }) => (cpuSeconds / times) * 1e6)]
      })
    )
  )
}, Effect.scoped)
