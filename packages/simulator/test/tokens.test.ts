import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import {
  accountId,
  appToken,
  ask,
  clientId,
  clientSecret,
  consumerToken,
  lpConsumerId,
  onSocket,
  post,
  profile,
  readToken,
  refusal,
  request,
  type Sent,
  send,
  signIn,
  tokenOf
} from "./support.ts"

const grant = "grant_type=client_credentials"
const app = `client_id=${clientId}&client_secret=${clientSecret}`

/** Asks Sentinel with these fields in the query and those in the form. */
const sentinel = (query: string, form: string): Sent => ({
  ...ask.app(),
  path: `/sentinel/api/account/${accountId}/app/token?v=1.0${query && `&${query}`}`,
  body: form
})

const times = Schema.decodeUnknownSync(Schema.Struct({ iat: Schema.Int, exp: Schema.Int }))

onSocket()("Sentinel", (it) => {
  it.effect.each([
    ["the grant in the query and the app in the form", sentinel(grant, app)],
    ["everything in the form", sentinel("", `${grant}&${app}`)],
    ["everything in the query", sentinel(`${grant}&${app}`, "")]
  ] as const)("issues a Bearer token to a request with %s", ([, request]) =>
    Effect.gen(function* () {
      const { body, status } = yield* send(request)
      expect(status).toBe(200)
      expect(body).toStrictEqual({ access_token: expect.any(String), token_type: "Bearer" })
    })
  )

  it.effect.each([
    ["a wrong secret", sentinel(grant, `client_id=${clientId}&client_secret=wrong`), 401],
    [
      "a secret in other letters",
      sentinel(grant, `client_id=${clientId}&client_secret=${clientSecret.toUpperCase()}`),
      401
    ],
    ["no secret", sentinel(grant, `client_id=${clientId}`), 401],
    ["a wrong client id", sentinel(grant, `client_id=wrong&client_secret=${clientSecret}`), 401],
    ["another account", ask.app("87654321"), 401],
    ["no grant", sentinel("", app), 400],
    ["another grant", sentinel("grant_type=password", app), 400]
  ] as const)("issues nothing to a request with %s", ([, request, status]) =>
    Effect.gen(function* () {
      const answer = yield* send(request)
      expect(answer.status).toBe(status)
      expect(answer.body).not.toHaveProperty("access_token")
    })
  )

  it.effect("signs by RS256 who may call and for how long", () =>
    Effect.gen(function* () {
      const asked = (yield* Clock.currentTimeMillis) / 1000
      const { claims, header, signature } = readToken(yield* appToken)
      expect(header).toMatchObject({ alg: "RS256" })
      expect(signature.length).toBeGreaterThanOrEqual(256)
      expect(claims).toMatchObject({ aud: accountId, azp: clientId, scope: "msg.consumer", iss: "Sentinel" })
      const { exp, iat } = times(claims)
      expect(exp - iat).toBe(3600)
      // Whole seconds, so that it may seem to have been issued up to one second before it was asked for.
      expect(iat).toBeGreaterThan(asked - 1)
      expect(iat).toBeLessThan(asked + 30)
    })
  )
})

const someone = JSON.stringify({ ext_consumer_id: "sms:+15550100" })

onSocket()("The IDP", (it) => {
  it.effect.each(["sms:+15550100", "Zoë Müller ☎ 東京"])("names the consumer in a token: %s", (consumer) =>
    Effect.gen(function* () {
      const Authorization = yield* appToken
      const answer = yield* send(ask.consumer({ Authorization }, JSON.stringify({ ext_consumer_id: consumer })))
      expect(answer.status).toBe(201)
      expect(answer.body).toStrictEqual({ token: expect.any(String) })
      expect(readToken(tokenOf(answer)).claims).toMatchObject({
        account_id: accountId,
        ext_consumer_id: consumer,
        lp_consumer_id: expect.stringMatching(/^[0-9a-f]{64}$/)
      })
    })
  )

  it.effect("knows a consumer again, and tells consumers apart", () =>
    Effect.gen(function* () {
      const [first, again, other] = yield* Effect.forEach(["Ada", "Ada", "ada"], (consumer) =>
        Effect.flatMap(appToken, (app) => Effect.map(consumerToken(app, consumer), lpConsumerId))
      )
      expect(again).toBe(first)
      expect(other).not.toBe(first)
    })
  )

  it.effect("takes the token after Bearer as well", () =>
    Effect.gen(function* () {
      const answer = yield* send(ask.consumer({ Authorization: `Bearer ${yield* appToken}` }, someone))
      expect(answer.status).toBe(201)
    })
  )

  it.effect.each([
    [40105, "no AppJWT", {}],
    [40102, "an AppJWT that is garbage", { Authorization: "garbage" }]
  ] as const)("refuses with %i a request with %s", ([errorCode, , headers]) =>
    Effect.gen(function* () {
      const { body, status } = yield* send(ask.consumer(headers, someone))
      expect(status).toBe(401)
      expect(body).toStrictEqual(refusal(errorCode))
    })
  )

  it.effect("refuses an AppJWT at another account's URL", () =>
    Effect.gen(function* () {
      const { body, status } = yield* send(ask.consumer({ Authorization: yield* appToken }, someone, "87654321"))
      expect(status).toBe(401)
      expect(body).toStrictEqual(refusal(40102))
    })
  )

  it.effect.each([
    ["that is empty", '{"ext_consumer_id":""}'],
    ["that is missing", "{}"],
    ["that is not a text", '{"ext_consumer_id":{}}'],
    ["in a body that is not JSON", "ext_consumer_id=Ada"],
    ["in no body", ""]
  ] as const)("finds no consumer in an ext_consumer_id %s", ([, body]) =>
    Effect.gen(function* () {
      const answer = yield* send(ask.consumer({ Authorization: yield* appToken }, body))
      expect(answer.status).toBe(400)
      expect(answer.body).not.toHaveProperty("token")
    })
  )
})

onSocket()("Revoking", (it) => {
  it.effect.each([
    ["app", 40102],
    ["consumer", 40103]
  ] as const)("the %s tokens ends those that were issued before and no others", ([kind, errorCode]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const before = yield* signIn(`revoked ${kind}`)
      yield* simulator.revoke(kind)
      const after = yield* signIn(`revoked ${kind}`)

      const refused = yield* post({ ...after, [kind]: before[kind] }, [profile(), request()])
      expect(refused.status).toBe(401)
      expect(refused.body).toStrictEqual(refusal(errorCode))

      const other = kind === "app" ? "consumer" : "app"
      const accepted = yield* post({ ...after, [other]: before[other] }, [profile(), request()])
      expect(accepted.status).toBe(200)
      expect(lpConsumerId(after.consumer)).toBe(lpConsumerId(before.consumer))
    })
  )

  it.effect("the app tokens ends them at the IDP as well", () =>
    Effect.gen(function* () {
      const { revoke } = yield* Simulator.Simulator
      const Authorization = yield* appToken
      yield* revoke("app")
      expect((yield* send(ask.consumer({ Authorization }, someone))).body).toStrictEqual(refusal(40102))
    })
  )
})
