import { NodeServices } from "@effect/platform-node"
import { describe, expect, layer } from "@effect/vitest"
import { Duration, Effect, Exit, FileSystem, Path, Schedule } from "effect"
import * as Http from "node:http"
import { callOf, command, folder, listening, type Listening, pasted } from "./binary.ts"
import { type Connected, idle, ofSocket, silent, streaming } from "./connections.ts"
import { ask } from "./support.ts"

/** An answer that is a minute late. */
const waiting = Effect.fnUntraced(function* ({ url, port }: Listening) {
  const call = callOf(url.replace("https", "http"))
  const late = { on: "domains", fault: { _tag: "Latency", distribution: { _tag: "Constant", duration: 60_000 } } }
  const added = yield* call({
    method: "POST",
    path: "/_simulator/faults",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...late, when: { _tag: "Next", times: 1 } })
  })
  expect(added.status).toBe(200)
  const connected = yield* Effect.callback<Connected>((resume) => {
    const request = Http.get({ port, host: "127.0.0.1", path: ask.domains().path, agent: false })
    request.on("error", () => {})
    request.on("socket", (socket) => socket.once("connect", () => resume(Effect.succeed(ofSocket(socket)))))
  })
  const wire = Effect.map(call({ method: "GET", path: "/_simulator/wire" }), ({ body }) => JSON.stringify(body))
  yield* Effect.repeat(wire, { until: (rows) => rows.includes('"status":"waiting"') })
  return connected
})

layer(NodeServices.layer, { excludeTestServices: true })((it) => {
  describe("Whoever is connected,", () => {
    it.effect.each<readonly ["SIGINT" | "SIGTERM" | "SIGHUP", string, ReadonlyArray<string>]>([
      ["SIGINT", "http", []],
      ["SIGTERM", "http", []],
      ["SIGHUP", "http", []],
      ["SIGTERM", "https", ["--tls"]]
    ])("%s stops it within a moment, and that is no failure (%s)", ([signal, , args]) =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const started = yield* listening(args)
        const connected = [
          yield* silent(started.port),
          yield* streaming(started.port),
          yield* idle(started.port),
          yield* waiting(started)
        ]
        started.child.kill(signal)
        const [took, end] = yield* Effect.timed(started.ended)
        expect([end, started.stderr()]).toEqual([0, ""])
        expect(Duration.toMillis(took)).toBeLessThan(3000)
        expect(started.stdout()).toMatch(/\nStopped\.\n$/)
        yield* Effect.forEach(connected, ({ closed }) => closed)
        const error = yield* Effect.flip(callOf(started.url)(ask.domains()))
        expect(error).toMatchObject({ code: "ECONNREFUSED" })
        const certificate = started.env["NODE_EXTRA_CA_CERTS"]
        if (certificate !== undefined) expect(yield* fs.exists(certificate)).toBe(false)
      })
    )

    it.effect("a signal that comes again at once, as a terminal's does that npm sends on, is the same one", () =>
      Effect.gen(function* () {
        const started = yield* listening([])
        yield* streaming(started.port)
        started.child.kill("SIGINT")
        // It was heard when nobody is let in any more; the stream keeps it from its end.
        yield* Effect.repeat(Effect.exit(callOf(started.url)(ask.domains())), { until: Exit.isFailure })
        yield* Effect.repeat(
          Effect.sync(() => started.child.kill("SIGINT")),
          { times: 5, schedule: Schedule.spaced("20 millis") }
        )
        expect(yield* started.ended).toBe(0)
        expect(started.stdout()).toMatch(/\nStopped\.\n$/)
      })
    )
  })

  it.effect("Signalled again while it cannot come to an end, it ends at once", () =>
    Effect.gen(function* () {
      const path = yield* Path.Path
      const data = yield* folder
      // Nobody reads from it, so that writing to it never ends.
      const { ended } = yield* command("mkfifo", [path.join(data, "simulator.new")])
      expect(yield* ended).toBe(0)
      const started = yield* listening(["--data", data])
      yield* pasted(started)
      const end = yield* Effect.raceFirst(
        started.ended,
        Effect.forever(
          Effect.andThen(
            Effect.sync(() => started.child.kill("SIGTERM")),
            Effect.sleep("50 millis")
          )
        )
      )
      expect(end).toBe("SIGTERM")
    })
  )
})
