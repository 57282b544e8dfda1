import { Notification, Protocol } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Option, Schema } from "effect"

const decode = Schema.decodeUnknownSync(Protocol.Notification)
const encode = Schema.encodeSync(Protocol.Notification)

const messaging = (...changes: ReadonlyArray<unknown>) => ({
  kind: "notification",
  type: "ms.MessagingEventNotification",
  body: { changes }
})

const conversation = (conversationDetails: unknown) => ({
  kind: "notification",
  type: "cqm.ExConversationChangeNotification",
  body: { changes: [{ type: "UPSERT", result: { convId: "c", effectiveTTR: -1, conversationDetails } }] }
})

const event = (event: unknown, more: object = {}) => ({
  sequence: 2,
  originatorId: "a",
  originatorMetadata: { id: "a", role: "ASSIGNED_AGENT" },
  serverTimestamp: 1,
  event,
  dialogId: "d",
  ...more
})

const content = (contentType: string, message: unknown) => ({ type: "ContentEvent", contentType, message })

const first = (json: unknown) => {
  const notification = decode(json)
  const [change] = notification._tag === "OtherNotification" ? [] : notification.body.changes
  return change
}

const eventOf = (json: unknown): Protocol.MessagingEvent => {
  const change = first(json)
  if (change?._tag !== "MessagingEvent") throw new Error("no event")
  return change
}

const changeOf = (json: unknown): Protocol.ConversationChange => {
  const change = first(json)
  if (change?._tag !== "ConversationChange") throw new Error("no change")
  return change
}

describe("an event is told by its kind", () => {
  const card = { type: "vertical", elements: [{ type: "text", text: "x" }] }

  it.each<readonly [string, unknown, string]>([
    ["text", content("text/plain", "Hi"), "Text"],
    ["a file", content("hosted/file", { relativePath: "/a", caption: "", fileType: "PNG", preview: "data:" }), "File"],
    ["a file, as the schema spells it (D17)", content("HostedFile", { relativePath: "/a" }), "File"],
    ["a file that lies elsewhere", content("external/file", { url: "https://a.example" }), "OtherContent"],
    [
      "an invitation",
      content("forms/secure-invitation", { invitationId: "i", title: "t", formId: 7 }),
      "SecureFormInvitation"
    ],
    [
      "a submission",
      content("forms/secure-submission", { submissionId: "s", invitationId: "i" }),
      "SecureFormSubmission"
    ],
    ["structured content", { type: "RichContentEvent", content: card }, "RichContent"],
    ["structured content as text (D21)", { type: "RichContentEvent", content: JSON.stringify(card) }, "RichContent"],
    ["structured content called message (D21)", { type: "RichContentEvent", message: card }, "RichContent"],
    ["structured content called Content (D21)", { type: "RichContentEvent", Content: card }, "RichContent"],
    ["a state", { type: "ChatStateEvent", chatState: "BACKGROUND" }, "ChatState"],
    ["a receipt", { type: "AcceptStatusEvent", status: "VIEWED", sequenceList: [1] }, "AcceptStatus"],
    ["a state that nobody knows", { type: "ChatStateEvent", chatState: "DANCING" }, "Unrecognized"],
    ["a receipt that nobody knows", { type: "AcceptStatusEvent", status: "LOVED", sequenceList: [1] }, "Unrecognized"],
    ["an event that nobody knows", { type: "VideoEvent", url: "x" }, "Unrecognized"],
    ["no event at all", 7, "Unrecognized"]
  ])("%s", (_name, json, tag) => {
    const { event: decoded } = eventOf(messaging(event(json)))
    expect(decoded._tag).toBe(tag)
    if (decoded._tag === "RichContent") expect(decoded.content).toEqual(card)
    if (decoded._tag === "Unrecognized") expect(decoded.raw).toEqual(json)
  })

  it.each(["0", "null", '"quoted"', "{}", '{"type":"text"}', "not JSON", ""])(
    "structured content that is the text %s stays that text",
    (text) => {
      const published = Schema.encodeSync(Protocol.RichContentReceived)({
        _tag: "RichContent",
        type: "RichContentEvent",
        content: text
      })
      expect(Schema.decodeSync(Protocol.RichContentReceived)(published).content).toBe(text)
    }
  )

  it("and one that makes no sense hides none that does", () => {
    const notification = decode(messaging({ weird: true }, event(content("text/plain", "Hi"))))
    const tags =
      notification._tag === "MessagingEventNotification" ? notification.body.changes.map(({ _tag }) => _tag) : []
    expect(tags).toEqual(["Unrecognized", "MessagingEvent"])
  })

  it("and what LivePerson leaves out may be missing", () => {
    const { sequence, serverTimestamp } = eventOf(
      messaging({ event: { type: "ChatStateEvent", chatState: "PAUSE" }, dialogId: "d", metadata: null })
    )
    expect([sequence, serverTimestamp]).toEqual([undefined, undefined])
  })
})

describe("a conversation's state is read in full", () => {
  const details = {
    participants: [{ id: "x", role: "CONSUMER" }],
    dialogs: [
      {
        dialogId: "c",
        participantsDetails: [{ id: "x", role: "CONSUMER", state: "ACTIVE" }],
        dialogType: "MAIN",
        channelType: "MESSAGING",
        metaData: { appInstallId: "a" },
        state: "CLOSE",
        creationTs: 1,
        endTs: 2,
        metaDataLastUpdateTs: 2,
        closedBy: "AGENT"
      },
      { dialogId: "s", dialogType: "POST_SURVEY", state: "OPEN" }
    ],
    brandId: "1",
    skillId: "-1",
    state: "CLOSE",
    stage: "OPEN",
    closeReason: "AGENT",
    startTs: 1,
    metaDataLastUpdateTs: 2,
    firstConversation: false,
    ttr: { ttrType: "URGENT", value: 60 },
    delay: { type: "NIGHT", tillWhen: 0 },
    csat: { field: "CSATRate", csatRate: 5, csatResolutionConfirmation: true, status: "FILLED" },
    manualETTR: 3,
    conversationHandlerDetails: { accountId: "1", skillId: "7" },
    campaignInfo: { campaignId: "1", engagementId: "2" },
    context: { type: "SharkContext", lang: "en-US" }
  }

  it("and written as it was read", () => {
    expect(encode(decode(conversation(details)))).toEqual(conversation(details))
  })

  it.each<readonly [string, object, object]>([
    [
      "numbers for ids (D12)",
      { campaignInfo: { campaignId: 1 }, skillId: 7 },
      { campaignInfo: { campaignId: "1" }, skillId: "7" }
    ],
    [
      "people by their role (D47)",
      { participants: { CONSUMER: "x", AGENT: ["y", "z"] } },
      {
        participants: [
          { id: "x", role: "CONSUMER" },
          { id: "y", role: "AGENT" },
          { id: "z", role: "AGENT" }
        ]
      }
    ],
    ["CLOSED for CLOSE (D48)", { stage: "CLOSED" }, { stage: "CLOSE" }]
  ])("with %s", (_name, told, read) => {
    expect(changeOf(conversation(told)).result.conversationDetails).toEqual(read)
  })

  it("under the older prefix as well (D40)", () => {
    expect(decode({ ...conversation({}), type: "aam.ExConversationChangeNotification" })._tag).toBe(
      "ConversationChangeNotification"
    )
  })

  it("and asked whether it is over, and why", () => {
    const surveyed = changeOf(conversation(details))
    expect(Notification.isClosed(surveyed)).toBe(false)
    expect(Notification.closeReason(surveyed)).toEqual(Option.none())
    expect(Notification.openSurvey(surveyed)).toEqual(Option.some("s"))
    const over = changeOf(conversation({ ...details, stage: "CLOSE" }))
    expect(Notification.closeReason(over)).toEqual(Option.some("AGENT"))
    expect(Notification.closeReason(changeOf(conversation({ state: "CLOSE" })))).toEqual(Option.some("UNKNOWN"))
    expect(Notification.isClosed(changeOf(conversation({})))).toBe(false)
  })
})

describe("an event is asked", () => {
  const said = (more: object) => eventOf(messaging(event(content("text/plain", "Hi"), more)))
  const status = (status: string, sequenceList: ReadonlyArray<number>, role = "ASSIGNED_AGENT") =>
    eventOf(messaging(event({ type: "AcceptStatusEvent", status, sequenceList }, { originatorMetadata: { role } })))

  it.each<readonly [string, Protocol.MessagingEvent, boolean]>([
    ["an agent's words", said({ messageAudience: "ALL" }), true],
    ["an agent's words to all, by default", said({}), true],
    ["a bot's words", said({ originatorMetadata: { role: "AGENT" } }), true],
    ["the consumer's own words", said({ originatorMetadata: { role: "CONSUMER" } }), false],
    ["words among agents", said({ messageAudience: "AGENTS_AND_MANAGERS" }), false]
  ])("whether it is news for the consumer: %s", (_name, event, answer) => {
    expect(Notification.isForConsumer(event)).toBe(answer)
  })

  it("up to where the other side has read", () => {
    expect(Notification.readUpTo(status("READ", [1, 4, 2]))).toEqual(Option.some(4))
    expect(Notification.readUpTo(status("READ", []))).toEqual(Option.none())
    expect(Notification.readUpTo(status("ACCEPT", [1]))).toEqual(Option.none())
    expect(Notification.readUpTo(status("READ", [1], "CONSUMER"))).toEqual(Option.none())
    expect(Notification.readUpTo(said({}))).toEqual(Option.none())
  })
})

it("a notification of a kind that nobody knows is kept as it came", () => {
  const json = { kind: "notification", type: "new.Thing", body: { some: [1] }, more: true }
  const notification = decode(json)
  expect(notification._tag).toBe("OtherNotification")
  expect(encode(notification)).toEqual(json)
})
