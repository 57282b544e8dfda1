import { NodeServices } from "@effect/platform-node"
import { expect, it } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

const unindented = (comment: string): string => comment.replaceAll(/^ *\* ?/gm, "")

/** The TypeScript of every fenced block in a module's comments, and of a Markdown file. */
const examplesIn = (text: string, markdown: boolean): ReadonlyArray<string> =>
  (markdown ? [text] : [...text.matchAll(/\/\*\*[^]*?\*\//g)].map(([comment]) => unindented(comment))).flatMap(
    (prose) => [...prose.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1] ?? "")
  )

it.layer(NodeServices.layer, { excludeTestServices: true })((it) => {
  it.effect("every example in the documentation compiles", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
      const files = (yield* fs.readDirectory(path.join(root, "packages"), { recursive: true })).filter((file) =>
        /^[\w-]+\/src\/.*\.ts$/.test(file)
      )
      const folder = yield* fs.makeTempDirectoryScoped({ directory: root, prefix: ".examples-" })
      let count = 0
      for (const file of files) {
        const examples = examplesIn(yield* fs.readFileString(path.join(root, "packages", file)), false)
        for (const [index, example] of examples.entries()) {
          count++
          yield* fs.writeFileString(
            path.join(folder, `${file.replaceAll("/", "-").replace(/\.ts$/, "")}-${index}.ts`),
            example
          )
        }
      }
      expect(count).toBeGreaterThan(5)
      yield* fs.writeFileString(
        path.join(folder, "tsconfig.json"),
        JSON.stringify({
          extends: "../tsconfig.base.json",
          compilerOptions: { composite: false, noEmit: true, noUnusedLocals: false, types: ["node"] },
          include: ["*.ts"]
        })
      )
      const output = yield* spawner.string(ChildProcess.make("tsc", ["-p", folder], { cwd: root }))
      expect(output).toBe("")
    })
  )
})
