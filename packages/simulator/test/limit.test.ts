import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sendInProcess } from "./hooks.ts"
import { accountId, ask, conversationsOf, profile, request, setProfile, tokenOf } from "./support.ts"

const other = "87654321"

const change = JSON.stringify(setProfile({ firstName: "Ada" }))
const batch = JSON.stringify([profile(), request()])

const signIn = Effect.fnUntraced(function* (account = accountId) {
  const Authorization = tokenOf(yield* sendInProcess(ask.app(account)))
  const named = ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}', account)
  const headers = { Authorization, "X-LP-ON-BEHALF": tokenOf(yield* sendInProcess(named)) }
  return {
    send: Effect.map(sendInProcess(ask.send(headers, change, account)), ({ status }) => status),
    open: sendInProcess(ask.conversation(headers, batch, account))
  }
})

const limited = (rateLimit?: number) =>
  Effect.provide(Simulator.layer({ accountId: [accountId, other], ...(rateLimit === undefined ? {} : { rateLimit }) }))

describe("A limit of calls", () => {
  it.effect("is on what an account calls in a second, by CONVERSATION and SEND together", () =>
    Effect.gen(function* () {
      const { open, send } = yield* signIn()
      expect((yield* open).status).toBe(200)
      expect(yield* Effect.replicateEffect(send, 3)).toEqual([200, 200, 429])
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.replicateEffect(send, 4)).toEqual([200, 200, 200, 429])
      expect((yield* open).status).toBe(429)
    }).pipe(limited(3))
  )

  it.effect("says with 429 when to come again, in whole seconds and not before one has passed, and no more", () =>
    Effect.gen(function* () {
      const { open, send } = yield* signIn()
      expect(yield* send).toBe(200)
      yield* TestClock.adjust("900 millis")
      const { body, headers, status } = yield* open
      expect({ status, retryAfter: headers["retry-after"], body }).toEqual({ status: 429, retryAfter: "1", body: "" })
      yield* TestClock.adjust("1 second")
      expect((yield* open).status).toBe(200)
    }).pipe(limited(1))
  )

  it.effect("has what is refused leave no trace", () =>
    Effect.gen(function* () {
      const { open, send } = yield* signIn()
      yield* send
      expect((yield* open).status).toBe(429)
      expect(yield* conversationsOf("Ada")).toEqual([])
    }).pipe(limited(1))
  )

  it.effect("is each account's own", () =>
    Effect.gen(function* () {
      const [here, there] = [yield* signIn(), yield* signIn(other)]
      expect(yield* Effect.replicateEffect(here.send, 2)).toEqual([200, 429])
      expect(yield* Effect.replicateEffect(there.send, 2)).toEqual([200, 429])
    }).pipe(limited(1))
  )

  it.effect("is not on tokens, domains, files or engagements", () =>
    Effect.gen(function* () {
      for (const call of [ask.domain("idp"), ask.app(), ask.engagement("v=1.1", "{}")]) {
        const statuses = yield* Effect.replicateEffect(sendInProcess(call), 3)
        expect(statuses.filter(({ status }) => status === 429)).toEqual([])
      }
      const file = { method: "GET", path: `/v1/AUTH_async-images/${accountId}/dog.png` } as const
      expect((yield* Effect.replicateEffect(sendInProcess(file), 3)).map(({ status }) => status)).toEqual([
        404, 404, 404
      ])
      const Authorization = tokenOf(yield* sendInProcess(ask.app()))
      const named = sendInProcess(ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}'))
      expect((yield* Effect.replicateEffect(named, 3)).map(({ status }) => status)).toEqual([201, 201, 201])
    }).pipe(limited(1))
  )

  it.effect("is none unless it is said", () =>
    Effect.gen(function* () {
      const { send } = yield* signIn()
      expect(new Set(yield* Effect.replicateEffect(send, 100))).toEqual(new Set([200]))
    }).pipe(limited())
  )
})
