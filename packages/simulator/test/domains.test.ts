import { NodeSimulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import { accountId, ask, onSocket, send } from "./support.ts"

const services = ["asyncMessagingEnt", "sentinel", "idp", "swift", "smt"]

onSocket()("The Domain API", (it) => {
  it.effect.each(services)("names the host of one service: %s", (service) =>
    Effect.gen(function* () {
      const { host } = new URL(yield* NodeSimulator.url)
      const { body, headers, status } = yield* send(ask.domain(service))
      expect(status).toBe(200)
      expect(headers["content-type"]).toMatch(/^application\/json/)
      expect(body).toStrictEqual({ service, account: accountId, baseURI: host })
    })
  )

  it.effect("lists the hosts of all services", () =>
    Effect.gen(function* () {
      const { host } = new URL(yield* NodeSimulator.url)
      const { body, status } = yield* send(ask.domains())
      expect(status).toBe(200)
      expect(body).toStrictEqual({
        baseURIs: expect.arrayContaining(services.map((service) => ({ service, account: accountId, baseURI: host })))
      })
    })
  )

  it.effect("names the host and port that it was asked at", () =>
    Effect.gen(function* () {
      const { port } = new URL(yield* NodeSimulator.url)
      const url = `http://localhost:${port}${ask.domain("idp").path}`
      const body: unknown = yield* Effect.tryPromise(async (signal) => (await fetch(url, { signal })).json())
      expect(body).toMatchObject({ baseURI: `localhost:${port}` })
    })
  )

  it.effect.each([
    ["an account that does not exist", ask.domain("idp", "87654321")],
    ["all services of an account that does not exist", ask.domains("87654321")],
    ["a service that does not exist", ask.domain("asnycMessagingEnt")],
    ["a service in other letters", ask.domain("Sentinel")]
  ] as const)("does not find %s", ([, request]) =>
    Effect.gen(function* () {
      expect((yield* send(request)).status).toBe(404)
    })
  )
})
