/**
 * Checks the packages as their users get them: built anew, packed, and read by publint and Are The Types Wrong.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Data, Effect, FileSystem, Path, Runtime, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"

class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {
  override readonly [Runtime.errorReported] = false
}

const packages = ["packages/core", "packages/simulator", "packages/gateway"]

const entries = { bin: Schema.optionalKey(Schema.Json), exports: Schema.optionalKey(Schema.Json) }

const manifestOf = Schema.decodeEffect(
  Schema.fromJsonString(
    Schema.Struct({
      ...entries,
      publishConfig: Schema.optionalKey(Schema.Struct(entries)),
      packageManager: Schema.optionalKey(Schema.String)
    })
  )
)

const packOf = Schema.decodeEffect(
  Schema.fromJsonString(
    Schema.Struct({ filename: Schema.String, files: Schema.Array(Schema.Struct({ path: Schema.String })) })
  )
)

const shipped = [
  /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|FIDELITY\.md)$/,
  /^src\/.+\.ts$/,
  /^dist\/(?!page\/).+\.(js|d\.ts)(\.map)?$/,
  // The page, which is read by browsers.
  /^dist\/page\/(index\.html|assets\/[^/]+\.(js|css|svg))$/
]

/** What a command prints. When the command fails that is shown, with a sentence below it. */
const run = Effect.fnUntraced(function* (
  [name = "", ...args]: ReadonlyArray<string>,
  options: { readonly cwd: string; readonly otherwise: string }
) {
  const child = yield* ChildProcess.make(name, args, { cwd: options.cwd, stdin: "ignore", stderr: "inherit" })
  const output = yield* child.stdout.pipe(Stream.decodeText, Stream.mkString)
  if ((yield* child.exitCode) === 0) return output
  yield* Console.error(output)
  return yield* new Failure({ message: options.otherwise })
}, Effect.scoped)

const program = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = path.resolve(yield* path.fromFileUrl(new URL("..", import.meta.url)))
  const read = (name: string) => Effect.flatMap(fs.readFileString(path.join(root, name, "package.json")), manifestOf)

  // Inside a script of pnpm, pnpm is there; a fresh clone may have nothing but npx.
  const { packageManager = "pnpm" } = yield* read(".")
  const pnpm = process.env["npm_config_user_agent"]?.startsWith("pnpm/") ? ["pnpm"] : ["npx", "--yes", packageManager]

  const check = Effect.fnUntraced(function* (name: string, destination: string) {
    const cwd = path.join(root, name)
    const pack = [...pnpm, "pack", "--json", "--pack-destination", destination]
    const { filename, files } = yield* packOf(yield* run(pack, { cwd, otherwise: `${name} cannot be packed.` }))
    const stray = files.find((file) => !shipped.some((kind) => kind.test(file.path)))
    if (stray !== undefined) return yield* new Failure({ message: `${name} would ship ${stray.path}.` })

    const tar = ["tar", "-xzOf", filename, "package/package.json"]
    const text = yield* run(tar, { cwd, otherwise: `${name} would ship no package.json.` })
    const packed = yield* manifestOf(text)
    const source = yield* read(name)
    for (const entry of ["bin", "exports"] as const) {
      if (JSON.stringify(packed[entry]) === JSON.stringify(source.publishConfig?.[entry])) continue
      return yield* new Failure({ message: `${name} would have other ${entry} than its publishConfig says.` })
    }
    if (text.includes('"workspace:')) {
      return yield* new Failure({ message: `${name} would depend on a workspace that its users do not have.` })
    }

    const publint = [...pnpm, "exec", "publint", "run", filename, "--strict"]
    yield* run(publint, { cwd: root, otherwise: `publint has something against ${name}: see above.` })

    // The pattern in `exports` hides the modules behind it from attw. A binary is none.
    const modules = files.flatMap((file) => /^dist\/(?!index\.|bin\.)(\w+)\.js$/.exec(file.path)?.[1] ?? [])
    const attw = [...pnpm, "exec", "attw", filename, "--profile", "esm-only", "--include-entrypoints", ...modules]
    yield* run(attw, { cwd: root, otherwise: `Are The Types Wrong has something against ${name}: see above.` })
    yield* Console.log(`${name} is fit to be published: ${files.length} files.`)
  })

  // A module that was removed must not be shipped from an older build.
  yield* Effect.forEach(packages, (name) => fs.remove(path.join(root, name, "dist"), { recursive: true, force: true }))
  yield* run([...pnpm, "exec", "tsc", "-b"], { cwd: root, otherwise: "The packages do not compile: see above." })
  const page = [...pnpm, "--filter", "@effect-liveperson/simulator", "run", "build:page"]
  yield* run(page, { cwd: root, otherwise: "The simulator's page cannot be built: see above." })
  const destination = yield* fs.makeTempDirectoryScoped()
  yield* Effect.forEach(packages, (name) => check(name, destination), { discard: true })
})

program.pipe(
  Effect.scoped,
  Effect.tapErrorTag("Failure", (failure) => Console.error(failure.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
