/** The binary as a process, and clients of it on sockets of their own. */
import { expect } from "@effect/vitest"
import { Effect, FileSystem, Path, Schema } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import * as Http from "node:http"
import * as Https from "node:https"
import { fileURLToPath } from "node:url"
import { type Answer, answerOf, type Sent } from "./support.ts"

const binary = fileURLToPath(new URL("../src/bin.ts", import.meta.url))

/** A process that was started: what it printed so far, and how it ends. */
export interface Process {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits until standard output, or standard error, has this. */
  readonly printed: (pattern: RegExp, where?: "stdout" | "stderr") => Effect.Effect<RegExpExecArray>
  /** Its exit code, or the signal that ended it. */
  readonly ended: Effect.Effect<number | string>
}

/** Starts a command with these variables and none of the test's own. It has ended when the scope has. */
export const command = Effect.fnUntraced(function* (
  name: string,
  args: ReadonlyArray<string>,
  env: Record<string, string> = {}
) {
  const [child, ended] = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(name, args, { env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "pipe", "pipe"] })
      const end = new Promise<number | string>((resolve) => {
        child.on("close", (code, signal) => resolve(code ?? signal ?? "nothing"))
      })
      return [child, Effect.promise(() => end)] as const
    }),
    // Asked first, so that it leaves nothing behind.
    ([child, ended]) =>
      Effect.sync(() => child.kill("SIGTERM")).pipe(
        Effect.andThen(Effect.timeoutOption(ended, "5 seconds")),
        Effect.andThen(Effect.sync(() => child.kill("SIGKILL")))
      )
  )
  const text = { stdout: "", stderr: "" }
  for (const where of ["stdout", "stderr"] as const) {
    child[where].setEncoding("utf8").on("data", (chunk: string) => {
      text[where] += chunk
    })
  }
  return {
    child,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    printed: (pattern, where = "stdout") =>
      Effect.callback<RegExpExecArray>((resume) => {
        const look = () => {
          const found = pattern.exec(text[where])
          if (found === null) return
          child[where].off("data", look)
          resume(Effect.succeed(found))
        }
        child[where].on("data", look)
        look()
      }),
    ended
  } satisfies Process
})

/** Starts the binary. */
export const simulator = (args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  command(process.execPath, [binary, ...args], env)

/** Starts it so that a file that it writes cannot be larger than so many kilobytes. */
const limited = (kilobytes: number, args: ReadonlyArray<string>) =>
  command("bash", ["-c", `ulimit -f ${kilobytes}; exec "$@"`, "bash", process.execPath, binary, ...args])

/** A binary that listens. */
export interface Listening extends Process {
  readonly url: string
  readonly port: number
  /** What it told to export. */
  readonly env: Readonly<Record<string, string>>
}

const last = /# Ctrl-C stops it\n/

/** Everything that is printed to be pasted into a shell. */
export const script = ({ stdout }: Process): string => stdout().slice(stdout().indexOf("# Point a client at it"))

/** Waits until a binary has said all that it says at its start. */
const begun = Effect.fnUntraced(function* (started: Process) {
  yield* Effect.raceFirst(
    started.printed(last),
    Effect.flatMap(started.ended, (end) => Effect.die(new Error(`It ended with ${end}: ${started.stderr()}`)))
  )
  const exported = Object.fromEntries(
    Array.from(started.stdout().matchAll(/^export (\w+)='?(.*?)'?$/gm), ([, name = "", value = ""]) => [name, value])
  )
  const url = exported["LP_DOMAIN_API"] ?? ""
  return { ...started, url, port: Number(new URL(url).port), env: exported } satisfies Listening
})

/** Starts the binary, on a port that is free unless it is said otherwise. */
export const listening = (args: ReadonlyArray<string>, env?: Record<string, string>) =>
  Effect.flatMap(simulator(args.includes("--port") ? args : ["--port", "0", ...args], env), begun)

/** Starts it so that it cannot write files that are larger than so many kilobytes. */
export const listeningWithin = (kilobytes: number, args: ReadonlyArray<string>) =>
  Effect.flatMap(limited(kilobytes, ["--port", "0", ...args]), begun)

/** Runs the binary to its end. */
export const ran = (args: ReadonlyArray<string>, env: Record<string, string> = {}) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { ended, stderr, stdout } = yield* simulator(args, env)
      return { end: yield* ended, stdout: stdout(), stderr: stderr() }
    })
  )

/** Runs what was printed to be pasted, in a shell that knows nothing else. Answers with what the last command printed. */
export const pasted = (started: Process) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { ended, stderr, stdout } = yield* command("bash", ["-euo", "pipefail", "-c", script(started)])
      expect([yield* ended, stderr()]).toEqual([0, ""])
      return stdout()
    })
  )

const decodeOpened = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Tuple([
      Schema.Struct({ code: Schema.Literal("OK") }),
      Schema.Struct({ code: Schema.Literal("OK"), body: Schema.Struct({ conversationId: Schema.String }) }),
      Schema.Struct({ code: Schema.Literal("OK"), body: Schema.Struct({ sequence: Schema.Int }) })
    ])
  )
)

/** The conversation that the printed commands opened. */
export const openedBy = (output: string): string => decodeOpened(output)[1].body.conversationId

/** Calls from a port of this machine as any client does: by `http`, or by `https` where it trusts what is in `ca` and nothing else. */
export const callOf =
  (origin: string, { agent, ca }: { readonly agent?: Http.Agent; readonly ca?: string } = {}) =>
  ({ body, headers, method, path }: Sent): Effect.Effect<Answer & { readonly from: number | undefined }, Error> =>
    Effect.callback((resume) => {
      const url = new URL(path, origin)
      const options = { method, headers: { ...headers }, ...(agent && { agent }) }
      const request =
        url.protocol === "https:"
          ? Https.request(url, { ...options, rejectUnauthorized: true, ca })
          : Http.request(url, options)
      request.on("error", (error) => resume(Effect.fail(error)))
      request.on("response", (response) => {
        const from = request.socket?.localPort
        const chunks: Array<Uint8Array> = []
        response.on("data", (chunk: Uint8Array) => chunks.push(chunk))
        response.on("error", (error) => resume(Effect.fail(error)))
        response.on("end", () => {
          const bytes = new Uint8Array(Buffer.concat(chunks))
          const headers = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)])
          )
          const answer = answerOf(response.statusCode ?? 0, headers, bytes.buffer)
          resume(Effect.succeed({ ...answer, from }))
        })
      })
      request.end(body)
      return Effect.sync(() => request.destroy())
    })

/** A directory that is gone when the scope ends. */
export const folder = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

/** A file in a directory of its own that holds this. */
export const written = Effect.fnUntraced(function* (text: string, name = "file") {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(yield* folder, name)
  yield* fs.writeFileString(file, text)
  return file
})

/** The binary ends at once, with this sentence and nothing else. */
export const refused = Effect.fnUntraced(function* (args: ReadonlyArray<string>, sentence: RegExp) {
  const { end, stderr, stdout } = yield* ran(args)
  expect(stdout).toBe("")
  expect(stderr).toMatch(/^✗ [^\n]+\.\n$/)
  expect(stderr).toMatch(sentence)
  expect(end).toBe(1)
})

const serving = (answer: Http.RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly server: Http.Server }>((resume) => {
      const server = Http.createServer(answer).listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed({ port: typeof address === "object" ? (address?.port ?? 0) : 0, server }))
      })
    }),
    ({ server }) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )

/** A port that somebody else listens on, until the scope ends. */
export const taken = Effect.map(
  serving((_request, response) => response.end()),
  ({ port }) => port
)

/** Where notifications may go, and the accounts of those that came. */
export const connector = Effect.gen(function* () {
  const heard: Array<unknown> = []
  const { port } = yield* serving((request, response) => {
    request.resume().on("end", () => {
      heard.push(request.headers["x-liveperson-account-id"])
      response.end()
    })
  })
  return { url: `http://127.0.0.1:${port}/lp`, heard }
})
