/**
 * How much memory an upload takes: a process of its own for each, so that nothing is left over from another; by a stream
 * and against it by bytes that are held as a whole, in turns.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array, Console, Effect, Number, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { fileURLToPath } from "node:url"

const rounds = 5

const variants = [
  { name: "streamed, 3 MB", how: "streamed", megabytes: 3 },
  { name: "streamed, 300 MB", how: "streamed", megabytes: 300 },
  { name: "streamed, 900 MB", how: "streamed", megabytes: 900 },
  { name: "held, 300 MB", how: "held", megabytes: 300 },
  { name: "held, 900 MB", how: "held", megabytes: 900 }
]

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

const program = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const sink = yield* spawner.spawn(ChildProcess.make(process.execPath, [here("sink.ts")]))
  const [port] = yield* sink.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.take(1), Stream.runCollect)
  const once = ({ how, megabytes }: (typeof variants)[number]) =>
    Effect.map(
      spawner.string(
        ChildProcess.make(process.execPath, [here("uploadOnce.ts"), `http://127.0.0.1:${port}`, how, String(megabytes)])
      ),
      (kilobytes) => globalThis.Number(kilobytes) / 1024
    )
  const table = yield* Effect.forEach(Array.range(1, rounds), () => Effect.forEach(variants, once))
  yield* Console.log(`the most memory of a process that uploads one file, in MB: minimum, median, maximum of ${rounds}`)
  for (const [column, { name }] of variants.entries()) {
    const figures = table.flatMap((row) => row[column] ?? []).toSorted(Number.Order)
    const [min, median, max] = [figures[0], figures[rounds >> 1], figures.at(-1)]
    yield* Console.log(`${name.padEnd(18)} ${[min, median, max].map((mb) => mb?.toFixed(0).padStart(6)).join(" ")}`)
  }
})

program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
