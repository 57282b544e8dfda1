/**
 * Which module costs what: the time to import each of core's modules in a process that has imported nothing yet, and its
 * share of the bundle of a program that opens a conversation.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Path } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { rolldown } from "rolldown"
import * as Figures from "./harness/Figures.ts"

const rounds = 5

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const here = path.dirname(yield* path.fromFileUrl(new URL(import.meta.url)))
  const core = path.resolve(here, "../../packages/core/src")

  const importing = (file: string) => {
    const script = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t)`
    return Effect.map(
      spawner.string(ChildProcess.make(process.execPath, ["--input-type=module", "-e", script])),
      (printed) => Number(printed)
    )
  }

  yield* Console.log("milliseconds to import it, alone in a new process")
  const files = (yield* fs.readDirectory(core)).filter((file) => file.endsWith(".ts"))
  const times: Array<readonly [string, Figures.Figure]> = []
  for (const file of ["effect", ...files]) {
    const module = file === "effect" ? "effect" : path.join(core, file)
    const measured = yield* Effect.replicateEffect(importing(module), rounds)
    times.push([file, Figures.of(measured)])
  }
  for (const [file, figure] of times.toSorted(([, one], [, other]) => other.median - one.median)) {
    yield* Console.log(`  ${file.padEnd(24)} ${Figures.told(figure)}`)
  }

  const modules = yield* Effect.promise(async () => {
    const build = await rolldown({
      input: path.join(here, "programs/core.ts"),
      platform: "browser",
      logLevel: "silent"
    })
    const { output } = await build.generate({ format: "esm" })
    return output.flatMap((chunk) => (chunk.type === "chunk" ? Object.entries(chunk.modules) : []))
  })
  yield* Console.log("\nkB in the bundle of a program that opens a conversation, before it is minified")
  for (const [id, { renderedLength }] of modules
    .toSorted(([, one], [, other]) => other.renderedLength - one.renderedLength)
    .slice(0, 40)) {
    yield* Console.log(
      `  ${(renderedLength / 1000).toFixed(1).padStart(6)}  ${id.replace(/^.*\/(?=effect\/|packages\/)/, "")}`
    )
  }
})

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
