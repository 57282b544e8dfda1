import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import {
  ask,
  headersOf,
  onSocket,
  post,
  profile,
  readToken,
  refusal,
  request,
  send,
  setProfile,
  signIn,
  tell,
  type Tokens
} from "./support.ts"

/** Another first character: the last one of a signature has bits that mean nothing. */
const tampered = (token: string) => token.replace(/[^.](?=[^.]*$)/, (first) => (first === "A" ? "B" : "A"))

/** The claims with something changed, under the signature of the claims as they were. */
const forged = (token: string, changes: object) => {
  const claims = JSON.stringify({ ...readToken(token).claims, ...changes })
  return token.split(".").with(1, Buffer.from(claims).toString("base64url")).join(".")
}

const unsigned = (token: string) => {
  const header = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url")
  return token.split(".").with(0, header).with(2, "").join(".")
}

const batch = [profile({ body: { firstName: "Eve" } }), request()]
const change = setProfile({ firstName: "Eve" })

const app = (tokens: Tokens, Authorization: string) => ({ ...headersOf(tokens), Authorization })
const consumer = (tokens: Tokens, onBehalf: string) => ({ ...headersOf(tokens), "X-LP-ON-BEHALF": onBehalf })

type Case = readonly [
  errorCode: 40102 | 40103 | 40104 | 40105,
  name: string,
  headers: (tokens: Tokens) => Record<string, string>,
  account?: string
]

const cases: ReadonlyArray<Case> = [
  [40105, "no tokens", () => ({})],
  [40105, "no AppJWT", ({ consumer }) => ({ "X-LP-ON-BEHALF": consumer })],
  [40105, "an empty AppJWT", (tokens) => app(tokens, "")],
  [40102, "an AppJWT that is garbage", (tokens) => app(tokens, "garbage")],
  [40102, "an AppJWT that is garbage in three parts", (tokens) => app(tokens, "a.b.c")],
  [40102, "an AppJWT with another signature", (tokens) => app(tokens, tampered(tokens.app))],
  [40102, "an AppJWT with other claims", (tokens) => app(tokens, forged(tokens.app, { exp: 9_999_999_999 }))],
  [40102, "an AppJWT without a signature", (tokens) => app(tokens, unsigned(tokens.app))],
  [40102, "a ConsumerJWS for an AppJWT", (tokens) => app(tokens, tokens.consumer)],
  [40102, "tokens of another account than the URL's", headersOf, "87654321"],
  [40104, "no ConsumerJWS", ({ app }) => ({ Authorization: app })],
  [40104, "an empty ConsumerJWS", (tokens) => consumer(tokens, "")],
  [40103, "a ConsumerJWS that is garbage", (tokens) => consumer(tokens, "garbage")],
  [40103, "a ConsumerJWS with another signature", (tokens) => consumer(tokens, tampered(tokens.consumer))],
  [
    40103,
    "a ConsumerJWS in another name",
    (tokens) => consumer(tokens, forged(tokens.consumer, { ext_consumer_id: "Eve" }))
  ],
  [40103, "a ConsumerJWS without a signature", (tokens) => consumer(tokens, unsigned(tokens.consumer))],
  [40103, "an AppJWT for a ConsumerJWS", (tokens) => consumer(tokens, tokens.app)]
]

onSocket()("CONVERSATION", (it) => {
  it.effect.each(cases)("refuses with %i a call with %s", ([errorCode, name, headers, account]) =>
    Effect.gen(function* () {
      const { conversations } = yield* Simulator.Simulator
      const before = yield* conversations
      const sent = headers(yield* signIn(name))
      const answer = yield* send(ask.conversation(sent, JSON.stringify(batch), account))
      expect(answer.status).toBe(401)
      expect(answer.body).toStrictEqual(refusal(errorCode))
      expect(yield* conversations).toStrictEqual(before)
    })
  )
})

onSocket()("SEND", (it) => {
  it.effect.each(cases)("refuses with %i a call with %s", ([errorCode, name, headers, account]) =>
    Effect.gen(function* () {
      const { conversations } = yield* Simulator.Simulator
      const tokens = yield* signIn(name)
      yield* post(tokens, [profile(), request()])
      const before = yield* conversations
      const answer = yield* send(ask.send(headers(tokens), JSON.stringify(change), account))
      expect(answer.status).toBe(401)
      expect(answer.body).toStrictEqual(refusal(errorCode))
      expect(yield* conversations).toStrictEqual(before)
    })
  )

  it.effect("takes an AppJWT alone and one after Bearer (1.3)", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("prefix")
      for (const prefix of ["", "Bearer ", "bearer "]) {
        expect((yield* tell({ ...tokens, app: `${prefix}${tokens.app}` }, change)).status).toBe(200)
      }
    })
  )

  it.effect("refuses tokens that were revoked", () =>
    Effect.gen(function* () {
      const { revoke } = yield* Simulator.Simulator
      const tokens = yield* signIn("revoked")
      yield* revoke("consumer")
      expect((yield* tell(tokens, change)).body).toStrictEqual(refusal(40103))
      yield* revoke("app")
      expect((yield* tell(tokens, change)).body).toStrictEqual(refusal(40102))
    })
  )
})

onSocket()("Both endpoints", (it) => {
  it.effect("refuse tokens that another LivePerson signed", () =>
    Effect.gen(function* () {
      const own = yield* signIn("strange")
      const strange = yield* Effect.provide(signIn("strange"), NodeSimulator.layer())
      for (const call of [(tokens: Tokens) => post(tokens, batch), (tokens: Tokens) => tell(tokens, change)]) {
        expect((yield* call({ ...own, app: strange.app })).body).toStrictEqual(refusal(40102))
        expect((yield* call({ ...own, consumer: strange.consumer })).body).toStrictEqual(refusal(40103))
        expect((yield* call(own)).status).toBe(200)
      }
    })
  )
})
