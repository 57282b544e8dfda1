/**
 * The simulator on a port: prints where, and stays until it is stopped.
 */
import { NodeSimulator } from "@effect-liveperson/simulator"
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect } from "effect"

const program = Effect.andThen(Effect.flatMap(NodeSimulator.url, Console.log), Effect.never)

program.pipe(Effect.provide(NodeSimulator.layer({ seed: "bench" })), NodeRuntime.runMain)
