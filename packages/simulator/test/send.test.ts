import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Clock, Effect } from "effect"
import {
  accepted,
  chatState,
  conversationsOf,
  message,
  onSocket,
  post,
  profile,
  publishEvent,
  rejected,
  request,
  say,
  seen,
  senseless,
  setProfile,
  signIn,
  tell,
  text,
  told,
  updateField,
  withConversation
} from "./support.ts"

const file = {
  caption: "A photo of my dog",
  relativePath: "/v1/AUTH_async-images/7d/dog.jpg",
  fileType: "JPG"
}
const hosted = (changes: object = {}) => ({
  type: "ContentEvent",
  contentType: "hosted/file",
  message: { ...file, ...changes }
})
const accept = (status: string) => ({ type: "AcceptStatusEvent", status, sequenceList: [1, 2] })

const button = {
  type: "button",
  title: "Yes",
  tooltip: "Say yes",
  click: {
    actions: [{ type: "publishText", text: "Yes" }],
    metadata: [{ type: "ExternalId", id: "yes" }]
  }
}

const click = [{ type: "ExternalId", id: "yes" }]

/** Each kind of event of section 3.3, with its number where the dialog is new; chat states take none and are answered 0. */
const events = [
  ["a text", text('Größe „42“ 🧪 東京\n\t"quoted"'), 0],
  [
    "a text with quick replies",
    {
      ...text("Is it late?"),
      quickReplies: {
        type: "quickReplies",
        itemsPerRow: 8,
        replies: [{ type: "button", title: "Yes", click: { metadata: click } }]
      }
    },
    0
  ],
  ["an empty text", text(""), 0],
  ["a file", hosted(), 0],
  ["a file with a preview", hosted({ preview: "data:image/png;base64,iVBORw0KGgo=" }), 0],
  ["a file that is not an image", hosted({ fileType: "PDF" }), 0],
  [
    "a secure form",
    {
      type: "ContentEvent",
      contentType: "forms/secure-submission",
      message: { submissionId: "s-1", invitationId: "i-1" }
    },
    0
  ],
  [
    "structured content",
    { type: "RichContentEvent", content: { type: "vertical", elements: [{ type: "text", text: "Late?" }, button] } },
    0
  ],
  ...["ACCEPT", "READ", "ACCESS", "NACK"].map((status) => [`that messages are ${status}`, accept(status), 0] as const),
  ["that no messages are ACCEPT", { ...accept("ACCEPT"), sequenceList: [] }, 0],
  ...["ACTIVE", "INACTIVE", "GONE", "COMPOSING", "PAUSE"].map(
    (state) => [`the state ${state}`, chatState(state), undefined] as const
  )
] as const

onSocket()("SEND publishes", (it) => {
  it.effect.each(events)("%s, and the agent sees it as it was", ([name, event, sequence]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      const before = yield* Clock.currentTimeMillis
      const answer = yield* tell(tokens, publishEvent({ dialogId: id, event }))
      const after = yield* Clock.currentTimeMillis
      expect(told(answer)).toStrictEqual(accepted({ sequence: 0 }))
      expect(answer.headers["content-type"]).toMatch(/^application\/json/)
      const remembered = (yield* seen(id))?.events
      expect(remembered).toStrictEqual([
        {
          by: "CONSUMER",
          messageAudience: "ALL",
          dialogId: id,
          sequence,
          event,
          metadata: [],
          at: expect.any(Number),
          clientProperties: undefined
        }
      ])
      expect(remembered?.[0]?.at).toBeGreaterThanOrEqual(before)
      expect(remembered?.[0]?.at).toBeLessThanOrEqual(after)
    })
  )

  it.effect("a file without a caption, which the agent sees as one that is empty (D19)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("no caption")
      const uncaptioned = publishEvent({ dialogId: id, event: hosted({ caption: undefined }) })
      expect(told(yield* tell(tokens, uncaptioned))).toStrictEqual(accepted({ sequence: 0 }))
      expect((yield* seen(id))?.events).toMatchObject([{ event: hosted({ caption: "" }) }])
    })
  )

  it.effect("the click of an element with its metadata, then its text with the same (3.3.7)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("click")
      const metadata = [...click, { type: "Seen", by: { nobody: [1, null] } }]
      const clicked = publishEvent({ dialogId: id, event: accept("ACTION") }, { metadata })
      expect(told(yield* tell(tokens, clicked))).toStrictEqual(accepted({ sequence: 0 }))
      const yes = publishEvent({ dialogId: id, event: text("Yes") }, { metadata })
      expect(told(yield* tell(tokens, yes))).toStrictEqual(accepted({ sequence: 1 }))
      expect((yield* seen(id))?.events).toMatchObject([
        { event: accept("ACTION"), metadata },
        { event: text("Yes"), metadata }
      ])
    })
  )

  it.effect.each([
    ["without a kind", { kind: undefined }, "1,"],
    ["with a number for an id (D2)", { id: 7 }, "7"],
    ["with an id of 64 characters", { id: "x".repeat(64) }, "x".repeat(64)],
    ["with empty metadata", { metadata: [] }, "1,"],
    ["with what nobody knows", { dialogType: "MAIN" }, "1,"]
  ] as const)("a request %s", ([name, changes, reqId]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      const answer = yield* tell(tokens, { ...say(id), ...changes })
      expect(told(answer)).toStrictEqual({ status: 200, body: { code: "OK", body: { sequence: 0 }, reqId } })
    })
  )

  it.effect("to a dialog whose conversation is named as well (D16)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("both ids")
      const both = publishEvent({ dialogId: id, conversationId: id, event: text() })
      expect(told(yield* tell(tokens, both))).toStrictEqual(accepted({ sequence: 0 }))
    })
  )

  it.effect("content and receipts under the next number of the dialog, and states under none (4, D55)", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("numbers")
      yield* post(tokens, [profile(), request(), message("First")])
      const [one] = yield* conversationsOf("numbers")
      const id = one?.id ?? ""
      const form = events.find(([name]) => name === "a secure form")?.[1]
      const rich = events.find(([name]) => name === "structured content")?.[1]
      for (const [event, sequence] of [
        [text("Second"), 1],
        [chatState("COMPOSING"), 0],
        [accept("READ"), 2],
        [chatState("ACTIVE"), 0],
        [hosted(), 3],
        [form, 4],
        [rich, 5],
        [text("Third"), 6]
      ] as const) {
        expect(told(yield* tell(tokens, publishEvent({ dialogId: id, event })))).toStrictEqual(accepted({ sequence }))
      }
      const state = yield* seen(id)
      expect(state?.events.map(({ sequence }) => sequence)).toEqual([0, 1, undefined, 2, undefined, 3, 4, 5, 6])
      expect(state?.messages).toEqual([
        { sequence: 0, text: "First" },
        { sequence: 1, text: "Second" },
        { sequence: 6, text: "Third" }
      ])
    })
  )

  it.effect("in each conversation from 0 on", () =>
    Effect.gen(function* () {
      const { close } = yield* Simulator.Simulator
      for (const consumer of ["one", "another", "one"]) {
        const { id, tokens } = yield* withConversation(consumer)
        expect(told(yield* tell(tokens, say(id)))).toStrictEqual(accepted({ sequence: 0 }))
        expect(told(yield* tell(tokens, say(id)))).toStrictEqual(accepted({ sequence: 1 }))
        yield* close(id)
      }
    })
  )

  it.effect("every text once, though they come at once", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("at once")
      const texts = Array.from({ length: 20 }, (_, index) => `Text ${index}`)
      yield* Effect.forEach(texts, (message) => tell(tokens, say(id, message)), { concurrency: "unbounded" })
      const messages = (yield* seen(id))?.messages ?? []
      expect(messages.map(({ sequence }) => sequence)).toEqual(texts.map((_, index) => index))
      expect(new Set(messages.map(({ text }) => text))).toEqual(new Set(texts))
    })
  )

  it.effect("typing, until another state ends it: a text does not (3.3.4)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("typing")
      expect((yield* seen(id))?.typing).toBe(false)
      for (const [event, typing] of [
        [chatState("ACTIVE"), false],
        [chatState("COMPOSING"), true],
        [text(), true],
        [chatState("PAUSE"), false]
      ] as const) {
        yield* tell(tokens, publishEvent({ dialogId: id, event }))
        expect((yield* seen(id))?.typing).toBe(typing)
      }
    })
  )

  it.effect("what the agent saw before stays as it was seen", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("before")
      yield* tell(tokens, say(id, "One"))
      const before = yield* seen(id)
      const copy = structuredClone(before)
      yield* tell(tokens, say(id, "Two"))
      yield* tell(tokens, setProfile({ firstName: "Ada" }))
      yield* (yield* Simulator.Simulator).close(id)
      expect(before).toStrictEqual(copy)
    })
  )

  it.effect("requests of 5000 characters and no longer ones, a preview not counted (2.1, D4)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("5000")
      const long = (characters: number) => say(id, "x".repeat(characters - JSON.stringify(say(id, "")).length))
      expect(JSON.stringify(long(5000)).length).toBe(5000)
      expect(told(yield* tell(tokens, long(5001)))).toStrictEqual(senseless)
      expect(told(yield* tell(tokens, long(5000)))).toStrictEqual(accepted({ sequence: 0 }))

      const publishFile = (changes: object) => publishEvent({ dialogId: id, event: hosted(changes) })
      const bare = JSON.stringify(publishFile({ caption: "" })).length
      const preview = (characters: number) => `data:${"x".repeat(characters - 5)}`
      const caption = (characters: number) => "x".repeat(characters - bare)
      const limit = 30 * 1024
      for (const [changes, status] of [
        [{ preview: preview(limit) }, 200],
        [{ preview: preview(limit), caption: caption(5000) }, 200],
        [{ preview: preview(limit), caption: caption(5001) }, 400],
        [{ preview: preview(limit + 1) }, 400],
        [{ caption: caption(5001) }, 400]
      ] as const) {
        expect((yield* tell(tokens, publishFile(changes))).status).toBe(status)
      }
      // What is no file has no preview, whatever it calls one.
      const form = { type: "ContentEvent", contentType: "forms/secure-submission" }
      const message = { submissionId: "s-1", invitationId: "i-1", preview: preview(5000) }
      const noFile = publishEvent({ dialogId: id, event: { ...form, message } })
      expect(told(yield* tell(tokens, noFile))).toStrictEqual(senseless)
    })
  )
})

onSocket()("SEND reads", (it) => {
  it.effect("JSON however it is laid out, and counts no more of it than it has to say", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("laid out")
      const long = say(id, "x".repeat(4800))
      const sparse = JSON.stringify(long, undefined, 10)
      expect(JSON.stringify(long).length).toBeLessThanOrEqual(5000)
      expect(sparse.length).toBeGreaterThan(5000)
      expect(told(yield* tell(tokens, sparse))).toStrictEqual(accepted({ sequence: 0 }))
    })
  )
})

/** A conversation with one message, at which a refusal can be seen to have changed nothing. */
const settled = Effect.fnUntraced(function* (consumer: string) {
  const opened = yield* withConversation(consumer)
  yield* tell(opened.tokens, say(opened.id))
  return { ...opened, before: yield* seen(opened.id) }
})

onSocket()("SEND refuses", (it) => {
  const isClosed = "Bad Request, Conversation is close"

  it.effect("to publish where there is no dialog", () =>
    Effect.gen(function* () {
      const { before, id, tokens } = yield* settled("nowhere")
      const elsewhere = publishEvent({ dialogId: id, conversationId: "nowhere", event: text() })
      for (const request of [say("nowhere"), elsewhere]) {
        expect(told(yield* tell(tokens, request))).toStrictEqual(rejected(expect.not.stringContaining(isClosed)))
      }
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )

  it.effect("to publish in a dialog of another conversation than the one that is named", () =>
    Effect.gen(function* () {
      const first = yield* withConversation("two")
      yield* (yield* Simulator.Simulator).close(first.id)
      const { before, id, tokens } = yield* settled("two")
      const crossed = publishEvent({ dialogId: id, conversationId: first.id, event: text() })
      expect(told(yield* tell(tokens, crossed))).toStrictEqual(rejected())
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )

  it.effect.each([
    ["a text in it", (id: string) => say(id)],
    ["a state in it", (id: string) => publishEvent({ dialogId: id, event: chatState("GONE") })],
    ["a text in it, by both ids", (id: string) => publishEvent({ dialogId: id, conversationId: id, event: text() })],
    ["a text in no dialog of it", (id: string) => publishEvent({ dialogId: "x", conversationId: id, event: text() })],
    [
      "a change of it",
      (id: string) =>
        updateField({
          conversationId: id,
          conversationField: { field: "ConversationStateField", conversationState: "CLOSE" }
        })
    ]
  ] as const)("with 401, and no blame for a token, another consumer's conversation: %s (1.5)", ([name, requestOf]) =>
    Effect.gen(function* () {
      const { before, id } = yield* settled(`owner of ${name}`)
      const eve = yield* withConversation(`Eve for ${name}`)
      const { body, status } = yield* tell(eve.tokens, requestOf(id))
      expect(status).toBe(401)
      expect(body).toStrictEqual({
        kind: "resp",
        code: 401,
        body: { title: expect.any(String), details: expect.any(String) },
        type: ".ReqBody$ErrorResp"
      })
      expect(yield* seen(id)).toStrictEqual(before)
      expect((yield* seen(eve.id))?.events).toEqual([])
    })
  )

  it.effect("to publish in a conversation that the agent closed, in the reference's words (2.4)", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* settled("closed")
      yield* (yield* Simulator.Simulator).close(id)
      const before = yield* seen(id)
      for (const [, event] of events) {
        expect(told(yield* tell(tokens, publishEvent({ dialogId: id, event })))).toStrictEqual(rejected(isClosed))
      }
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )

  it.effect.each([
    ["no metadata", {}],
    ["empty metadata", { metadata: [] }]
  ] as const)("an ACTION with %s (3.3.5)", ([name, changes]) =>
    Effect.gen(function* () {
      const { before, id, tokens } = yield* settled(`ACTION with ${name}`)
      const action = publishEvent({ dialogId: id, event: accept("ACTION") }, changes)
      expect(told(yield* tell(tokens, action))).toStrictEqual(rejected())
      expect(yield* seen(id)).toStrictEqual(before)
      expect(told(yield* tell(tokens, say(id)))).toStrictEqual(accepted({ sequence: 1 }))
    })
  )

  const event = (event: object) => (id: string) => publishEvent({ dialogId: id, event })

  it.effect.each<readonly [name: string, requestOf: (id: string) => unknown]>([
    ["no body", () => ""],
    ["what is not JSON", () => "{"],
    ["null", () => null],
    ["an array of one request (1.2)", (id) => [say(id)]],
    ["a request for a conversation", () => request()],
    ["a message without a dialog", () => message()],
    ...["ms.SubscribeMessagingEvents", "cqm.SubscribeExConversations", "InitConnection", "ms.Wave"].map(
      (type) => [`a type that is not SEND's (3.7): ${type}`, (id: string) => ({ ...say(id), type })] as const
    ),
    ["another kind", (id) => ({ ...say(id), kind: "resp" })],
    ["no type", (id) => ({ ...say(id), type: undefined })],
    ["no id", (id) => ({ ...say(id), id: undefined })],
    ["an id of 65 characters", (id) => ({ ...say(id), id: "x".repeat(65) })],
    ["no request body", (id) => ({ ...say(id), body: undefined })],
    ["a dialogId that is a number", () => publishEvent({ dialogId: 1, event: text() })],
    ["metadata that is no list", (id) => ({ ...say(id), metadata: { type: "ExternalId", id: "1" } })],
    ["metadata without a type", (id) => ({ ...say(id), metadata: [{ id: "1" }] })],
    [
      "an ExternalId of 65 characters",
      (id) => ({ ...say(id), metadata: [{ type: "ExternalId", id: "x".repeat(65) }] })
    ],
    ["no event", (id) => publishEvent({ dialogId: id })],
    ["an event of an unknown type", event({ type: "Wave" })],
    ["a text that is a number", event({ type: "ContentEvent", contentType: "text/plain", message: 1 })],
    ["a file without a path", event(hosted({ relativePath: undefined }))],
    ["a file's message in a list (D18)", event({ ...hosted(), message: [file] })],
    ["a file under the schema's HostedFile (D17)", event({ ...hosted(), contentType: "HostedFile" })],
    ["a file whose preview is no data URI", event(hosted({ preview: "https://example.com/dog.png" }))],
    ["another chat state", event(chatState("ASLEEP"))],
    ["a chat state under ChatState (D22)", event({ type: "ChatStateEvent", ChatState: "ACTIVE" })],
    ["another status", event(accept("SEEN"))],
    ["a sequence that is a text", event({ ...accept("READ"), sequenceList: ["1"] })],
    ["a sequenceList that is a number", event({ ...accept("READ"), sequenceList: 1 })],
    [
      "structured content under the schema's message (D21)",
      event({ type: "RichContentEvent", message: { type: "text", text: "Late?" } })
    ],
    ["structured content of an unknown type", event({ type: "RichContentEvent", content: { type: "table" } })]
  ])("%s", ([name, requestOf]) =>
    Effect.gen(function* () {
      const { before, id, tokens } = yield* settled(name)
      expect(told(yield* tell(tokens, requestOf(id)))).toStrictEqual(senseless)
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )
})

onSocket()("SEND sets the profile", (it) => {
  const set = accepted({ msg: "OK User Profile set successfully" })

  it.effect("of the conversation that is open, and of the next one", () =>
    Effect.gen(function* () {
      const { close } = yield* Simulator.Simulator
      const { id, tokens } = yield* withConversation("profile")
      const ada = { firstName: "Ada", authenticatedData: { lp_sdes: [{ type: "ctmrinfo", info: { cstatus: "vip" } }] } }
      expect(told(yield* tell(tokens, setProfile(ada)))).toStrictEqual(set)
      expect((yield* seen(id))?.profile).toStrictEqual(ada)
      yield* close(id)
      expect(told(yield* tell(tokens, setProfile({ firstName: "Grace" })))).toStrictEqual(set)
      expect((yield* seen(id))?.profile).toStrictEqual(ada)
    })
  )

  it.effect("of nobody else, and where there is no conversation", () =>
    Effect.gen(function* () {
      const { id } = yield* withConversation("Ada")
      const before = yield* seen(id)
      expect(told(yield* tell(yield* signIn("Eve"), setProfile({ firstName: "Eve" })))).toStrictEqual(set)
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )
})
