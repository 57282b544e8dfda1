/**
 * `pnpm bench [name …]`: runs the benchmarks that are named, or all, prints what they found, and writes it down.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { cpus } from "node:os"
import * as Bundle from "./bundle.ts"
import * as Codec from "./codec.ts"
import * as Conversation from "./conversation.ts"
import * as Gateway from "./gateway.ts"
import * as Chart from "./harness/Chart.ts"
import * as Result from "./harness/Result.ts"
import * as Memory from "./memory.ts"
import * as Simulator from "./simulator.ts"
import * as Slope from "./slope.ts"
import * as Soak from "./soak.ts"
import * as Start from "./start.ts"
import * as Upload from "./upload.ts"
import * as Webhook from "./webhook.ts"

const benchmarks = {
  conversation: Conversation.run,
  codec: Codec.run,
  webhook: Webhook.run,
  simulator: Simulator.run,
  gateway: Gateway.run,
  slope: Slope.run,
  memory: Memory.run,
  upload: Upload.run,
  bundle: Bundle.run,
  start: Start.run
} as const

const names = Object.keys(benchmarks) as ReadonlyArray<keyof typeof benchmarks>

const Report = Schema.fromJsonString(
  Schema.Struct({
    machine: Schema.Struct({ cpu: Schema.String, cores: Schema.Int, node: Schema.String }),
    results: Schema.Array(Result.Result)
  }),
  { space: 2 }
)

const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version }

const write = Effect.fnUntraced(function* (results: ReadonlyArray<Result.Result>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* path.fromFileUrl(new URL("../results", import.meta.url))
  yield* fs.makeDirectory(folder, { recursive: true })
  yield* fs.writeFileString(
    path.join(folder, "results.json"),
    `${yield* Schema.encodeEffect(Report)({ machine, results })}\n`
  )
  yield* fs.writeFileString(path.join(folder, "chart.svg"), Chart.svg(results))
})

const bench = Command.make(
  "bench",
  { which: Argument.Literals("name", names).pipe(Argument.variadic()) },
  Effect.fn(function* ({ which }) {
    const results: Array<Result.Result> = []
    for (const name of which.length === 0 ? names : which) {
      for (const result of yield* benchmarks[name]) {
        yield* Result.print(result)
        results.push(result)
      }
    }
    // A part of them would take the place of the whole.
    if (which.length === 0) yield* write(results)
    yield* Console.log("")
  })
)

const soak = Command.make(
  "soak",
  {
    minutes: Flag.Finite("minutes").pipe(Flag.withDescription("How long"), Flag.withDefault(10)),
    rate: Flag.Finite("rate").pipe(Flag.withDescription("Conversations a second"), Flag.withDefault(20)),
    seed: Flag.String("seed").pipe(Flag.withDescription("What the faults are drawn from"), Flag.withDefault("soak"))
  },
  Soak.run
).pipe(Command.withDescription("Has conversations at a steady rate while things go wrong"))

bench.pipe(
  Command.withSubcommands([soak]),
  Command.run({ version: "0.0.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
