/**
 * How long LivePerson waits for an answer while handlers are slow: deliveries at a steady rate from this process to an
 * endpoint in another, with handlers that take no time, and with handlers that take a second.
 */
import { Webhook } from "@effect-liveperson/core"
import { NodeHttpClient, NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array, Clock, Console, Effect, Number, Redacted, Schedule, Stream } from "effect"
import { HttpBody, HttpClient } from "effect/http"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { fileURLToPath } from "node:url"

const rates = [200, 1_000]
const seconds = 5
const slowness = [0, 1_000]

const utf8 = new TextEncoder()

const delivery = (sequence: number) => {
  const body = utf8.encode(
    JSON.stringify({
      kind: "notification",
      type: "ms.MessagingEventNotification",
      body: {
        changes: [
          {
            sequence,
            originatorId: "agent",
            originatorMetadata: { id: "agent", role: "ASSIGNED_AGENT" },
            serverTimestamp: 1,
            event: { type: "ContentEvent", contentType: "text/plain", message: "It is on its way 🚚" },
            dialogId: `d-${sequence % 500}`
          }
        ]
      }
    })
  )
  const app = { accountId: "1", clientId: "app", clientSecret: Redacted.make("secret"), algorithm: "sha256" } as const
  return Effect.map(Webhook.sign({ ...app, body }), (headers) => ({ body, headers }))
}

const endpoint = Effect.fnUntraced(function* (slow: number) {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const path = fileURLToPath(new URL("webhookServer.ts", import.meta.url))
  const handle = yield* spawner.spawn(ChildProcess.make(process.execPath, [path, String(slow)]))
  const [url] = yield* handle.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.take(1), Stream.runCollect)
  return `${url}/lp`
})

const percentile = (sorted: ReadonlyArray<number>, p: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0).toFixed(1).padStart(8)

const measure = Effect.fnUntraced(function* (rate: number, slow: number) {
  const url = yield* endpoint(slow)
  const client = (yield* HttpClient.HttpClient).pipe(HttpClient.filterStatusOk)
  const deliveries = yield* Effect.forEach(Array.range(1, rate * seconds), delivery, { concurrency: 16 })
  const post = Effect.fnUntraced(function* ({ body, headers }: (typeof deliveries)[number]) {
    const before = yield* Clock.currentTimeNanos
    const response = yield* client.post(url, { headers, body: HttpBody.uint8Array(body, "application/json") })
    yield* response.text
    return globalThis.Number((yield* Clock.currentTimeNanos) - before) / 1e6
  })
  yield* Effect.forEach(deliveries.slice(0, 200), post, { concurrency: 4, discard: true })
  const perTick = rate / 100
  const times = yield* Stream.fromIterable(deliveries).pipe(
    Stream.grouped(perTick),
    Stream.schedule(Schedule.fixed("10 millis")),
    Stream.flattenIterable,
    Stream.mapEffect(post, { concurrency: "unbounded" }),
    Stream.runCollect
  )
  const sorted = times.toSorted(Number.Order)
  yield* Console.log(
    `${String(rate).padStart(6)} ${String(slow).padStart(11)} ${percentile(sorted, 0.5)} ${percentile(sorted, 0.99)} ${percentile(sorted, 0.999)} ${percentile(sorted, 1)}`
  )
}, Effect.scoped)

const program = Effect.gen(function* () {
  yield* Console.log(`answer times in ms of a webhook endpoint, ${seconds} s each`)
  yield* Console.log("rate/s  handler ms      p50      p99    p99.9      max")
  for (const rate of rates) for (const slow of slowness) yield* measure(rate, slow)
})

program.pipe(Effect.provide([NodeServices.layer, NodeHttpClient.layerUndici]), NodeRuntime.runMain)
