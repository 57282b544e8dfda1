import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { ask, readToken, refusal, send, tokenOf } from "./support.ts"

describe("A server", () => {
  it.live("listens on a port of its own on loopback, and on none when its scope has ended", () =>
    Effect.gen(function* () {
      const urls = Effect.all([NodeSimulator.url, Effect.provide(NodeSimulator.url, NodeSimulator.layer())])
      const [one, other] = yield* Effect.provide(urls, NodeSimulator.layer())
      expect(one).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/)
      expect(other).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/)
      expect(other).not.toBe(one)
      for (const url of [one, other]) {
        const { cause } = yield* Effect.flip(Effect.tryPromise(() => fetch(url)))
        expect(cause).toMatchObject({ cause: { code: "ECONNREFUSED" } })
      }
    })
  )

  it.live("takes the port that it is told to, and fails where that is taken", () =>
    Effect.gen(function* () {
      const { port } = new URL(yield* NodeSimulator.url)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(NodeSimulator.layer({ port: Number(port) }))))
      expect(error._tag).toBe("ServeError")
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )

  it.live("knows the account and the app of its options, and no others", () =>
    Effect.gen(function* () {
      expect((yield* send(ask.domain("idp", "87654321"))).body).toMatchObject({ account: "87654321" })
      expect((yield* send(ask.domain("idp"))).status).toBe(404)
      const own = yield* send({ ...ask.app("87654321"), body: "client_id=another&client_secret=app" })
      expect(readToken(tokenOf(own)).claims).toMatchObject({ aud: "87654321", azp: "another" })
      expect((yield* send(ask.app("87654321"))).status).toBe(401)
    }).pipe(
      Effect.provide(
        NodeSimulator.layer({ accountId: "87654321", clientId: "another", clientSecret: Redacted.make("app") })
      )
    )
  )

  it.live("refuses AppJWTs that have expired", () =>
    Effect.gen(function* () {
      const Authorization = tokenOf(yield* send(ask.app()))
      for (const request of [
        ask.consumer({ Authorization }, '{"ext_consumer_id":"late"}'),
        ask.conversation({ Authorization, "X-LP-ON-BEHALF": "garbage" }, "[]")
      ]) {
        const { body, status } = yield* send(request)
        expect(status).toBe(401)
        expect(body).toStrictEqual(refusal(40102))
      }
    }).pipe(Effect.provide(NodeSimulator.layer({ appTokenLifetime: 0 })))
  )

  it.live("shares nothing with another server", () =>
    Effect.gen(function* () {
      const elsewhere = yield* Simulator.Simulator.pipe(Effect.provide(NodeSimulator.layer()))
      yield* send(ask.domain("idp"))
      expect(yield* (yield* Simulator.Simulator).calls).toHaveLength(1)
      expect(yield* elsewhere.calls).toEqual([])
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )
})
