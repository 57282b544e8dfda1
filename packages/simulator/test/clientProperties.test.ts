import { expect } from "@effect/vitest"
import { Effect } from "effect"
import {
  accepted,
  conversationsOf,
  message,
  onSocket,
  post,
  profile,
  request,
  say,
  seen,
  signIn,
  tell,
  told,
  withConversation
} from "./support.ts"

/** Section 3.8, every field. */
const properties = {
  type: ".ClientProperties",
  appId: "a-1",
  appVersion: "1.2.3",
  ipAddress: "127.0.0.1",
  deviceFamily: "DESKTOP",
  os: "OSX",
  osVersion: "15",
  osName: "macOS",
  integration: "BRAND_SDK",
  integrationVersion: "1",
  browser: "none",
  browserVersion: "0",
  timeZone: "Europe/Amsterdam",
  deviceManufacture: "Acme",
  deviceModel: "M",
  features: ["AUTO_MESSAGES", "MULTI_DIALOG", "SOMETHING_NEW"]
}

const header = (properties: unknown) => ({
  "Client-Properties": typeof properties === "string" ? properties : JSON.stringify(properties)
})

onSocket()("Client-Properties", (it) => {
  it.effect("are remembered with the conversation and with each event, as each call gave them", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("all")
      const batch = [profile(), request(), message()]
      expect((yield* post(tokens, batch, header(properties))).status).toBe(200)
      const [opened] = yield* conversationsOf("all")
      expect(opened?.clientProperties).toStrictEqual(properties)
      const id = opened?.id ?? ""
      const fewer = { type: ".ClientProperties", features: ["RICH_CONTENT"] }
      expect(told(yield* tell(tokens, say(id), header(properties)))).toStrictEqual(accepted({ sequence: 1 }))
      expect(told(yield* tell(tokens, say(id), header(fewer)))).toStrictEqual(accepted({ sequence: 2 }))
      expect(told(yield* tell(tokens, say(id)))).toStrictEqual(accepted({ sequence: 3 }))
      const state = yield* seen(id)
      expect(state?.clientProperties).toStrictEqual(properties)
      expect(state?.events.map(({ clientProperties }) => clientProperties)).toStrictEqual([
        properties,
        properties,
        fewer,
        undefined
      ])
    })
  )

  it.effect.each([
    ["the type that the documents write", ".ClientProperties"],
    ["the type that the schema writes", ".ams.headers.ClientProperties"]
  ] as const)("may have %s (D35)", ([name, type]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name, header({ type }))
      expect((yield* tell(tokens, say(id), header({ type }))).status).toBe(200)
      const remembered = { type: ".ClientProperties" }
      expect(yield* seen(id)).toMatchObject({
        clientProperties: remembered,
        events: [{ clientProperties: remembered }]
      })
    })
  )

  it.effect("may hold what nobody knows, and escapes", () =>
    Effect.gen(function* () {
      const text = '{"type":".ClientProperties","appId":"Z\\u00fcrich","colour":"red"}'
      const { id } = yield* withConversation("escapes", header(text))
      expect((yield* seen(id))?.clientProperties).toStrictEqual({ type: ".ClientProperties", appId: "Zürich" })
    })
  )

  it.effect.each([
    ["that are empty", ""],
    ["that are not JSON", "type=.ClientProperties"],
    ["that are a list", [properties]],
    ["without a type", { appId: "a-1" }],
    ["of another type", { type: "ClientProperties" }],
    ["whose appId has 65 characters", { ...properties, appId: "x".repeat(65) }],
    ["whose appVersion has 33 characters", { ...properties, appVersion: "x".repeat(33) }],
    ["whose ipAddress is none", { ...properties, ipAddress: "256.0.0.1" }],
    ["whose deviceFamily is unknown", { ...properties, deviceFamily: "PHONE" }],
    ["whose os is the Monitoring API's (D36)", { ...properties, os: "MAC_OSX" }],
    ["whose integration is unknown", { ...properties, integration: "CONNECTOR" }],
    ["whose features are a text", { ...properties, features: "RICH_CONTENT" }]
  ] as const)("%s are refused by both endpoints", ([name, wrong]) =>
    Effect.gen(function* () {
      const refused = { code: "BAD_REQUEST", body: { msg: expect.any(String) } }
      const opening = yield* post(yield* signIn(`opening ${name}`), [profile(), request()], header(wrong))
      expect(told(opening)).toStrictEqual({ status: 400, body: refused })
      expect(yield* conversationsOf(`opening ${name}`)).toEqual([])
      const { id, tokens } = yield* withConversation(`saying ${name}`)
      expect(told(yield* tell(tokens, say(id), header(wrong)))).toStrictEqual({ status: 400, body: refused })
      expect((yield* seen(id))?.events).toEqual([])
    })
  )
})
