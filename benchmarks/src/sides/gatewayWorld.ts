/**
 * What gateways stand in when they are measured: a database of their own, a LivePerson of their own, and a channel that
 * delivers to them in turn and remembers what it was told.
 */
import { Simulator } from "@effect-liveperson/simulator"
import { Data, Effect, Redacted, Schedule } from "effect"
import { ChildProcess } from "effect/process"
import { fileURLToPath } from "node:url"
import { Pool } from "undici"
import * as Database from "../../../apps/gateway/src/Database.ts"
import * as Cpu from "../harness/Cpu.ts"
import * as Process from "../harness/Process.ts"
import { Agents } from "./agents.ts"

/** The agents did not see what the channel was told that they would. */
export class Broken extends Data.TaggedError("Broken")<{ readonly message: string }> {}

export const consumers = 500
export const lanes = 64

const main = fileURLToPath(new URL("../../../apps/gateway/src/main.ts", import.meta.url))
const token = "bench"

const { accountId, clientId, clientSecret } = Simulator.credentials

const nameOf = (consumer: number) => `consumer-${consumer}`

interface Plan {
  readonly url: string
  readonly runners: number
  /** Whether LivePerson notifies of what it takes. */
  readonly notifies?: boolean
  readonly flags?: ReadonlyArray<string>
}

const ready = (pool: Pool) =>
  Effect.tryPromise(async () => {
    const { body, statusCode } = await pool.request({ method: "GET", path: "/health/ready" })
    await body.dump()
    if (statusCode !== 200) throw new Error(`status ${statusCode}`)
  }).pipe(Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 300 }))

/** How `pnpm gateway` starts Node. */
const asTheScript = ["--min-semi-space-size=32", "--max-semi-space-size=64"]

/** Starts gateways on a database. */
export const start = Effect.fnUntraced(function* ({ flags = [], notifies = false, runners, url }: Plan) {
  const ports = yield* Effect.replicateEffect(Effect.zip(Database.freePort, Database.freePort), runners)
  const agents = yield* Process.worker(
    Agents,
    "sides/gatewayAgents",
    notifies ? [`http://127.0.0.1:${ports[0]?.[0]}/liveperson`] : []
  )
  const domainApi = yield* agents.url()
  const gateways = yield* Effect.forEach(ports, ([port, runnerPort]) =>
    ChildProcess.make(process.execPath, [...asTheScript, ...flags, main], {
      stdout: "ignore",
      stderr: "inherit",
      env: {
        DATABASE_URL: url,
        GATEWAY_PORT: String(port),
        GATEWAY_RUNNER_PORT: String(runnerPort),
        GATEWAY_TOKEN: token,
        LP_ACCOUNT_ID: accountId,
        LP_CLIENT_ID: clientId,
        LP_CLIENT_SECRET: Redacted.value(clientSecret),
        LP_DOMAIN_API: domainApi
      },
      extendEnv: true
    })
  )
  const pools = yield* Effect.forEach(ports, ([port]) =>
    Effect.acquireRelease(
      Effect.sync(() => new Pool(`http://127.0.0.1:${port}`, { connections: lanes })),
      (pool) => Effect.promise(() => pool.destroy())
    )
  )
  yield* Effect.forEach(pools, ready, { discard: true })

  const delivered = new Map<string, Array<string>>()
  let count = 0

  /** Delivers one message: as soon as this returns it is stored. */
  const deliver = async (consumer: number): Promise<string> => {
    const name = nameOf(consumer)
    const text = `message ${(count += 1)}`
    const pool = pools[count % pools.length]
    if (pool === undefined) throw new Error("no gateway")
    const { body, statusCode } = await pool.request({
      method: "POST",
      path: `/v1/accounts/${accountId}/consumers/${name}/messages`,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": text.replace(" ", "-")
      },
      body: JSON.stringify({ content: { _tag: "Text", text } })
    })
    const answer = await body.text()
    if (statusCode !== 202) throw new Error(`status ${statusCode}: ${answer}`)
    const texts = delivered.get(name)
    if (texts === undefined) delivered.set(name, [text])
    else texts.push(text)
    return text
  }

  /** Waits until the agents have seen all that was delivered. */
  const seen = Effect.suspend(() => agents.count()).pipe(
    Effect.filterOrFail((seen) => seen >= count),
    Effect.retry({ schedule: Schedule.spaced("10 millis") }),
    Effect.timeout("60 seconds")
  )

  /** Delivers so many, each consumer's one after another, and waits until the agents have seen them. */
  const run = (times: number) =>
    Effect.andThen(
      Effect.tryPromise(() =>
        Promise.all(
          Array.from({ length: lanes }, async (_, lane) => {
            const own = Math.ceil((consumers - lane) / lanes)
            for (let nth = 0; lane + nth * lanes < times; nth += 1) await deliver(lane + (nth % own) * lanes)
          })
        )
      ),
      seen
    )

  /** Holds that the agents saw each message once, and in order. */
  const check = Effect.gen(function* () {
    const texts = new Map((yield* agents.texts()).map(({ consumer, texts }) => [consumer, texts]))
    for (const [consumer, told] of delivered) {
      const got = texts.get(consumer) ?? []
      if (got.join("\n") !== told.join("\n")) {
        return yield* new Broken({
          message: `${consumer}: was delivered ${JSON.stringify(told)}, and the agent saw ${JSON.stringify(got)}.`
        })
      }
    }
    return count
  })

  const cpuSeconds = () => gateways.reduce((sum, { pid }) => sum + Cpu.secondsOf(pid), 0)

  return { agents, check, cpuSeconds, deliver, run, seen }
})

export type World = Effect.Success<ReturnType<typeof start>>
