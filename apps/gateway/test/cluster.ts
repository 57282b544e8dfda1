/** Gateways as processes, on a real PostgreSQL, between a simulated LivePerson and a channel that listens. */
import { AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import { Content, Event, GatewayApi } from "@effect-liveperson/gateway"
import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeHttpClient, NodeHttpServer, NodeServices } from "@effect/platform-node"
import { expect } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Schedule, Schema } from "effect"
import { HttpClient, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { SqlClient } from "effect/sql"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Database from "../src/Database.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
const token = "test-token"
const account = AccountId.make(Simulator.credentials.accountId)
const secret = Redacted.value(Simulator.credentials.clientSecret)

/** A directory that a server of another user can enter, and that is gone after the test. */
const directory = Effect.acquireRelease(
  Effect.promise(async () => {
    const path = await mkdtemp(join(tmpdir(), "gateway-"))
    await chmod(path, 0o755)
    return path
  }),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const decodeEvent = Schema.decodeUnknownEffect(Schema.toCodecJson(Event.Event))

/** Tries again until it succeeds. */
export const eventually = <A, E, R>(effect: Effect.Effect<A, E, R>, timeout: number) =>
  effect.pipe(Effect.retry(Schedule.spaced("100 millis")), Effect.timeout(timeout), Effect.orDie)

export interface Runner {
  readonly url: string
  readonly logs: () => string
  readonly isRunning: () => boolean
  readonly start: Effect.Effect<void>
  /** Sends a signal, and with one that ends it waits for the end. */
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
}

export interface Options {
  readonly runners: number
  readonly env?: Record<string, string>
  /** For how many seconds a token of the app's is good: an hour, unless it is said otherwise. */
  readonly appTokenLifetime?: number
  /** What PostgreSQL is started with. */
  readonly flags?: ReadonlyArray<string>
  /** What the channel answers: 200, unless it is said otherwise. */
  readonly answer?: () => number
}

const makeRunner = Effect.fnUntraced(function* (env: Record<string, string>) {
  const port = yield* Database.freePort
  const runnerPort = yield* Database.freePort
  let child: ChildProcess | undefined
  let logs = ""
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null
  const start = Effect.sync(() => {
    const started = spawn(process.execPath, [main], {
      env: {
        PATH: process.env["PATH"] ?? "",
        GATEWAY_PORT: String(port),
        GATEWAY_RUNNER_PORT: String(runnerPort),
        GATEWAY_TOKEN: token,
        ...env
      },
      stdio: ["ignore", "pipe", "pipe"]
    })
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        logs = `${logs}${text}`.slice(-200_000)
      })
    }
    child = started
  })
  const signal = (signal: NodeJS.Signals) =>
    Effect.promise(async () => {
      if (child === undefined || !isRunning()) return
      const ended = once(child, "exit")
      child.kill(signal)
      if (signal !== "SIGSTOP" && signal !== "SIGCONT") await ended
    })
  yield* Effect.addFinalizer(() => signal("SIGKILL"))
  const runner: Runner = { url: `http://127.0.0.1:${port}`, logs: () => logs, isRunning, start, signal }
  return runner
})

const make = Effect.fnUntraced(function* (options: Options) {
  const path = yield* directory
  const postgres = { directory: join(path, "postgres"), flags: ["-c", "fsync=off", ...(options.flags ?? [])] }
  const database = yield* Database.embedded(postgres)

  /** Ends the database as a crash would, and starts it again after a while. */
  const restartDatabase = Effect.fnUntraced(function* (down: number) {
    yield* Effect.promise(async () => {
      const [pid] = (await readFile(join(postgres.directory, "postmaster.pid"), "utf8")).split("\n")
      process.kill(Number(pid), "SIGQUIT")
    })
    yield* Effect.sleep(down)
    yield* Database.embedded({ ...postgres, port: database.port })
  }, Effect.provide(NodeServices.layer))

  const sql = Context.get(yield* Layer.build(Database.layerUrl(database.url, 1)), SqlClient.SqlClient)
  const simulator = yield* Simulator.Simulator
  const domainApi = yield* NodeSimulator.url

  const told: Array<Event.Event> = []
  const channel = yield* Layer.build(
    HttpServer.serve(
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const status = options.answer?.() ?? 200
        if (status === 200) told.push(yield* decodeEvent(yield* request.json))
        return HttpServerResponse.empty({ status })
      }).pipe(Effect.orDie)
    ).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })))
  )
  const channelUrl = yield* HttpServer.addressFormattedWith(Effect.succeed).pipe(Effect.provideContext(channel))

  const env = {
    DATABASE_URL: Redacted.value(database.url),
    LP_ACCOUNT_ID: account,
    LP_CLIENT_ID: Simulator.credentials.clientId,
    LP_CLIENT_SECRET: secret,
    LP_DOMAIN_API: domainApi,
    GATEWAY_CHANNEL_URL: channelUrl,
    GATEWAY_CHANNEL_SECRET: "channel-secret",
    GATEWAY_SETTLE: "3 seconds",
    GATEWAY_LEASE: "4 seconds",
    ...options.env
  }
  const runners: Array<Runner> = []
  for (let nth = 0; nth < options.runners; nth += 1) runners.push(yield* makeRunner(env))

  const http = yield* HttpClient.HttpClient
  const isReady = ({ url }: Runner) =>
    http.get(`${url}/health/ready`).pipe(
      Effect.timeout("2 seconds"),
      Effect.filterOrFail(({ status }) => status === 200),
      Effect.asVoid
    )
  const ready = (runner: Runner) =>
    eventually(isReady(runner), 15_000).pipe(
      Effect.tapCause(() => Effect.sync(() => process.stderr.write(`${runner.logs()}\n`)))
    )

  // What stands in front of several gateways: whoever answers first.
  const clients = yield* Effect.forEach(runners, ({ url }) =>
    GatewayApi.client({ baseUrl: url, token: Redacted.make(token) })
  )
  let turn = 0
  const clientInTurn = Effect.suspend(() => {
    turn += 1
    const client = clients[turn % clients.length]
    return client === undefined ? Effect.die("no runner") : Effect.succeed(client)
  })

  /** What LivePerson posted, as it was posted. */
  const posted: Array<{ readonly body: Uint8Array<ArrayBuffer>; readonly headers: Record<string, string> }> = []
  yield* simulator.subscribe(
    {
      "ms.MessagingEventNotification.ContentEvent": { endpoint: "http://gateways.test/" },
      "ms.MessagingEventNotification.AcceptStatusEvent": { endpoint: "http://gateways.test/" },
      "cqm.ExConversationChangeNotification": { endpoint: "http://gateways.test/" },
      retry: { retention_time: 3600 }
    },
    ({ body, headers }) =>
      Effect.gen(function* () {
        posted.push({ body, headers })
        for (const { url } of runners) {
          const post = () =>
            fetch(`${url}/liveperson`, { method: "POST", body, headers, signal: AbortSignal.timeout(3_000) })
          const status = yield* Effect.promise(() =>
            post().then(
              ({ status }) => status,
              () => 0
            )
          )
          if (status === 200) return 200
        }
        return 503
      })
  )

  const deliverOnce = (consumer: string, id: string, text: string) =>
    Effect.flatMap(clientInTurn, (client) =>
      client.consumers.deliver({
        params: { account, consumer: ConsumerId.make(consumer) },
        headers: { "idempotency-key": id },
        payload: { content: Content.text(text) }
      })
    ).pipe(Effect.timeout("6 seconds"))

  /** Delivers as a channel does: until it is told that it is taken. */
  const deliver = (consumer: string, id: string, text = id) =>
    deliverOnce(consumer, id, text).pipe(Effect.retry(Schedule.spaced("50 millis")), Effect.orDie, Effect.asVoid)

  /** What agents saw of each consumer, in all of their conversations. */
  const seen = Effect.map(simulator.conversations, (conversations) => {
    const texts = new Map<string, Array<string>>()
    for (const { consumer, messages } of conversations) {
      texts.set(consumer, [...(texts.get(consumer) ?? []), ...messages.map(({ text }) => text)])
    }
    return texts
  })

  /** Waits until agents have seen so many messages. */
  const sawAll = (count: number, timeout: number) =>
    Effect.flatMap(seen, (texts) => {
      const total = [...texts.values()].reduce((sum, { length }) => sum + length, 0)
      return total >= count ? Effect.succeed(texts) : Effect.fail(total)
    }).pipe(
      Effect.retry(Schedule.spaced("200 millis")),
      Effect.timeoutOrElse({ duration: timeout, orElse: () => seen })
    )

  const signal = (nth: number, signal: NodeJS.Signals) => runners[nth]?.signal(signal) ?? Effect.die("no such runner")

  return {
    account,
    clients,
    deliver,
    deliverOnce,
    posted,
    ready,
    restartDatabase,
    runners,
    sql,
    url: database.url,
    seen,
    sawAll,
    signal,
    simulator,
    told
  }
})

export type World = Effect.Success<ReturnType<typeof make>>

/** Starts all of it, and waits until every runner is ready. */
export const start = Effect.fnUntraced(function* (options: Options) {
  const services = yield* Layer.build(
    Layer.mergeAll(
      NodeSimulator.layer({ wireLimit: 100, appTokenLifetime: options.appTokenLifetime ?? 3600 }),
      NodeHttpClient.layerUndici,
      NodeServices.layer
    )
  )
  const world = yield* Effect.provideContext(make(options), Context.merge(services, Context.empty()))
  yield* Effect.forEach(world.runners, ({ start }) => start, { discard: true })
  yield* Effect.forEach(world.runners, world.ready, { concurrency: "unbounded", discard: true })
  return world
})

/** So many consumers, each with so many messages: who, and what they say, in order. */
export const load = (consumers: number, messages: number) =>
  Array.from({ length: consumers }, (_, who) => ({
    consumer: `sms:+1555${String(who).padStart(7, "0")}`,
    messages: Array.from({ length: messages }, (_, nth) => `${who}-${nth}`)
  }))

/** Delivers all of it, each consumer a message every so often. */
export const delivering = (world: World, work: ReturnType<typeof load>, every: number) =>
  Effect.forkChild(
    Effect.forEach(
      work,
      ({ consumer, messages }) =>
        Effect.forEach(messages, (id) => Effect.delay(world.deliver(consumer, id), every), { discard: true }),
      { concurrency: "unbounded", discard: true }
    )
  )

/** Waits until the agents have seen all of it, and holds that they saw each message once and in order. */
export const expectAll = Effect.fnUntraced(function* (world: World, work: ReturnType<typeof load>, timeout = 40_000) {
  const count = work.reduce((sum, { messages }) => sum + messages.length, 0)
  const seen = yield* world.sawAll(count, timeout)
  for (const { consumer, messages } of work) expect([consumer, seen.get(consumer)]).toEqual([consumer, messages])
})
