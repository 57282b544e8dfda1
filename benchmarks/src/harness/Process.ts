/**
 * Processes that stand beside a comparison: sides, and servers that print where they listen.
 */
import { NodeWorker } from "@effect/platform-node"
import { Effect, Layer, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { type Rpc, RpcClient, type RpcGroup } from "effect/rpc"
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Rounds } from "./Side.ts"

const pathOf = (module: string) => fileURLToPath(new URL(`../${module}.ts`, import.meta.url))

/** Starts a process that answers calls, with arguments of its own. */
export const worker = Effect.fnUntraced(function* <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
  module: string,
  args: ReadonlyArray<string> = []
) {
  const spawn = () => fork(pathOf(module), args, { execArgv: ["--expose-gc"], serialization: "advanced" })
  const protocol = yield* Layer.build(
    RpcClient.layerProtocolWorker({ size: 1, concurrency: 1 }).pipe(Layer.provide(NodeWorker.layer(spawn)))
  )
  return yield* Effect.provide(RpcClient.make(group), protocol)
})

/** Starts a side, with arguments of its own. */
export const side = (module: string, args: ReadonlyArray<string> = []) => worker(Rounds, module, args)

/** Starts a server, and gives its first line: where it listens. */
export const server = Effect.fnUntraced(function* (module: string, args: ReadonlyArray<string> = []) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const handle = yield* spawner.spawn(ChildProcess.make(process.execPath, [pathOf(module), ...args]))
  const [url = ""] = yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.take(1),
    Stream.runCollect
  )
  return url
})

/** Runs a program to its end, and gives what it printed. */
export const output = Effect.fnUntraced(function* (module: string, args: ReadonlyArray<string> = []) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  return yield* spawner.string(ChildProcess.make(process.execPath, [pathOf(module), ...args]))
})
