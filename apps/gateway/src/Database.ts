/**
 * The database: the one that `DATABASE_URL` names, or an embedded PostgreSQL whose data lies in a folder.
 */
import { PgClient } from "@effect/sql-pg"
import { Config, Context, Data, Effect, FileSystem, Layer, Path, Redacted, Schedule, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { SqlClient } from "effect/sql"
import { createServer } from "node:net"

/** The embedded database did not start. */
export class DatabaseError extends Data.TaggedError("DatabaseError")<{ readonly message: string }> {}

/** The folder of what is brought along: the database's data, and what the simulated LivePerson remembers. */
export const folder = Config.String("GATEWAY_DATA").pipe(Config.withDefault(".gateway"))

/** A number of things without which nothing works. */
export const positive = (name: string) => Config.schema(Schema.Int.check(Schema.isGreaterThan(0)), name)

/** A port of this machine that is free now. */
export const freePort = Effect.callback<number>((resume) => {
  const server = createServer()
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    server.close(() => resume(Effect.succeed(port)))
  })
})

/** Starts a PostgreSQL whose data lies in a folder, and stops it with the scope. Says where it is. */
export const embedded = Effect.fnUntraced(function* (options: {
  readonly directory: string
  readonly port?: number
  readonly flags?: ReadonlyArray<string>
}) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = path.resolve(options.directory)
  yield* fs.makeDirectory(path.dirname(directory), { recursive: true })
  const port = options.port ?? (yield* freePort)
  const script = yield* path.fromFileUrl(new URL("./postgres.ts", import.meta.url))
  const child = yield* ChildProcess.make(
    process.execPath,
    [script, directory, String(port), ...(options.flags ?? [])],
    {
      stdin: "pipe",
      stderr: "ignore",
      detached: true
    }
  )
  const told = yield* child.stdout.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.filter((line) => line === "ready"),
    Stream.take(1),
    Stream.runCount
  )
  if (told === 0) {
    const hint =
      process.getuid?.() === 0
        ? " Root's PostgreSQL runs as another user, who needs a way into that folder: set GATEWAY_DATA to one that every user may enter."
        : ""
    return yield* new DatabaseError({ message: `PostgreSQL does not start with its data in ${directory}.${hint}` })
  }
  return { url: Redacted.make(`postgres://gateway:gateway@127.0.0.1:${port}/gateway`), port, child }
})

/**
 * A client of the same database whose commits do not wait for the disk: a crash of the database undoes the last of them.
 *
 * Its statements find their rows by an index and one by one, because only so does PostgreSQL pass over rows that are dead
 * without going to them again. By a bitmap, asking for what waits takes the longer the more was done since the last vacuum.
 */
export class Quick extends Context.Service<Quick, SqlClient.SqlClient>()("gateway-app/Quick") {}

const client = (url: Redacted.Redacted, maxConnections: number, startupParameters: Record<string, string> = {}) =>
  PgClient.layer({
    url,
    maxConnections,
    multiplex: true,
    applicationName: "liveperson-gateway",
    connectTimeout: "5 seconds",
    startupParameters
  })

/** Clients of a database. */
export const layerUrl = (url: Redacted.Redacted, maxConnections = 10) =>
  Layer.effect(Quick, SqlClient.SqlClient).pipe(
    Layer.provide(
      client(url, Math.ceil(maxConnections / 2), {
        synchronous_commit: "off",
        enable_bitmapscan: "off",
        enable_seqscan: "off"
      })
    ),
    Layer.merge(client(url, Math.ceil(maxConnections / 2)))
  )

/** Fails when the database does not answer within ten seconds: it may be starting, too. */
const answering = SqlClient.SqlClient.use((sql) => sql`SELECT 1`).pipe(
  Effect.retry({ schedule: Schedule.spaced("500 millis"), times: 20 })
)

/** See the module. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const url = yield* Config.Redacted("DATABASE_URL").pipe(Config.option)
    const connections = yield* positive("GATEWAY_DATABASE_CONNECTIONS").pipe(Config.withDefault(10))
    if (url._tag === "Some") return layerUrl(url.value, connections)
    const { url: embeddedUrl } = yield* embedded({ directory: `${yield* folder}/postgres` })
    return layerUrl(embeddedUrl, connections)
  })
).pipe(Layer.tap((context) => Effect.provideContext(answering, context)))
