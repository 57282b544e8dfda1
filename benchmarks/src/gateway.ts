/**
 * The gateway from a channel's call to LivePerson's answer, beside what `effect/cluster` needs to store a message, hand it
 * to an entity that does nothing with it, and store that it has: everything on one embedded PostgreSQL.
 */
import { Effect, FileSystem, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import * as Database from "../../apps/gateway/src/Database.ts"
import * as Cpu from "./harness/Cpu.ts"
import * as Figures from "./harness/Figures.ts"
import * as Process from "./harness/Process.ts"
import * as Result from "./harness/Result.ts"
import * as World from "./sides/gatewayWorld.ts"

const times = 2_000
const rounds = 5

interface Contender {
  readonly label: string
  readonly run: (times: number) => Effect.Effect<unknown, unknown>
  readonly cpuSeconds: () => number
}

/** A PostgreSQL that is gone at the end, and databases in it. */
const postgres = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "gateway-bench-" })
  // The server may run as another user.
  yield* fs.chmod(directory, 0o755)
  const { url } = yield* Database.embedded({ directory: `${directory}/postgres` })
  const [pid = ""] = (yield* fs.readFileString(`${directory}/postgres/postmaster.pid`)).split("\n")
  const database = (name: string) =>
    SqlClient.SqlClient.use((sql) => sql`CREATE DATABASE ${sql(name)}`).pipe(
      Effect.provide(Database.layerUrl(url, 1)),
      Effect.as(Redacted.value(url).replace(/\/gateway(?=\?|$)/, `/${name}`))
    )
  return { database, cpuSeconds: () => Cpu.secondsOf(Number(pid)) }
})

const limit = Effect.fnUntraced(function* (kind: "plain" | "gateway", url: string) {
  const side = yield* Process.side("sides/clusterLimit", [kind, url, String(yield* Database.freePort)])
  let cpu = 0
  const contender: Contender = {
    label: kind === "plain" ? "effect/cluster, empty handler" : "the same, set up as the gateway is",
    run: (times) =>
      Effect.map(side.run({ times }), ({ cpuSeconds }) => {
        cpu += cpuSeconds
      }),
    cpuSeconds: () => cpu
  }
  return contender
})

const gateway = (label: string, { cpuSeconds, run }: World.World): Contender => ({ label, run, cpuSeconds })

const measure = Effect.fnUntraced(function* (
  contenders: ReadonlyArray<Contender>,
  { cpuSeconds }: { readonly cpuSeconds: () => number }
) {
  const measured = contenders.map((contender) => ({
    contender,
    throughput: Array<number>(),
    cpu: Array<number>(),
    database: Array<number>()
  }))
  // The first one opens the conversations.
  for (const { run } of contenders) yield* run(World.consumers)
  for (let round = -1; round < rounds; round += 1) {
    for (const { contender, cpu, database, throughput } of measured) {
      const before = { clock: performance.now(), cpu: contender.cpuSeconds(), database: cpuSeconds() }
      yield* contender.run(times)
      if (round < 0) continue
      throughput.push((times * 1000) / (performance.now() - before.clock))
      cpu.push(((contender.cpuSeconds() - before.cpu) / times) * 1e6)
      database.push(((cpuSeconds() - before.database) / times) * 1e6)
    }
  }
  return measured.map(({ contender: { label }, cpu, database, throughput }) =>
    Result.row(label, {
      throughput: ["/s", throughput],
      CPU: ["µs each", cpu],
      "CPU of PostgreSQL": ["µs each", database]
    })
  )
})

/** What a message takes that is delivered at a steady rate, from the call. */
const latencies = Effect.fnUntraced(function* ({ agents, deliver, seen }: World.World, rate: number, seconds: number) {
  const began = new Map<string, number>()
  const stored: Array<number> = []
  const one = async (consumer: number) => {
    const before = performance.timeOrigin + performance.now()
    const text = await deliver(consumer)
    began.set(text, before)
    stored.push(performance.timeOrigin + performance.now() - before)
  }
  yield* Effect.tryPromise(async () => {
    if (rate === 0) {
      const until = performance.now() + seconds * 1000
      for (let nth = 0; performance.now() < until; nth += 1) {
        await one(nth % World.consumers)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return
    }
    const from = performance.now()
    const running: Array<Promise<void>> = []
    for (let nth = 0; nth < rate * seconds; nth += 1) {
      const wait = from + (nth * 1000) / rate - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      running.push(one(nth % World.consumers))
    }
    await Promise.all(running)
  })
  yield* seen
  const arrivals = yield* agents.arrivals()
  const arrived = [...began].map(([text, before]) => (arrivals[text] ?? Number.NaN) - before)
  return Result.row(rate === 0 ? "idle, one at a time" : `${rate} a second, half of the load`, {
    "stored p50": ["ms", Figures.percentile(stored, 0.5)],
    "stored p99": ["ms", Figures.percentile(stored, 0.99)],
    "arrived p50": ["ms", Figures.percentile(arrived, 0.5)],
    "arrived p99": ["ms", Figures.percentile(arrived, 0.99)]
  })
})

const compared = Effect.fnUntraced(function* (database: Effect.Success<typeof postgres>) {
  const plain = yield* limit("plain", yield* database.database("plain"))
  const own = yield* limit("gateway", yield* database.database("own"))
  const one = yield* World.start({ url: yield* database.database("one"), runners: 1 })
  const notified = yield* World.start({ url: yield* database.database("notified"), runners: 1, notifies: true })
  const three = yield* World.start({ url: yield* database.database("three"), runners: 3 })
  const rows = yield* measure(
    [
      plain,
      own,
      gateway("gateway", one),
      gateway("gateway, notified of each message", notified),
      gateway("three gateways", three)
    ],
    database
  )
  for (const world of [one, notified, three]) yield* world.check
  return rows
}, Effect.scoped)

/** With nothing beside it. */
const alone = Effect.fnUntraced(function* (database: Effect.Success<typeof postgres>, rate: number) {
  const world = yield* World.start({ url: yield* database.database("alone"), runners: 1 })
  yield* world.run(times)
  const rows = [yield* latencies(world, 0, 5), yield* latencies(world, rate, 8)]
  yield* world.check
  return rows
}, Effect.scoped)

export const run = Effect.gen(function* () {
  const database = yield* postgres
  const rows = yield* compared(database)
  const half = Math.round((rows[2]?.values[0]?.figure.median ?? 0) / 2)
  const slow = yield* alone(database, half)
  return [
    Result.of(
      "Gateway",
      `messages of ${World.consumers} consumers, ${World.lanes} in flight, until LivePerson's agents have seen them`,
      rows
    ),
    Result.of("Delivery by the gateway", "from the channel's call until it is stored, and until it arrived", slow)
  ]
}).pipe(Effect.scoped)
