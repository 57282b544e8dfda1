import { Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { sendInProcess } from "./hooks.ts"
import { ask, send } from "./support.ts"
import { openedBy } from "./ways.ts"

const accounts = ["12345678", "87654321"] as const
const [ours, theirs] = accounts

/** A consumer who has made a call already, in a second that has passed. */
const opened = (account: string) => Effect.tap(openedBy(sendInProcess, "Ada", account), TestClock.adjust("1 second"))

const statusesOf = <E, R>(calls: number, call: Effect.Effect<{ readonly status: number }, E, R>) =>
  Effect.map(Effect.replicateEffect(call, calls), (answers) => answers.map(({ status }) => status))

const limited = (rateLimit: number) => Effect.provide(Simulator.layer({ accountId: accounts, rateLimit }))

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

describe("The rate limit", () => {
  it.effect.prop(
    "lets so many calls of a second through, and refuses the others",
    { limit: upTo(5), calls: upTo(9) },
    ({ calls, limit }) =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id, says } = yield* opened(ours)
        const through = Math.min(limit, calls)
        const expected = Array.from({ length: calls }, (_, nth) => (nth < through ? 200 : 429))
        expect(yield* statusesOf(calls, says("Hi"))).toEqual(expected)
        expect((yield* simulator.conversation(id))?.messages).toHaveLength(through)
        yield* TestClock.adjust("1 second")
        expect(yield* statusesOf(calls, says("Hi"))).toEqual(expected)
      }).pipe(limited(limit)),
    { arbitrary: { runs: 40 } }
  )

  it.effect("is over when its second is, and not before", () =>
    Effect.gen(function* () {
      const { says } = yield* opened(ours)
      expect(yield* statusesOf(2, says("Hi"))).toEqual([200, 429])
      yield* TestClock.adjust("999 millis")
      expect((yield* says("Hi")).status).toBe(429)
      yield* TestClock.adjust("1 millis")
      expect((yield* says("Hi")).status).toBe(200)
    }).pipe(limited(1))
  )

  it.effect("says when to come back, in whole seconds and at least one, and nothing else", () =>
    Effect.gen(function* () {
      const { says } = yield* opened(ours)
      yield* says("Hi")
      for (const wait of ["0 millis", "900 millis"] as const) {
        yield* TestClock.adjust(wait)
        const { body, headers, status } = yield* says("Hi")
        expect({ body, status, retryAfter: headers["retry-after"] }).toEqual({ body: "", status: 429, retryAfter: "1" })
      }
      yield* TestClock.adjust("1 second")
      expect((yield* says("Hi")).status).toBe(200)
    }).pipe(limited(1))
  )

  it.effect("is of CONVERSATION and SEND together, and of every account by itself", () =>
    Effect.gen(function* () {
      const [mine, yours] = [yield* opened(ours), yield* opened(theirs)]
      const open = sendInProcess(ask.conversation(mine.headers, "["))
      expect([yield* open, yield* mine.says("Hi"), yield* open].map(({ status }) => status)).toEqual([400, 200, 429])
      expect((yield* mine.says("Hi")).status).toBe(429)
      expect(yield* statusesOf(3, yours.says("Hi"))).toEqual([200, 200, 429])
      // Whoever calls counts, even without a token.
      yield* TestClock.adjust("1 second")
      expect(yield* statusesOf(3, sendInProcess(ask.send({}, "{")))).toEqual([401, 401, 429])
    }).pipe(limited(2))
  )

  it.effect("is not of domains, tokens, files, engagements or operators", () =>
    Effect.gen(function* () {
      const { headers, says } = yield* opened(ours)
      yield* says("Hi")
      for (const [status, sent] of [
        [200, ask.domains()],
        [200, ask.app()],
        [201, ask.consumer(headers, '{"ext_consumer_id":"Ada"}')],
        [404, { method: "GET", path: "/v1/AUTH_async-images/12345678/a.png" }],
        [201, ask.engagement("v=1.0", "{}")],
        [401, { method: "GET", path: `/api/account/${ours}/configuration/app-install/installations?v=1.0` }]
      ] as const) {
        expect(yield* statusesOf(4, sendInProcess(sent))).toEqual([status, status, status, status])
      }
      expect((yield* says("Hi")).status).toBe(429)
    }).pipe(limited(1))
  )

  it.effect("does not count what a fault answered before it was processed", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const { says } = yield* opened(ours)
      yield* fault("send", Fault.status(503), { times: 3 })
      expect(yield* statusesOf(5, says("Hi"))).toEqual([503, 503, 503, 200, 429])
    }).pipe(limited(1))
  )

  it.effect("does not work the agent, whose words are no calls", () =>
    Effect.gen(function* () {
      const { agent } = yield* Simulator.Simulator
      const { id, says } = yield* opened(ours)
      yield* Effect.replicateEffect(agent(id).say("Hello"), 5)
      expect(yield* statusesOf(2, says("Hi"))).toEqual([200, 429])
    }).pipe(limited(1))
  )

  it.effect("is none where none was given", () =>
    Effect.gen(function* () {
      const { says } = yield* openedBy(sendInProcess)
      expect(new Set(yield* statusesOf(500, says("Hi")))).toEqual(new Set([200]))
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.live("is felt by any client, on a socket", () =>
    Effect.gen(function* () {
      const { says } = yield* openedBy(send)
      const answers = yield* Effect.replicateEffect(says("Hi"), 20, { concurrency: "unbounded" })
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
      expect(answers.find(({ status }) => status === 429)?.headers["retry-after"]).toBe("1")
    }).pipe(Effect.provide(NodeSimulator.layer({ rateLimit: 2 })))
  )
})
