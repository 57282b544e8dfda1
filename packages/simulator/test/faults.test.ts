import { Fault, Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Clock, Duration, Effect, Exit } from "effect"
import {
  ask,
  conversationsOf,
  message,
  onSocket,
  post,
  profile,
  request,
  say,
  seen,
  send,
  type Sent,
  signIn,
  tell,
  withConversation
} from "./support.ts"

/** A call of each endpoint, and its usual answer: those that want tokens or a signature are shown none. */
const calls = {
  domains: [200, ask.domain("idp")],
  sentinel: [200, ask.app()],
  idp: [401, ask.consumer({}, "{}")],
  conversation: [401, ask.conversation({}, "[]")],
  send: [401, ask.send({}, "{}")],
  storage: [401, { method: "PUT", path: "/v1/AUTH_async-images/dog.png", body: "Woof" }],
  engagement: [201, ask.engagement("v=1.1", "{}")],
  operator: [401, { method: "GET", path: "/api/account/12345678/configuration/app-install/installations?v=1.0" }]
} as const satisfies Record<Fault.Endpoint, readonly [status: number, request: Sent]>

const endpoints = Fault.Endpoint.literals

const usual = Object.fromEntries(endpoints.map((endpoint) => [endpoint, calls[endpoint][0]]))

const callAll = Effect.map(
  Effect.forEach(endpoints, (endpoint) =>
    Effect.map(send(calls[endpoint][1]), ({ status }) => [endpoint, status] as const)
  ),
  Object.fromEntries
)

const callDomains = Effect.map(send(ask.domain("idp")), ({ status }) => status)

const kinds = [
  ["a status", Fault.status(500), { answered: true, processed: false }],
  ["latency", Fault.latency("1 millis"), { answered: true, processed: true }],
  ["a drop", Fault.drop(), { answered: false, processed: false }],
  ["a drop after processing", Fault.drop({ processed: true }), { answered: false, processed: true }],
  ["garbage", Fault.garbage(), { answered: true, processed: false }],
  ["garbage after processing", Fault.garbage("?", { processed: true }), { answered: true, processed: true }]
] as const

onSocket()("A fault", (it) => {
  it.effect("of a status answers with it, its Retry-After and its body", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("conversation", Fault.status(429, { retryAfter: "3", body: { reason: "too many" } }))
      const { body, headers, status } = yield* send(ask.conversation({}, "[]"))
      expect(status).toBe(429)
      expect(headers["retry-after"]).toBe("3")
      expect(headers["content-type"]).toMatch(/^application\/json/)
      expect(body).toStrictEqual({ reason: "too many" })
    })
  )

  it.effect("of a status alone has no Retry-After and no body", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("sentinel", Fault.status(500))
      const { body, headers, status } = yield* send(ask.app())
      expect(status).toBe(500)
      expect(headers).not.toHaveProperty("retry-after")
      expect(body).toBe("")
    })
  )

  it.effect("of latency answers as usual, no sooner than that", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const usual = yield* send(ask.domain("idp"))
      yield* fault("domains", Fault.latency("300 millis"))
      const [waited, answer] = yield* Effect.timed(send(ask.domain("idp")))
      // A timer of Node counts in whole milliseconds, and may be early by a part of one.
      expect(Duration.toMillis(waited)).toBeGreaterThanOrEqual(299)
      expect(answer.status).toBe(200)
      expect(answer.body).toStrictEqual(usual.body)
    })
  )

  it.effect("of garbage answers with a page", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("idp", Fault.garbage())
      const { body, headers, status } = yield* send(ask.consumer({}, "{}"))
      expect(status).toBe(200)
      expect(headers["content-type"]).toMatch(/^text\/html/)
      expect(body).toMatch(/^<!doctype html>/)
    })
  )

  it.effect("of garbage answers with the text that it is given", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("idp", Fault.garbage('{"token":', { status: 201, contentType: "application/json" }))
      const { body, headers, status } = yield* send(ask.consumer({}, "{}"))
      expect(status).toBe(201)
      expect(headers["content-type"]).toMatch(/^application\/json/)
      expect(body).toBe('{"token":')
    })
  )

  it.effect.each(endpoints)("of %s touches no other endpoint", (endpoint) =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault(endpoint, Fault.status(503))
      expect(yield* callAll).toEqual({ ...usual, [endpoint]: 503 })
      expect(yield* callAll).toEqual(usual)
    })
  )

  it.effect.each(kinds)(
    "of %s is answered, and its request processed, only where it says so",
    ([name, fault, expected]) =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const tokens = yield* signIn(name)
        yield* simulator.fault("conversation", fault)
        const answer = yield* Effect.exit(post(tokens, [profile(), request(), message()]))
        const conversations = yield* conversationsOf(name)
        expect({ answered: Exit.isSuccess(answer), processed: conversations.length === 1 }).toEqual(expected)
        expect(conversations.flatMap(({ messages }) => messages)).toHaveLength(expected.processed ? 1 : 0)
        // The server has survived it, and the next call finds the world as it was left.
        expect((yield* post(tokens, [profile(), request()])).status).toBe(expected.processed ? 400 : 200)
      })
  )

  it.effect.each(kinds)("of %s at SEND likewise", ([name, fault, expected]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { id, tokens } = yield* withConversation(`SEND ${name}`)
      yield* simulator.fault("send", fault)
      const answer = yield* Effect.exit(tell(tokens, say(id)))
      const events = (yield* seen(id))?.events
      expect({ answered: Exit.isSuccess(answer), processed: events?.length === 1 }).toEqual(expected)
      expect((yield* tell(tokens, say(id))).body).toMatchObject({ body: { sequence: expected.processed ? 1 : 0 } })
    })
  )

  it.effect("of a status makes the Monitoring API load its account (7)", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const body = { internalCode: 38, message: "Loading account: 12345678, vid: A3ZTY3Zjk1MDExZTczYTU4" }
      yield* fault("engagement", Fault.status(202, { body }))
      const answer = yield* send(ask.engagement("v=1.1", "{}"))
      expect(answer.status).toBe(202)
      expect(answer.body).toStrictEqual(body)
      expect((yield* send(ask.engagement("v=1.1", "{}"))).status).toBe(201)
    })
  )

  it.effect.each([
    [undefined, [503, 200, 200]],
    [1, [503, 200, 200]],
    [2, [503, 503, 200]]
  ] as const)("for times %s happens as often: %j", ([times, statuses]) =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("domains", Fault.status(503), times === undefined ? {} : { times })
      expect(yield* Effect.replicateEffect(callDomains, 3)).toEqual(statuses)
    })
  )

  it.effect("waits in line behind those that were given before", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      yield* fault("domains", Fault.status(500), { times: 2 })
      yield* fault("domains", Fault.status(429))
      yield* fault("domains", Fault.status(503))
      expect(yield* Effect.replicateEffect(callDomains, 5)).toEqual([500, 500, 429, 503, 200])
    })
  )

  it.effect("that has been cleared does not happen, wherever it waited", () =>
    Effect.gen(function* () {
      const { clearFaults, fault } = yield* Simulator.Simulator
      yield* Effect.forEach(endpoints, (endpoint) => fault(endpoint, Fault.status(503), { times: 3 }))
      expect(yield* callDomains).toBe(503)
      yield* clearFaults
      expect(yield* callAll).toEqual(usual)
      yield* fault("domains", Fault.status(500))
      expect(yield* callDomains).toBe(500)
    })
  )
})

onSocket()("The log of calls", (it) => {
  it.effect("begins empty, and names each endpoint, the time and the status", () =>
    Effect.gen(function* () {
      const { calls, fault } = yield* Simulator.Simulator
      expect(yield* calls).toEqual([])
      yield* fault("idp", Fault.drop())
      yield* fault("idp", Fault.garbage("?", { status: 502 }))
      const start = yield* Clock.currentTimeMillis
      yield* Effect.exit(send(ask.consumer({}, "{}")))
      yield* send(ask.consumer({}, "{}"))
      yield* callAll
      const end = yield* Clock.currentTimeMillis
      const log = yield* calls
      expect(log.map(({ endpoint, status }) => [endpoint, status])).toEqual([
        ["idp", "dropped"],
        ["idp", 502],
        ...Object.entries(usual)
      ])
      const times = [start, ...log.map(({ at }) => at), end]
      expect(times).toEqual(times.toSorted((one, other) => one - other))
    })
  )
})
