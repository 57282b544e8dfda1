import { Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { page } from "./page.ts"
import {
  accountId,
  type Answer,
  answerOf,
  ask,
  conversationsOf,
  downloadUrl,
  readToken,
  refusal,
  say,
  send,
  type Sent,
  tokenOf,
  uploadUrl
} from "./support.ts"

/** Sends through the simulator's own client, to the host that LivePerson documents. */
const sendInProcess = Effect.fnUntraced(function* ({ body, headers = {}, method, path }: Sent) {
  const request = HttpClientRequest.make(method)(`https://api.liveperson.net${path}`, { headers })
  const response = yield* HttpClient.execute(
    body === undefined
      ? request
      : typeof body === "string"
        ? HttpClientRequest.bodyText(request, body, headers["Content-Type"])
        : HttpClientRequest.bodyUint8Array(request, body)
  )
  return answerOf(response.status, response.headers, yield* response.arrayBuffer)
})

const differing: ReadonlySet<string> = new Set(
  "access_token token conversationId baseURI relativePath temp_url_sig temp_url_expires visitorId sessionId pageId".split(
    " "
  )
)

/** What can be compared of an answer: tokens, ids and hosts are each simulator's own. */
const comparable = ({ body, headers, status }: Answer) => {
  const text = JSON.stringify(body, (key, value: unknown) => (differing.has(key) ? typeof value : value))
  const json: unknown = JSON.parse(text)
  return { status, body: json, contentType: headers["content-type"], retryAfter: headers["retry-after"] }
}

const signInBy = Effect.fnUntraced(function* <E, R>(send: (sent: Sent) => Effect.Effect<Answer, E, R>) {
  const Authorization = tokenOf(yield* send(ask.app()))
  const consumer = tokenOf(yield* send(ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}')))
  return { Authorization, "X-LP-ON-BEHALF": consumer }
})

const FileUrl = Schema.Struct({
  body: Schema.Struct({ relativePath: Schema.String, queryParams: Schema.Record(Schema.String, Schema.String) })
})

/** The path and query of a file's URL, as SEND told it. */
const pathOf = ({ body }: Answer): string => {
  const { queryParams, relativePath } = Schema.decodeUnknownSync(FileUrl)(body).body
  return `${relativePath}?${new URLSearchParams(queryParams).toString()}`
}

/** The same calls, by either way: as they should be, wrong, and with faults. */
const story = Effect.fnUntraced(function* <E, R>(send: (sent: Sent) => Effect.Effect<Answer, E, R>) {
  const { fault } = yield* Simulator.Simulator
  const headers = yield* signInBy(send)
  const { Authorization } = headers
  yield* fault("domains", Fault.status(429, { retryAfter: "3", body: { reason: "too many" } }))
  yield* fault("domains", Fault.status(500))
  yield* fault("domains", Fault.garbage())
  const check = (expected: number, request: Sent) =>
    Effect.map(send(request), (answer) => ({ expected, ...comparable(answer) }))
  const opening = yield* Effect.forEach(
    [
      [429, ask.domain("idp")],
      [500, ask.domain("idp")],
      [200, ask.domain("idp")],
      [200, ask.domain("idp")],
      [200, ask.domains()],
      [404, ask.domain("nothing")],
      [200, ask.app()],
      [401, ask.app("87654321")],
      [400, { ...ask.app(), path: `/sentinel/api/account/${accountId}/app/token?v=1.0` }],
      [201, ask.consumer({ Authorization: `Bearer ${Authorization}` }, '{"ext_consumer_id":"Grace"}')],
      [400, ask.consumer({ Authorization }, "")],
      [401, ask.consumer({}, "{}")],
      [401, ask.conversation({}, "[]")],
      [401, ask.conversation({ Authorization }, "[]")],
      [401, ask.conversation({ ...headers, "X-LP-ON-BEHALF": "garbage" }, "[]")],
      [400, ask.conversation(headers, "[")],
      [200, ask.conversation(headers, page(accountId))],
      [400, ask.conversation(headers, page(accountId))],
      [404, { ...ask.domains(), path: "/nowhere" }],
      [404, { ...ask.domains(), path: ask.domains().path.replace("/service/", "/Service/") }],
      [405, { ...ask.domains(), method: "POST" }]
    ] as const,
    ([expected, request]) => check(expected, request)
  )
  const [conversation] = yield* conversationsOf("Ada")
  const dialogId = conversation?.id ?? ""
  const asked = (request: object) => ask.send(headers, JSON.stringify(request))
  const up = pathOf(yield* send(asked(uploadUrl({ fileSize: "3", fileType: "PNG" }))))
  const path = up.replace(/\?.*/, "")
  const sending = yield* Effect.forEach(
    [
      [200, asked(say(dialogId))],
      [400, asked(say("nowhere"))],
      [400, ask.send(headers, "{")],
      [401, ask.send({}, "{}")],
      [200, asked(uploadUrl({ fileSize: "3", fileType: "PNG" }))],
      [404, { method: "GET", path: up }],
      [413, { method: "PUT", path: up, body: new Uint8Array(4) }],
      [201, { method: "PUT", path: `/${up}`, body: new Uint8Array(3) }],
      [401, { method: "PUT", path, body: new Uint8Array(3) }],
      [401, { method: "GET", path }],
      [200, asked(downloadUrl({ relativePath: path }))],
      [201, ask.engagement("v=1.1", "{}")],
      [400, ask.engagement("v=1.1", "{")]
    ] as const,
    ([expected, request]) => check(expected, request)
  )
  const down = yield* check(200, {
    method: "GET",
    path: pathOf(yield* send(asked(downloadUrl({ relativePath: path }))))
  })
  return [...opening, ...sending, down]
})

describe("In process, the simulator", () => {
  it.live("answers as it does on a socket", () =>
    Effect.gen(function* () {
      const onSocket = yield* Effect.provide(story(send), NodeSimulator.layer())
      const inProcess = yield* Effect.provide(story(sendInProcess), Simulator.layer())
      expect(inProcess).toStrictEqual(onSocket)
      expect(inProcess.map(({ status }) => status)).toEqual(inProcess.map(({ expected }) => expected))
    })
  )

  it.effect("names the host of the request", () =>
    Effect.gen(function* () {
      expect((yield* sendInProcess(ask.domain("idp"))).body).toMatchObject({ baseURI: "api.liveperson.net" })
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect.each([false, true])("drops as a broken connection, processed: %s", (processed) =>
    Effect.gen(function* () {
      const { calls, fault } = yield* Simulator.Simulator
      const headers = yield* signInBy(sendInProcess)
      yield* fault("conversation", Fault.drop({ processed }))
      const error = yield* Effect.flip(sendInProcess(ask.conversation(headers, page(accountId))))
      expect(error).toMatchObject({ _tag: "HttpClientError", reason: { _tag: "TransportError" } })
      expect(yield* conversationsOf("Ada")).toHaveLength(processed ? 1 : 0)
      expect((yield* calls).at(-1)).toMatchObject({ endpoint: "conversation", status: "dropped" })
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("waits for latency on the clock of the test", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("domains", Fault.latency("1 hour"))
      const asked = yield* Clock.currentTimeMillis
      const answered = Effect.andThen(sendInProcess(ask.domain("idp")), Clock.currentTimeMillis)
      const fiber = yield* Effect.forkChild(answered)
      yield* TestClock.adjust("59 minutes")
      expect(fiber.pollUnsafe()).toBeUndefined()
      // Past the hour, so that an answer that waited on another clock is seen to be late.
      yield* TestClock.adjust("1 hour")
      expect((yield* Fiber.join(fiber)) - asked).toBe(3_600_000)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect.each([
    [{}, 3600],
    [{ appTokenLifetime: 60 }, 60]
  ] as const)("refuses an AppJWT of %j from its %ith second on", ([options, seconds]) =>
    Effect.gen(function* () {
      const headers = yield* signInBy(sendInProcess)
      const askBoth = Effect.forEach(
        [ask.consumer(headers, '{"ext_consumer_id":"Ada"}'), ask.conversation(headers, "[]")],
        sendInProcess
      )
      yield* TestClock.adjust((seconds - 1) * 1000)
      expect((yield* askBoth).map(({ status }) => status)).toEqual([201, 400])
      yield* TestClock.adjust(1000)
      const [idp, conversation] = yield* askBoth
      expect(idp?.body).toStrictEqual(refusal(40102))
      expect(conversation?.body).toStrictEqual(refusal(40102))
    }).pipe(Effect.provide(Simulator.layer(options)))
  )

  it.effect("takes a ConsumerJWS however old it is (1.4)", () =>
    Effect.gen(function* () {
      const { "X-LP-ON-BEHALF": consumer } = yield* signInBy(sendInProcess)
      expect(readToken(consumer).claims).not.toHaveProperty("exp")
      yield* TestClock.adjust("3650 days")
      const headers = { ...(yield* signInBy(sendInProcess)), "X-LP-ON-BEHALF": consumer }
      expect((yield* sendInProcess(ask.conversation(headers, page(accountId)))).status).toBe(200)
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("signs the URL of a file for a minute, and refuses it from then on", () =>
    Effect.gen(function* () {
      const { file } = yield* Simulator.Simulator
      yield* TestClock.adjust("1500 millis")
      const headers = yield* signInBy(sendInProcess)
      const urlOf = (request: object) => Effect.map(sendInProcess(ask.send(headers, JSON.stringify(request))), pathOf)
      const announce = urlOf(uploadUrl({ fileSize: 3, fileType: "GIF" }))
      const put = (path: string) => sendInProcess({ method: "PUT", path, body: Uint8Array.of(1, 2, 3) })
      const get = (path: string) => sendInProcess({ method: "GET", path })

      const [used, unused] = [yield* announce, yield* announce]
      expect(used).toContain("temp_url_expires=61")
      yield* TestClock.adjust("59499 millis")
      expect((yield* put(used)).status).toBe(201)
      yield* TestClock.adjust("1 millis")
      expect((yield* put(unused)).status).toBe(401)
      expect(yield* file(unused.replace(/\?.*/, ""))).toBeUndefined()

      const relativePath = used.replace(/\?.*/, "")
      const down = yield* urlOf(downloadUrl({ relativePath }))
      yield* TestClock.adjust("59999 millis")
      expect(yield* get(down)).toMatchObject({ status: 200, bytes: Uint8Array.of(1, 2, 3) })
      yield* TestClock.adjust("1 millis")
      expect((yield* get(down)).status).toBe(401)
      expect(yield* file(relativePath)).toStrictEqual(Uint8Array.of(1, 2, 3))
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("tells when each event arrived, by the clock of the test", () =>
    Effect.gen(function* () {
      const headers = yield* signInBy(sendInProcess)
      yield* TestClock.adjust("1 minute")
      yield* sendInProcess(ask.conversation(headers, page(accountId)))
      const dialogId = (yield* conversationsOf("Ada"))[0]?.id ?? ""
      yield* TestClock.adjust("1 minute")
      yield* sendInProcess(ask.send(headers, JSON.stringify(say(dialogId))))
      expect((yield* conversationsOf("Ada"))[0]?.events.map(({ at }) => at)).toEqual([60_000, 120_000])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("logs calls in the order of their arrival, though they are answered in another", () =>
    Effect.gen(function* () {
      const { calls, fault } = yield* Simulator.Simulator
      yield* fault("domains", Fault.latency("1 minute"))
      const slow = yield* Effect.forkChild(sendInProcess(ask.domain("idp")))
      yield* TestClock.adjust("1 second")
      yield* sendInProcess(ask.app())
      expect((yield* calls).map(({ status }) => status)).toEqual(["waiting", 200])
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(slow)
      expect(yield* calls).toMatchObject([
        { endpoint: "domains", at: 0, millis: 60_000, status: 200 },
        { endpoint: "sentinel", at: 1000, millis: 0, status: 200 }
      ])
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("logs a call that its client gave up as one that got no answer", () =>
    Effect.gen(function* () {
      const { calls, fault } = yield* Simulator.Simulator
      yield* fault("domains", Fault.latency("1 minute"))
      const fiber = yield* Effect.forkChild(sendInProcess(ask.domain("idp")))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      expect(yield* calls).toMatchObject([{ endpoint: "domains", at: 0, millis: 1000, status: "dropped" }])
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
