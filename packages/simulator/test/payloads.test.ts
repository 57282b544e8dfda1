import { expect } from "@effect/vitest"
import { Effect } from "effect"
import {
  accepted,
  onSocket,
  post,
  profile,
  publishEvent,
  request,
  say,
  seen,
  senseless,
  setProfile,
  signIn,
  tell,
  text,
  told,
  withConversation
} from "./support.ts"

const amr = "face fpt geo hwk iris kba mca mfa otp pin pwd rba retina sc sms swk tel user vbm wia".split(" ")

const phoneTypes = "HOME MOBILE WORK FAX MAIN HOME_FAX WORK_FAX PAGER OTHER".split(" ")

const day = { day: 15, month: 10, year: 2014 }

/** Sections 3.1 to 3.1.3, every field. */
const everything = {
  firstName: "Ada",
  lastName: "Lovelace",
  userId: "u-1",
  avatarUrl: "https://example.com/ada.png",
  role: "consumer",
  backgndImgUri: "https://example.com/back.png",
  description: "Counts",
  nickname: "Ada L.",
  authenticatedData: {
    lp_sdes: [
      {
        type: "ctmrinfo",
        info: {
          ctype: "vip",
          cstatus: "cancelled",
          customerId: "138766AC",
          balance: -400.99,
          currency: "USD",
          socialId: "11256324780",
          imei: "3543546543545688",
          userName: "user000",
          companySize: 500,
          companyBranch: "north",
          accountName: "bank corp",
          role: "broker",
          lastPaymentDate: day,
          registrationDate: day,
          loginStatus: 1,
          storeZipCode: "20505",
          storeNumber: "123865"
        },
        auth: { amr, iss: "https://idp.example.com" }
      },
      {
        type: "personal",
        personal: {
          firstname: "Ada",
          lastname: "Lovelace",
          age: { age: 34, year: 1980, month: 4, day: 15 },
          contacts: phoneTypes.map((phoneType) => ({
            email: "ada@example.com",
            phone: "+1 555 0100",
            phoneType,
            address: { country: "NL", region: "NH", zipcode: "1011" },
            preferred: "email"
          })),
          gender: "FEMALE",
          company: "Engines",
          language: "en-GB"
        }
      }
    ]
  },
  privateData: {
    mobileNum: "1750345346",
    mail: "ada@example.com",
    pushNotificationData: { serviceName: "Service", certName: "CertName", token: "TOKEN" }
  }
}

onSocket()("A profile", (it) => {
  it.effect("of every field comes to the agent as it was sent, by either endpoint (3.1)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("SEND sets all")
      expect((yield* tell(tokens, setProfile(everything))).status).toBe(200)
      expect((yield* seen(id))?.profile).toStrictEqual(everything)
      const other = yield* signIn("CONVERSATION sets all")
      expect((yield* post(other, [profile({ body: everything }), request()])).status).toBe(200)
    })
  )

  const personal = (changes: object) => ({ authenticatedData: { lp_sdes: [{ type: "personal", personal: changes }] } })
  const customer = (changes: object) => ({ authenticatedData: { lp_sdes: [{ type: "ctmrinfo", info: changes }] } })

  it.effect.each<readonly [name: string, body: object]>([
    ["another gender", personal({ gender: "female" })],
    ["another phoneType", personal({ contacts: [{ phoneType: "PIGEON" }] })],
    ["a day without its year", customer({ lastPaymentDate: { day: 1, month: 1 } })],
    ["a balance that is a text", customer({ balance: "100" })],
    ["another amr", { authenticatedData: { lp_sdes: [{ type: "ctmrinfo", info: {}, auth: { amr: ["guess"] } }] } }]
  ])("with %s makes no sense (3.1.1 to 3.1.3)", ([name, body]) =>
    Effect.gen(function* () {
      expect(told(yield* tell(yield* signIn(name), setProfile(body)))).toStrictEqual(senseless)
    })
  )
})

const text64 = "x".repeat(64)

/** Section 3.3.8: what is documented, what one document writes otherwise than another, and what nobody knows. */
const metadata = [
  { type: "ExternalId", id: text64 },
  { type: "ActionReason", reason: "escalated_by_user", reasonId: "1" },
  {
    type: "BotResponse",
    externalConversationId: "e-1",
    businessCases: ["parcels"],
    intents: [
      { id: "i-1", name: "late", confidence: 0.8 },
      { id: "i-2", confidenceScore: 1, confidence: "high" },
      { id: "x".repeat(256), confidence: "0.8", confidenceScore: 0 }
    ]
  },
  { type: "IBMWatsonInfo", referred_visitor_message_sequences: [1], entities: [{ location: [0, 1] }] },
  { type: "Answer", questionId: "q-1", id: "a-1", provider: "AC", groupId: "g-1" },
  { type: "EscalationSummary", conversationDuration: 7 },
  { type: "ConnectorPaymentResponse", Status: true, requestIdentifier: "r-1" },
  { type: "ConnectorAuthenticationResponse", Status: false, errors: ["denied"] },
  { type: "SocialMessagingEventData", channel: "Public", event: { source: null } }
]

onSocket()("Metadata", (it) => {
  it.effect("of every kind come to the agent as they were sent (3.3.8, D24, D25)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("metadata")
      expect(told(yield* tell(tokens, { ...say(id), metadata }))).toStrictEqual(accepted({ sequence: 0 }))
      expect((yield* seen(id))?.events[0]?.metadata).toStrictEqual(metadata)
    })
  )

  const intents = (count: number, changes: object = {}) => ({
    type: "BotResponse",
    intents: Array.from({ length: count }, (_, nth) => ({ id: `i-${nth}`, ...changes }))
  })

  it.effect.each<readonly [name: string, entry: object]>([
    ["an ActionReason of 65 characters", { type: "ActionReason", reason: `${text64}x` }],
    ["17 intents", intents(17)],
    ["a confidence above 1", intents(1, { confidence: 1.1 })],
    ["an Answer without its question", { type: "Answer", id: "a-1" }]
  ])("with %s make no sense (3.3.8)", ([name, entry]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      expect(told(yield* tell(tokens, { ...say(id), metadata: [entry] }))).toStrictEqual(senseless)
    })
  )
})

const link = { type: "link", uri: "www.google.com", name: "Search", target: "blank", ios: { uri: "app://" } }
const navigate = { type: "navigate", la: 40.75, lo: -73.99, name: "There" }
const publishText = { type: "publishText", text: "Yes" }
const click = { actions: [publishText, link, navigate, publishText], metadata: [{ type: "ExternalId", id: "1" }] }
const style = { bold: true, italic: false, color: "###fff", size: "large", "background-color": "#fff" }

const elements = [
  { type: "text", text: "Late?", tooltip: "?", rtl: true, style },
  {
    type: "button",
    title: "x".repeat(128),
    class: "button",
    click,
    style: { "border-radius": 3, "border-color": "#000" }
  },
  { type: "image", url: "https://example.com/dog.png", caption: "Dog", click },
  { type: "map", la: 40.75, lo: -73.99, tooltip: "Here", click },
  { type: "linkPreview", url: "https://example.com", title: "Example" }
]

const card = { type: "vertical", border: "dropShadow", tag: "list", elements }
const horizontal = { type: "horizontal", percentages: [30, 70], elements: [card, ...elements] }

const rich = (content: object, changes: object = {}) => ({ type: "RichContentEvent", content, ...changes })
const reply = (title: string) => ({ type: "button", title, click: { metadata: click.metadata } })
const quick = (count: number, changes: object = {}) => ({
  ...text("Late?"),
  quickReplies: {
    type: "quickReplies",
    itemsPerRow: 8,
    replies: Array.from({ length: count }, (_, nth) => reply(`Reply ${nth}`)),
    ...changes
  }
})

onSocket()("Structured content", (it) => {
  it.effect.each<readonly [name: string, event: object]>([
    ...elements.map((element) => [`an element: ${element.type}`, rich(element)] as const),
    ["elements below each other, in part beside each other (3.3.10)", rich({ ...card, elements: [horizontal] })],
    ["cards to leaf through (D27)", rich({ type: "carousel", padding: 10, elements: [card, card] })],
    ["metadata at its root (D28)", rich({ ...card, metadata: [{ type: "ExternalId", id: "1" }] })],
    ["a fallback at its root (D28)", rich({ ...card, metadata: { fallback: "https://example.com" } })],
    ["quick replies below it (3.3.9)", rich(card, { quickReplies: quick(24).quickReplies })]
  ])("comes to the agent as it was sent: %s", ([name, event]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      expect(told(yield* tell(tokens, publishEvent({ dialogId: id, event })))).toStrictEqual(accepted({ sequence: 0 }))
      expect((yield* seen(id))?.events).toMatchObject([{ event }])
    })
  )

  it.effect.each<readonly [name: string, event: object]>([
    ["a button's title of 129 characters", rich({ type: "button", title: "x".repeat(129) })],
    ["a caption of 129 characters", rich({ type: "image", url: "https://a.b", caption: "x".repeat(129) })],
    ["a tooltip of 257 characters", rich({ type: "text", text: "", tooltip: "x".repeat(257) })],
    ["a URL of 2049 characters", rich({ type: "linkPreview", url: "x".repeat(2049) })],
    ["five actions (D30)", rich({ type: "button", title: "", click: { actions: [publishText, ...click.actions] } })],
    ["one card to leaf through", rich({ type: "carousel", elements: [card] })],
    ["eleven cards to leaf through", rich({ type: "carousel", elements: [...elements, ...elements, card] })],
    ["a map without its longitude", rich({ type: "map", la: 1 })],
    [
      "the schema's template of quick replies (D26)",
      rich({ type: "template", templateType: "quickReply", title: "Late?", resp: ["Yes"] })
    ],
    ["another size", rich({ type: "text", text: "", style: { size: "huge" } })],
    ["25 quick replies", quick(25)],
    ["nine quick replies in a row", quick(1, { itemsPerRow: 9 })],
    ["a quick reply of 26 characters", quick(0, { replies: [reply("x".repeat(26))] })]
  ])("makes no sense with %s (3.3.9, 3.3.10)", ([name, event]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      expect(told(yield* tell(tokens, publishEvent({ dialogId: id, event })))).toStrictEqual(senseless)
      expect((yield* seen(id))?.events).toEqual([])
    })
  )
})
