import { Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Fiber } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { page } from "./page.ts"
import { accountId, type Answer, answerOf, ask, conversationsOf, refusal, send, type Sent, tokenOf } from "./support.ts"

/** Sends through the simulator's own client, to the host that LivePerson documents. */
const sendInProcess = Effect.fnUntraced(function* ({ body, headers = {}, method, path }: Sent) {
  const request = HttpClientRequest.make(method)(`https://api.liveperson.net${path}`, { headers })
  const response = yield* HttpClient.execute(
    body === undefined ? request : HttpClientRequest.bodyText(request, body, headers["Content-Type"])
  )
  return answerOf(response.status, response.headers, yield* response.text)
})

const differing: ReadonlySet<string> = new Set(["access_token", "token", "conversationId", "baseURI"])

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

/** The same calls, by either way: as they should be, wrong, and with faults. */
const story = Effect.fnUntraced(function* <E, R>(send: (sent: Sent) => Effect.Effect<Answer, E, R>) {
  const { fault } = yield* Simulator.Simulator
  const headers = yield* signInBy(send)
  const { Authorization } = headers
  yield* fault("domains", Fault.status(429, { retryAfter: "3", body: { reason: "too many" } }))
  yield* fault("domains", Fault.status(500))
  yield* fault("domains", Fault.garbage())
  return yield* Effect.forEach(
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
      [404, { ...ask.domains(), path: "/nowhere" }]
    ] as const,
    ([expected, request]) => Effect.map(send(request), (answer) => ({ expected, ...comparable(answer) }))
  )
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
      expect(yield* calls).toEqual([
        { endpoint: "domains", at: 0, status: 200 },
        { endpoint: "sentinel", at: 1000, status: 200 }
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
      expect(yield* calls).toEqual([{ endpoint: "domains", at: 0, status: "dropped" }])
    }).pipe(Effect.provide(Simulator.layer()))
  )
})
