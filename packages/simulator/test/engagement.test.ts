import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { accountId, ask, onSocket, send, told } from "./support.ts"

/** The reference's body, with what its table and its example know (section 7). */
const body = JSON.stringify({
  consumerId: "deprecated",
  identities: [{ iss: "https://www.brand.com", acr: "loa1", sub: "4323" }],
  clientProperties: {
    type: ".ClientProperties",
    appVersion: "1.2.3",
    deviceFamily: "DESKTOP",
    ipAddress: "127.0.0.1",
    os: "WINDOWS",
    osVersion: "10",
    osName: "MAC_OSX"
  },
  entryPoints: ["tel://972672626", "http://www.liveperson.com", "sec://Sport", "lang://De"],
  engagementAttributes: [
    { type: "ctmrinfo", info: { cstatus: "cancelled", ctype: "vip", balance: -400.99 } },
    { type: "personal", personal: { firstname: "John", age: { age: 30.0, year: 1985, month: 8, day: 15 } } }
  ]
})

const id = expect.stringMatching(/^.+$/)

const offered = {
  visitorId: id,
  sessionId: id,
  pageId: id,
  engagementDetails: [
    { campaignId: 123, engagementId: 456, engagementRevision: expect.any(Number), contextId: id, status: "expose" }
  ]
}

const idsOf = Schema.decodeUnknownSync(Schema.Struct({ visitorId: Schema.String, sessionId: Schema.String }))

const engage = (query: string, content = body) => send(ask.engagement(query, content))

onSocket({ engagement: { campaignId: 123, engagementId: 456 } })("The Monitoring API", (it) => {
  it.effect.each(["1.0", "1.1"])("begins a session, and offers what it was told to: v=%s", (v) =>
    Effect.gen(function* () {
      const answer = yield* engage(`v=${v}&vid=&sid=&obh=true`)
      expect(told(answer)).toStrictEqual({ status: 201, body: offered })
      expect(answer.headers["content-type"]).toMatch(/^application\/json/)
    })
  )

  it.effect("goes on with a session that it knows, under the same ids", () =>
    Effect.gen(function* () {
      const first = yield* engage("v=1.1")
      const { sessionId, visitorId } = idsOf(first.body)
      for (const v of ["1.1", "1.0"]) {
        const again = yield* engage(`v=${v}&vid=${visitorId}&sid=${sessionId}&obh=false`)
        expect(told(again)).toStrictEqual({ status: 200, body: first.body })
      }
    })
  )

  it.effect("begins a further session of a visitor that it knows", () =>
    Effect.gen(function* () {
      const first = yield* engage("v=1.1")
      const { sessionId, visitorId } = idsOf(first.body)
      const second = yield* engage(`v=1.1&vid=${visitorId}`)
      expect(told(second)).toStrictEqual({ status: 201, body: { ...offered, visitorId } })
      expect(idsOf(second.body).sessionId).not.toBe(sessionId)
      for (const { body } of [first, second]) {
        const again = yield* engage(`v=1.1&vid=${visitorId}&sid=${idsOf(body).sessionId}`)
        expect(told(again)).toStrictEqual({ status: 200, body })
      }
    })
  )

  it.effect("tells visitors, sessions, pages and contexts apart", () =>
    Effect.gen(function* () {
      const answers = yield* Effect.replicateEffect(engage("v=1.1"), 3)
      const text = answers.map(({ body }) => JSON.stringify(body)).join()
      const ids = [...text.matchAll(/"(?:visitorId|sessionId|pageId|contextId)":"([^"]+)"/g)].map(([, id]) => id)
      expect(new Set(ids).size).toBe(12)
    })
  )

  it.effect("knows nothing of one visitor's session at another", () =>
    Effect.gen(function* () {
      const [one, other] = [idsOf((yield* engage("v=1.1")).body), idsOf((yield* engage("v=1.1")).body)]
      const { body, status } = yield* engage(`v=1.1&vid=${one.visitorId}&sid=${other.sessionId}`)
      expect(status).toBe(404)
      expect(body).toMatchObject({ internalCode: 39 })
    })
  )

  it.effect("takes an empty object for a body", () =>
    Effect.gen(function* () {
      expect((yield* engage("v=1.1", "{}")).status).toBe(201)
    })
  )

  it.effect.each([
    [400, 33, "no version", "vid="],
    [400, 33, "another version", "v=2.0"],
    [400, 33, "two versions", "v=1.0&v=1.1"],
    [404, 37, "a visitor that it does not know", "v=1.1&vid=nobody&sid=none"],
    [404, 37, "a visitor that it does not know, without a session", "v=1.1&vid=nobody"],
    [404, 39, "a session without its visitor", "v=1.1&sid=none"]
  ] as const)("answers %i with internalCode %i to %s", ([status, internalCode, , query]) =>
    Effect.gen(function* () {
      const answer = yield* engage(query)
      expect(told(answer)).toStrictEqual({ status, body: { internalCode, message: expect.any(String) } })
    })
  )

  it.effect.each([
    ["no body", ""],
    ["what is not JSON", "{"],
    ["null", "null"],
    ["an array", "[]"],
    ["identities that are no list", '{"identities":{"acr":"0"}}'],
    ["an identity of another acr", '{"identities":[{"acr":"2","sub":"1"}]}'],
    ["an identity without an acr", '{"identities":[{"sub":"1"}]}'],
    ["another device family", '{"clientProperties":{"deviceFamily":"PHONE"}}'],
    ["another os (D36)", '{"clientProperties":{"os":"OSX"}}'],
    ["an attribute without a type", '{"engagementAttributes":[{"info":{}}]}']
  ] as const)("answers 400 with internalCode 5 to %s", ([, content]) =>
    Effect.gen(function* () {
      const answer = yield* engage("v=1.1", content)
      expect(told(answer)).toStrictEqual({ status: 400, body: { internalCode: 5, message: expect.any(String) } })
    })
  )

  it.effect("answers 404 with internalCode 18 to an app or an account that it does not know", () =>
    Effect.gen(function* () {
      const refused = { status: 404, body: { internalCode: 18, message: expect.any(String) } }
      expect(told(yield* send(ask.engagement("v=1.1", body, "another-app")))).toStrictEqual(refused)
      const { clientId: appInstallId } = Simulator.credentials
      expect(told(yield* send(ask.engagement("v=1.1", body, appInstallId, "87654321")))).toStrictEqual(refused)
    })
  )
})

onSocket({ appInstallId: "mine", accountId: "87654321" })("The Monitoring API", (it) => {
  it.effect("has no engagement unless it is told of one, and knows the app of its options", () =>
    Effect.gen(function* () {
      const answer = yield* send(ask.engagement("v=1.1", body, "mine", "87654321"))
      const { engagementDetails: _, ...nothing } = offered
      expect(told(answer)).toStrictEqual({ status: 201, body: nothing })
      expect((yield* send(ask.engagement("v=1.1", body, undefined, "87654321"))).status).toBe(404)
      expect((yield* send(ask.engagement("v=1.1", body, "mine", accountId))).status).toBe(404)
    })
  )
})
