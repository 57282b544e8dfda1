import { Connector, Conversation, Domains, Monitoring } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  accountId,
  type Answer,
  connectorOn,
  elapsed,
  opened,
  scripted,
  type Seen,
  Wire,
  withoutJitter
} from "./support.ts"

const details = {
  campaignId: 99_999,
  engagementId: 888_888,
  engagementRevision: 3,
  contextId: "2",
  status: "expose",
  connectorId: 5
}
const visit = { sessionId: "s-1", visitorId: "v-1", pageId: "p-1" }
const created: Answer = { status: 201, body: { ...visit, engagementDetails: [details] } }

const monitoring = (answer: (seen: Seen, index: number) => Answer) =>
  Monitoring.layer({ accountId, appInstallId: "app-1" }).pipe(
    Layer.provide(Domains.layerTest),
    Layer.provideMerge(scripted(answer))
  )

describe("an engagement", () => {
  it.effect("is asked for without any token, and comes with ids as text", () =>
    Effect.gen(function* () {
      const engagement = yield* Monitoring.engagement({ entryPoints: ["tel://+15550100"], identities: [{ acr: "0" }] })
      expect(engagement).toEqual({
        sessionId: "s-1",
        visitorId: "v-1",
        campaignId: "99999",
        engagementId: "888888",
        engagementRevision: 3,
        contextId: "2",
        status: "expose"
      })
      const [call] = (yield* Wire).seen
      expect(call?.method).toBe("POST")
      expect(call?.url).toBe("https://smt.liveperson.test/api/account/12345678/app/app-1/engagement?v=1.1&obh=false")
      expect(call?.headers["authorization"]).toBeUndefined()
      expect(JSON.parse(call?.body ?? "")).toEqual({ entryPoints: ["tel://+15550100"], identities: [{ acr: "0" }] })
    }).pipe(Effect.provide(monitoring(() => created)))
  )

  it.effect("goes on with the visit it is given", () =>
    Effect.gen(function* () {
      yield* Monitoring.engagement({ previous: { visitorId: "v-1", sessionId: "s-1" } })
      const [call] = (yield* Wire).seen
      expect(call?.url).toContain("vid=v-1&sid=s-1")
      expect(call?.body).toBe("{}")
    }).pipe(Effect.provide(monitoring(() => ({ ...created, status: 200 }))))
  )

  it.effect.each<readonly [string, unknown, object]>([
    ["one instead of a list (D51)", { ...visit, engagementDetails: details }, { campaignId: "99999" }],
    [
      "the first of several",
      { ...visit, engagementDetails: [details, { campaignId: 1, engagementId: 2 }] },
      { campaignId: "99999" }
    ]
  ])("is read from %s", ([, body, expected]) =>
    Effect.gen(function* () {
      expect(yield* Monitoring.engagement()).toMatchObject(expected)
    }).pipe(Effect.provide(monitoring(() => ({ status: 200, body }))))
  )

  it.effect.each<readonly [string, unknown]>([
    ["no details", visit],
    ["no details in the list", { ...visit, engagementDetails: [] }]
  ])("has no campaign where there are %s", ([, body]) =>
    Effect.gen(function* () {
      expect(yield* Monitoring.engagement()).toEqual({ visitorId: "v-1", sessionId: "s-1" })
    }).pipe(Effect.provide(monitoring(() => ({ status: 200, body }))))
  )

  it.effect("pipes into a conversation", () =>
    Effect.gen(function* () {
      const engagement = yield* Monitoring.engagement().pipe(Effect.provide(monitoring(() => created)))
      const bodyOf = (conversation: Conversation.Conversation<Conversation.Opened>) =>
        Effect.gen(function* () {
          yield* conversation.pipe(Connector.open, Connector.onBehalfOf("sms:1"))
          return JSON.parse((yield* Wire).seen[0]?.body ?? "")[1].body
        }).pipe(Effect.provide(connectorOn(opened)))
      const context = { visitorId: "v-1", sessionId: "s-1", interactionContextId: "2", type: "SharkContext" }
      expect(yield* bodyOf(Conversation.make().pipe(Conversation.withCampaign(engagement)))).toEqual({
        campaignInfo: { campaignId: "99999", engagementId: "888888" },
        conversationContext: context,
        channelType: "MESSAGING",
        brandId: accountId
      })
      const both = [
        Conversation.withCampaign(engagement),
        Conversation.withContext({ lang: "en-US", sessionId: "s-2" })
      ] as const
      for (const [first, second] of [both, [both[1], both[0]]] as const) {
        expect((yield* bodyOf(Conversation.make().pipe(first, second))).conversationContext).toEqual({
          ...context,
          sessionId: "s-2",
          lang: "en-US"
        })
      }
    })
  )
})

describe("while the account is being loaded", () => {
  const loading = (status: number, internalCode: number): Answer => ({
    status,
    body: { internalCode, message: "Loading account: 12345678, vid: v-77" }
  })

  it.effect.each([
    [202, 38],
    [500, 20]
  ] as const)(
    "it is asked again after 3, 10, 30 and 90 seconds, with the vid that was told: %i",
    ([status, internalCode]) =>
      Effect.gen(function* () {
        const exit = yield* elapsed(Monitoring.engagement())
        expect(yield* exit).toMatchObject({ campaignId: "99999" })
        const { seen } = yield* Wire
        expect(seen.map(({ at }) => at)).toEqual([0, 3_000, 13_000, 43_000, 133_000])
        expect(seen.map(({ url }) => url.includes("vid=v-77"))).toEqual([false, true, true, true, true])
      }).pipe(
        Effect.provide(monitoring((_seen, index) => (index < 4 ? loading(status, internalCode) : created))),
        withoutJitter
      )
  )

  it.effect("it is given up after that", () =>
    Effect.gen(function* () {
      const exit = yield* elapsed(Monitoring.engagement())
      expect(yield* Effect.flip(exit)).toMatchObject({
        _tag: "UnexpectedResponse",
        problem: "the account is still being loaded"
      })
      expect((yield* Wire).seen.length).toBe(5)
    }).pipe(Effect.provide(monitoring(() => loading(202, 38))))
  )
})

describe("what the Monitoring API refuses", () => {
  it.effect.each<readonly [number, string]>([
    [18, "appInstallId"],
    [37, "visitorId"],
    [39, "sessionId"]
  ])("is named: internal code %i", ([internalCode, path]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Monitoring.engagement())
      expect(error).toMatchObject({ _tag: "InvalidInput", sent: true, issues: [{ path }] })
    }).pipe(Effect.provide(monitoring(() => ({ status: 404, body: { internalCode, message: "?" } }))))
  )

  it.effect("is not sent where it is known beforehand", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Monitoring.engagement({ identities: [{ acr: "loa2" as "0" }] }))
      expect(error).toMatchObject({ _tag: "InvalidInput", sent: false, issues: [{ path: "identities[0].acr" }] })
      expect((yield* Wire).seen).toEqual([])
    }).pipe(Effect.provide(monitoring(() => created)))
  )
})
