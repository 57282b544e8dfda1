/**
 * What the library adds to a program that a browser or an edge runtime has to load: bundled, minified, compressed.
 */
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { rolldown } from "rolldown"
import * as Result from "./harness/Result.ts"

const sizesOf = (program: string) =>
  Effect.promise(async () => {
    const input = fileURLToPath(new URL(`programs/${program}.ts`, import.meta.url))
    const build = await rolldown({ input, platform: "browser", logLevel: "silent", treeshake: true })
    const { output } = await build.generate({ format: "esm", minify: true })
    const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("")
    return { minified: code.length / 1000, gzip: gzipSync(code, { level: 9 }).length / 1000 }
  })

export const run = Effect.gen(function* () {
  const bare = yield* sizesOf("bare")
  const core = yield* sizesOf("core")
  const row = (side: string, sizes: typeof bare) =>
    Result.row(side, { gzip: ["kB", sizes.gzip], minified: ["kB", sizes.minified] })
  return [
    Result.of("Bundle of a program that opens a conversation", "by fetch, minified", [
      row("Effect HttpClient, unchecked", bare),
      row("core", core),
      row("what core adds", { gzip: core.gzip - bare.gzip, minified: core.minified - bare.minified })
    ])
  ]
})
