/**
 * The simulator on a port, with a seed: prints where, and stays until it is stopped.
 */
import { NodeSimulator } from "@effect-liveperson/simulator"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"

const program = Effect.andThen(Effect.flatMap(NodeSimulator.url, Console.log), Effect.never)

program.pipe(Effect.provide(NodeSimulator.layer({ seed: process.argv[2] ?? "bench" })), NodeRuntime.runMain)
