/**
 * How much memory an upload takes at most: a process of its own for each, so that nothing is left over from another; by
 * a stream, and against it by bytes that are held as a whole.
 */
import { Effect } from "effect"
import * as Process from "./harness/Process.ts"
import * as Result from "./harness/Result.ts"

const rounds = 5

const variants = [
  { name: "streamed, 3 MB", how: "streamed", megabytes: 3 },
  { name: "held, 3 MB", how: "held", megabytes: 3 },
  { name: "streamed, 300 MB", how: "streamed", megabytes: 300 },
  { name: "held, 300 MB", how: "held", megabytes: 300 }
] as const

export const run = Effect.gen(function* () {
  const sink = yield* Process.server("sides/sink")
  const measured = variants.map((variant) => ({ ...variant, peaks: Array<number>() }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { how, megabytes, peaks } of measured) {
      const kilobytes = yield* Process.output("sides/uploadOnce", [sink, how, String(megabytes)])
      peaks.push(Number(kilobytes) / 1024)
    }
  }
  return [
    Result.of(
      "Memory of a process that uploads one file",
      "the most it ever had",
      measured.map(({ name, peaks }) => Result.row(name, { peak: ["MB", peaks] }))
    )
  ]
}).pipe(Effect.scoped)
