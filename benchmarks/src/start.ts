/**
 * How long it takes from the start of a process to its first request, and what the type check of the workspace takes.
 */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import * as Result from "./harness/Result.ts"

const rounds = 7

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const programs = {
  "node, fetch": ["-e", "fetch(process.env.LP_DOMAIN_API).catch(() => {})"],
  "node, Effect HttpClient": [root("benchmarks/src/programs/first.ts")],
  "pnpm start's program": [root("apps/quickstart/src/main.ts")]
}

/** Milliseconds from the start of the process to its first request, which gets no answer. */
const firstRequest = (args: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const server = createServer()
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    const env = {
      ...process.env,
      LP_ACCOUNT_ID: "12345678",
      LP_CLIENT_ID: "app",
      LP_CLIENT_SECRET: "secret",
      LP_DOMAIN_API: `http://127.0.0.1:${port}`
    }
    const before = performance.now()
    const child = spawn(process.execPath, args, { env, stdio: "ignore" })
    await once(server, "request")
    const took = performance.now() - before
    child.kill("SIGKILL")
    server.closeAllConnections()
    server.close()
    return took
  })

const typeCheck = Effect.promise(async () => {
  const before = performance.now()
  const child = spawn(process.execPath, [root("node_modules/@typescript/native/bin/tsc"), "-b", "--force"], {
    cwd: root("."),
    stdio: "ignore"
  })
  await once(child, "exit")
  return (performance.now() - before) / 1000
})

export const run = Effect.gen(function* () {
  const measured = Object.entries(programs).map(([name, args]) => ({ name, args, times: Array<number>() }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { args, times } of measured) times.push(yield* firstRequest(args))
  }
  return [
    Result.of(
      "Cold start",
      "from the start of the process to its first request",
      measured.map(({ name, times }) => Result.row(name, { start: ["ms", times] }))
    ),
    Result.of("Type check", "of the whole workspace, nothing kept", [
      Result.row("tsc -b --force", { took: ["s", yield* typeCheck] })
    ])
  ]
})
