import { NodeServices } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { fileURLToPath } from "node:url"
import * as Database from "../src/Database.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** The gateway with an environment, and nothing of this process's. */
const gateway = (env: Record<string, string>) =>
  ChildProcess.make(process.execPath, [main], { env: { PATH: process.env["PATH"], ...env }, extendEnv: false })

const real = { LP_ACCOUNT_ID: "12345678", LP_CLIENT_ID: "id", LP_CLIENT_SECRET: "p4ssw0rd" }

describe("the gateway's environment", () => {
  it.live.each<readonly [string, Record<string, string>, RegExp]>([
    ["half of LivePerson's settings", { LP_ACCOUNT_ID: "1", LP_CLIENT_SECRET: "p4ssw0rd" }, /LP_CLIENT_ID: expected a/],
    ["another Domain API and no account", { LP_DOMAIN_API: "http://127.0.0.1:1" }, /LP_ACCOUNT_ID: expected a/],
    ["LivePerson, and doors that anybody opens", real, /GATEWAY_TOKEN: expected a/],
    ["a channel without a secret", { GATEWAY_CHANNEL_URL: "http://127.0.0.1:1" }, /GATEWAY_CHANNEL_SECRET: expected a/],
    ["a secret without a channel", { GATEWAY_CHANNEL_SECRET: "p4ssw0rd" }, /GATEWAY_CHANNEL_URL: expected a/],
    ["a port that is none", { GATEWAY_PORT: "http" }, /GATEWAY_PORT: expected a/],
    [
      "no connections",
      {
        ...real,
        GATEWAY_TOKEN: "p4ssw0rd",
        DATABASE_URL: "postgres://127.0.0.1:1/x",
        GATEWAY_DATABASE_CONNECTIONS: "0"
      },
      /GATEWAY_DATABASE_CONNECTIONS: expected a value greater than 0/
    ]
  ])("that has %s is refused in one sentence, before anything starts", ([, env, sentence]) =>
    Effect.gen(function* () {
      const handle = yield* gateway(env)
      const [output, errors, code] = yield* Effect.all(
        [
          Stream.mkString(Stream.decodeText(handle.stdout)),
          Stream.mkString(Stream.decodeText(handle.stderr)),
          handle.exitCode
        ],
        { concurrency: "unbounded" }
      )
      expect(code).toBe(1)
      expect(errors.trim().split("\n")).toHaveLength(1)
      expect(errors).toMatch(sentence)
      expect(output + errors).not.toContain("p4ssw0rd")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.live(
    "has a token, which is not shown",
    () =>
      Effect.gen(function* () {
        const files = yield* FileSystem.FileSystem
        const folder = yield* files.makeTempDirectoryScoped({ prefix: "gateway-" })
        yield* files.chmod(folder, 0o755)
        const [port, runner, simulator] = yield* Effect.all([Database.freePort, Database.freePort, Database.freePort])
        const handle = yield* gateway({
          GATEWAY_TOKEN: "p4ssw0rd",
          GATEWAY_DATA: folder,
          GATEWAY_PORT: String(port),
          GATEWAY_RUNNER_PORT: String(runner),
          GATEWAY_SIMULATOR_PORT: String(simulator)
        })
        const output = yield* handle.stdout.pipe(
          Stream.decodeText,
          Stream.splitLines,
          Stream.takeUntil((line) => line.includes("my parcel")),
          Stream.runCollect
        )
        expect(output.join("\n")).toContain("Bearer $GATEWAY_TOKEN")
        expect(output.join("\n")).not.toContain("p4ssw0rd")
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    60_000
  )
})
