import { ConnectorError, Protocol } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"

const schemas = {
  UserProfile: Protocol.UserProfile,
  SetUserProfile: Protocol.SetUserProfile.request,
  ConsumerRequestConversation: Protocol.ConsumerRequestConversation.request,
  PublishFirstEvent: Protocol.PublishFirstEvent.request,
  PublishEvent: Protocol.PublishEvent.request,
  UpdateConversationField: Protocol.UpdateConversationField.request,
  GenerateURLForUploadFile: Protocol.GenerateURLForUploadFile.request,
  GenerateURLForDownloadFile: Protocol.GenerateURLForDownloadFile.request,
  Element: Protocol.Element,
  QuickReplies: Protocol.QuickReplies,
  Metadata: Protocol.Metadata,
  ClientProperties: Protocol.ClientProperties,
  FileUrl: Protocol.FileUrl,
  EngagementRequest: Protocol.EngagementRequest,
  EngagementResponse: Protocol.EngagementResponse,
  Batch: Protocol.Batch,
  BatchResponse: Protocol.BatchResponse,
  ErrorResponse: Protocol.ErrorResponse,
  AppJWTResponse: Protocol.AppJWTResponse,
  AppJWTClaims: Protocol.AppJWTClaims,
  ConsumerJWSRequest: Protocol.ConsumerJWSRequest,
  ConsumerJWSResponse: Protocol.ConsumerJWSResponse,
  ConsumerJWSClaims: Protocol.ConsumerJWSClaims,
  BaseUris: Protocol.BaseUris,
  MessagingEventNotification: Protocol.MessagingEventNotification,
  ConversationChangeNotification: Protocol.ConversationChangeNotification,
  Notification: Protocol.Notification,
  ConnectorError: ConnectorError.ConnectorError
}

const viaText = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

describe("whatever a schema makes encodes, decodes and encodes again to the same JSON", () => {
  for (const [name, schema] of Object.entries<Schema.Codec<unknown>>(schemas)) {
    const encode = Schema.encodeUnknownEffect(schema)
    const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })
    it.effect.prop(name, [schema], ([value]) =>
      Effect.gen(function* () {
        const first = viaText(yield* encode(value))
        const second = viaText(yield* encode(yield* decode(first)))
        expect(second).toEqual(first)
      })
    )
  }
})

describe("what LivePerson writes in two ways is read in both and sent in one", () => {
  const again = <S extends Schema.ConstraintCodec<unknown, unknown>>(schema: S, json: unknown) =>
    Effect.flatMap(Schema.decodeUnknownEffect(schema)(json), Schema.encodeUnknownEffect(schema))

  it.effect.each<readonly [string, Schema.Codec<unknown>, unknown, unknown]>([
    ["a request id as a number (D2)", Schema.revealCodec(Protocol.RequestId), 3, "3"],
    ["a campaign id as a number (D12)", Schema.revealCodec(Protocol.CampaignId), 99_999, "99999"],
    ["a skill id as a number (D11)", Schema.revealCodec(Protocol.SkillId), -1, "-1"],
    ["an interaction context id as a number (D13)", Schema.revealCodec(Protocol.InteractionContextId), 2, "2"],
    ["a code as a number (D5)", Schema.revealCodec(Protocol.Payload.Code), 200, "200"],
    [
      "a file's size as a number (D33)",
      Schema.revealCodec(Protocol.GenerateURLForUploadFile.body),
      { fileSize: 12, fileType: "PNG" },
      { fileSize: "12", fileType: "PNG" }
    ],
    [
      "a file without a caption (D19)",
      Schema.revealCodec(Protocol.HostedFile),
      { relativePath: "/a", fileType: "TXT" },
      { caption: "", relativePath: "/a", fileType: "TXT" }
    ],
    [
      "one field in a list (D31)",
      Schema.revealCodec(Protocol.UpdateConversationField.body),
      { conversationId: "c", conversationField: [{ field: "ConversationStateField", conversationState: "CLOSE" }] },
      { conversationId: "c", conversationField: [{ field: "ConversationStateField", conversationState: "CLOSE" }] }
    ],
    [
      "metadata of a kind that nobody knows (D24)",
      Schema.revealCodec(Protocol.Metadata),
      { type: "Tomorrow", anything: [1, { goes: true }] },
      { type: "Tomorrow", anything: [1, { goes: true }] }
    ],
    [
      "client properties of the older spelling (D35)",
      Schema.revealCodec(Protocol.ClientProperties),
      { type: ".ams.headers.ClientProperties", os: "OSX" },
      { type: ".ClientProperties", os: "OSX" }
    ],
    [
      "a year as text (D8)",
      Schema.revealCodec(Protocol.PersonalInfo),
      { type: "personal", personal: { age: { year: "1969" } } },
      { type: "personal", personal: { age: { year: 1969 } } }
    ],
    [
      "one service instead of a list (D53)",
      Schema.revealCodec(Protocol.BaseUris),
      { service: "idp", account: "1", baseURI: "a.example:8443" },
      { baseURIs: [{ service: "idp", account: "1", baseURI: "a.example:8443" }] }
    ]
  ])("%s", ([, schema, read, sent]) =>
    Effect.gen(function* () {
      expect(yield* again(schema, read)).toEqual(sent)
    })
  )
})

describe("a host is a host and nothing else", () => {
  it.each(["va.msg.liveperson.net", "localhost", "127.0.0.1:8443", "[::1]:80"])("%s is one", (host) => {
    expect(Schema.is(Protocol.Host)(host)).toBe(true)
  })
  it.each([
    "",
    "https://a.example",
    "a.example/path",
    "user@a.example",
    "a.example:port",
    "a b",
    "a.example?x",
    "-",
    "a.example#"
  ])("%j is none", (host) => {
    expect(Schema.is(Protocol.Host)(host)).toBe(false)
  })
})
