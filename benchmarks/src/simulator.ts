/**
 * How many round trips a second a test gets out of the simulator: in process, and beside it the same over loopback
 * sockets to a simulator in another process, in turns.
 */
import { Simulator } from "@effect-liveperson/simulator"
import { NodeHttpClient, NodeRuntime, NodeServices } from "@effect/platform-node"
import { Array, Clock, Console, Effect, Number, Redacted, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { fileURLToPath } from "node:url"

const rounds = 7
const inFlight = 32
const opens = 1_000
const sends = 5_000

const { accountId, clientId, clientSecret } = Simulator.credentials

const Issued = Schema.Union([Schema.Struct({ access_token: Schema.String }), Schema.Struct({ token: Schema.String })])
const Opened = Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])

const decodeToken = Schema.decodeUnknownEffect(Issued)
const decodeOpened = Schema.decodeUnknownEffect(Opened)

const token = (answer: unknown) =>
  Effect.map(decodeToken(answer), (issued) => ("token" in issued ? issued.token : issued.access_token))

/** What a client without a library would do, by whatever means `client` has. */
const connect = Effect.fnUntraced(function* (client: HttpClient.HttpClient, url: string) {
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    client
      .execute(
        HttpClientRequest.post(`${url}/${path}`, { headers }).pipe(
          HttpClientRequest.bodyText(JSON.stringify(body), "application/json")
        )
      )
      .pipe(Effect.flatMap(({ json }) => json))
  const secret = Redacted.value(clientSecret)
  const query = `v=1.0&grant_type=client_credentials&client_id=${clientId}&client_secret=${secret}`
  const Authorization = yield* Effect.flatMap(
    post(`sentinel/api/account/${accountId}/app/token?${query}`, {}, {}),
    token
  )
  const path = `api/account/${accountId}/messaging/consumer/conversation`

  const speaker = Effect.fnUntraced(function* (consumer: string) {
    const body = { ext_consumer_id: consumer }
    const answer = yield* post(`api/account/${accountId}/consumer?v=1.0`, { Authorization }, body)
    return { Authorization, "X-LP-ON-BEHALF": yield* token(answer) }
  })
  const open = Effect.fnUntraced(function* (headers: Record<string, string>) {
    const answer = yield* post(`${path}?v=3`, headers, [
      { kind: "req", id: "1", type: "userprofile.SetUserProfile", body: { firstName: "Ada" } },
      { kind: "req", id: "2", type: "cm.ConsumerRequestConversation", body: { brandId: accountId } }
    ])
    return (yield* decodeOpened(answer))[1].body.conversationId
  })
  const say = (headers: Record<string, string>, dialogId: string) =>
    post(`${path}/send?v=3`, headers, {
      kind: "req",
      id: "1",
      type: "ms.PublishEvent",
      body: { dialogId, event: { type: "ContentEvent", contentType: "text/plain", message: "It was due on Monday" } }
    })
  return { speaker, open, say }
})

const perSecond = Effect.fnUntraced(function* (times: number, work: Effect.Effect<unknown, unknown>) {
  const before = yield* Clock.currentTimeNanos
  yield* work
  return (times * 1e9) / globalThis.Number((yield* Clock.currentTimeNanos) - before)
})

/** One round: conversations opened a second, and messages sent a second. */
const measure = Effect.fnUntraced(function* (side: Effect.Success<ReturnType<typeof connect>>, round: number) {
  const consumers = Array.makeBy(opens, (nth) => `bench-${round}-${nth}`)
  const speakers = yield* Effect.forEach(consumers, side.speaker, { concurrency: inFlight })
  const ids: Array<string> = []
  const opened = yield* perSecond(
    opens,
    Effect.forEach(speakers, (headers, nth) => Effect.map(side.open(headers), (id) => (ids[nth] = id)), {
      concurrency: inFlight,
      discard: true
    })
  )
  const said = yield* perSecond(
    sends,
    Effect.forEach(Array.range(0, sends - 1), (nth) => side.say(speakers[nth % opens] ?? {}, ids[nth % opens] ?? ""), {
      concurrency: inFlight,
      discard: true
    })
  )
  return { opened, said }
})

const elsewhere = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
  const path = fileURLToPath(new URL("simulatorServer.ts", import.meta.url))
  const handle = yield* spawner.spawn(ChildProcess.make(process.execPath, [path]))
  const [url = ""] = yield* handle.stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.take(1),
    Stream.runCollect
  )
  return url
})

const median = (values: ReadonlyArray<number>): number => values.toSorted(Number.Order)[values.length >> 1] ?? 0

const row = (name: string, inside: ReadonlyArray<number>, outside: ReadonlyArray<number>) => {
  const spread = (values: ReadonlyArray<number>) =>
    `${Math.round(median(values)).toString().padStart(8)} (${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))})`
  return `${name.padEnd(24)} ${spread(inside).padEnd(28)} ${spread(outside).padEnd(28)} ${(median(inside) / median(outside)).toFixed(1)}`
}

const program = Effect.gen(function* () {
  const inProcess = yield* Effect.provide(HttpClient.HttpClient, Simulator.layer({ seed: "bench" }))
  const inside = yield* connect(inProcess, "https://liveperson.test")
  const outside = yield* connect(yield* HttpClient.HttpClient, yield* elsewhere)
  const inner: Array<{ opened: number; said: number }> = []
  const outer: Array<{ opened: number; said: number }> = []
  for (let round = -2; round < rounds; round += 1) {
    const one = yield* measure(inside, round)
    const other = yield* measure(outside, round)
    // The first two warm up.
    if (round < 0) continue
    inner.push(one)
    outer.push(other)
  }
  yield* Console.log(`a second, ${inFlight} in flight, median of ${rounds} (least to most)`)
  yield* Console.log(`${"".padEnd(24)} ${"in process".padEnd(28)} ${"over loopback".padEnd(28)} ratio`)
  yield* Console.log(
    row(
      "conversations opened",
      inner.map(({ opened }) => opened),
      outer.map(({ opened }) => opened)
    )
  )
  yield* Console.log(
    row(
      "messages sent",
      inner.map(({ said }) => said),
      outer.map(({ said }) => said)
    )
  )
}).pipe(Effect.scoped)

program.pipe(Effect.provide([NodeServices.layer, NodeHttpClient.layerUndici]), NodeRuntime.runMain)
