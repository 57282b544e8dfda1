/**
 * Whether memory grows: over many requests of one consumer, and over many consumers. `MILLION=1` makes it a million
 * requests and a hundred thousand consumers in place of a tenth of them.
 */
import { Effect } from "effect"
import * as Process from "./harness/Process.ts"
import * as Result from "./harness/Result.ts"

const scale = process.env["MILLION"] === "1" ? 10 : 1
const steps = 5

/** The heap after each of so many pieces of the work, when all garbage is gone. */
const heaps = Effect.fnUntraced(function* (work: string, times: number) {
  const side = yield* Process.side("sides/memory", [work])
  yield* side.run({ times: times / steps })
  const sizes = [(yield* side.settle()).heap]
  for (let step = 0; step < steps; step += 1) {
    yield* side.run({ times: times / steps })
    sizes.push((yield* side.settle()).heap)
  }
  return sizes
}, Effect.scoped)

const growth = (sizes: ReadonlyArray<number>): number => (sizes.at(-1) ?? 0) - (sizes[0] ?? 0)

const megabytes = (bytes: number): number => bytes / 2 ** 20

export const run = Effect.gen(function* () {
  const requests = 100_000 * scale
  const consumers = 10_000 * scale
  const sent = yield* heaps("requests", requests)
  const known = yield* heaps("consumers", consumers)
  return [
    Result.of(`Memory after ${requests} requests`, "heap at the beginning and after each fifth", [
      Result.row("core", {
        ...Object.fromEntries(sent.map((size, step) => [`${step}/${steps}`, ["MB", megabytes(size)] as const])),
        "a request": ["bytes", growth(sent) / requests]
      })
    ]),
    Result.of(
      `Memory with ${consumers} consumers`,
      "each with a conversation; heap at the beginning and after each fifth",
      [
        Result.row("core", {
          ...Object.fromEntries(known.map((size, step) => [`${step}/${steps}`, ["MB", megabytes(size)] as const])),
          "an idle consumer": ["bytes", growth(known) / consumers]
        })
      ]
    )
  ]
})
