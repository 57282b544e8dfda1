import { ControlApi, Fault, NodeSimulator, Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { describe, expect, it, layer } from "@effect/vitest"
import { Effect, Redacted, Schema, Stream } from "effect"
import { actIn, consume, control, ConsumerId, ConversationId, lookAt, openBy } from "./controlling.ts"
import { all, chat, content, conversation, keys, rich, server, status, until } from "./hooks.ts"
import { accountId, ask, onSocket, refusal, send, signIn } from "./support.ts"

const json = { "Content-Type": "application/json" }

/** A card with one button. */
const card = {
  type: "RichContentEvent",
  content: {
    type: "vertical",
    elements: [
      { type: "text", text: "A parcel" },
      { type: "button", title: "Track", click: { actions: [{ type: "link", uri: "https://example.test/parcel" }] } }
    ]
  }
} as const

const quickReplies = {
  type: "quickReplies",
  itemsPerRow: 2,
  replies: [{ type: "button", title: "Yes", click: { actions: [{ type: "publishText", text: "Yes" }] } }]
} as const

const metadata = [{ type: "ExternalId", id: "card" }] as const

const plain = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message }) as const

interface Expected {
  /** What the agent's answer says. */
  readonly sequence?: number
  /** What there is to be seen of it in the conversation. */
  readonly events?: ReadonlyArray<object>
  readonly state?: object
  /** The kinds of notification that are posted, in order. */
  readonly posted: ReadonlyArray<Webhooks.Key>
}

/** Everything that an agent can do, after a consumer has said Hi as number 0. */
const agentActions: ReadonlyArray<readonly [name: string, action: ControlApi.AgentAction, expected: Expected]> = [
  ["Join", { _tag: "Join" }, { state: { agentId: "simulator-agent" }, posted: [conversation] }],
  [
    "Say",
    { _tag: "Say", text: "Hello" },
    { sequence: 1, events: [{ event: plain("Hello"), messageAudience: "ALL" }], posted: [conversation, content] }
  ],
  [
    "Say with quick replies",
    { _tag: "Say", text: "Shall I?", quickReplies },
    { sequence: 1, events: [{ event: { ...plain("Shall I?"), quickReplies } }], posted: [conversation, content] }
  ],
  [
    "Note",
    { _tag: "Note", text: "He is cross" },
    {
      sequence: 1,
      events: [{ event: plain("He is cross"), messageAudience: "AGENTS_AND_MANAGERS" }],
      posted: [conversation, content]
    }
  ],
  [
    "Send",
    { _tag: "Send", event: card, metadata, messageAudience: "ALL" },
    { sequence: 1, events: [{ event: card, metadata }], posted: [conversation, rich] }
  ],
  [
    "Send a chat state",
    { _tag: "Send", event: { type: "ChatStateEvent", chatState: "ACTIVE" } },
    { events: [{ event: { type: "ChatStateEvent", chatState: "ACTIVE" } }], posted: [conversation, chat] }
  ],
  [
    "Typing",
    { _tag: "Typing", on: true },
    { events: [{ event: { type: "ChatStateEvent", chatState: "COMPOSING" } }], posted: [conversation, chat] }
  ],
  [
    "Typing no more",
    { _tag: "Typing", on: false },
    { events: [{ event: { type: "ChatStateEvent", chatState: "PAUSE" } }], posted: [conversation, chat] }
  ],
  [
    "Accept",
    { _tag: "Accept", sequences: [0] },
    {
      sequence: 1,
      events: [{ event: { type: "AcceptStatusEvent", status: "ACCEPT", sequenceList: [0] } }],
      posted: [conversation, status]
    }
  ],
  [
    "Read",
    { _tag: "Read", sequences: [0] },
    {
      sequence: 1,
      events: [{ event: { type: "AcceptStatusEvent", status: "READ", sequenceList: [0] } }],
      posted: [conversation, status]
    }
  ],
  [
    "Transfer",
    Schema.decodeSync(ControlApi.AgentAction)({ _tag: "Transfer", skillId: "12" }),
    { state: { skillId: "12", agentId: undefined }, posted: [conversation] }
  ],
  [
    "Close",
    { _tag: "Close" },
    { state: { state: "CLOSE", closeReason: "AGENT", dialogs: [{ state: "CLOSE" }] }, posted: [conversation] }
  ],
  [
    "Close with a survey",
    { _tag: "Close", survey: true },
    {
      state: { state: "OPEN", dialogs: [{ state: "CLOSE" }, { dialogType: "POST_SURVEY", state: "OPEN" }] },
      posted: [conversation]
    }
  ],
  [
    "Close without a survey",
    { _tag: "Close", survey: false },
    { state: { state: "CLOSE", closeReason: "AGENT", agentId: undefined }, posted: [conversation] }
  ]
]

const Problem = Schema.Struct({
  errors: Schema.Array(
    Schema.Struct({ path: Schema.Array(Schema.Union([Schema.String, Schema.Number])), message: Schema.String })
  )
})

describe("The control API", () => {
  onSocket()("does for an agent what the agent does, and a webhook hears of it:", (it) => {
    it.effect.each(agentActions)("%s", ([name, action, expected]) =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { received, url } = yield* server()
        const id = yield* openBy(name)
        const { subscribe } = yield* control
        yield* subscribe({ payload: all(url) })
        expect(yield* actIn(id, action)).toEqual({ sequence: expected.sequence })
        const seen = yield* lookAt(id)
        expect(seen.events.slice(1)).toMatchObject(
          (expected.events ?? []).map((event) => ({ by: "ASSIGNED_AGENT", sequence: expected.sequence, ...event }))
        )
        expect(seen).toMatchObject(expected.state ?? {})
        yield* until(() => received.length >= expected.posted.length)
        expect(received.map((one) => one.url?.slice(1))).toEqual(expected.posted)
        for (const { body } of received) expect(JSON.parse(body.toString())).toMatchObject({ kind: "notification" })
        expect(yield* simulator.conversation(id)).toEqual(seen)
      })
    )

    it.effect("whoever the agent is", () =>
      Effect.gen(function* () {
        const { conversations } = yield* control
        const id = yield* openBy("agents")
        const by = (agentId: string) =>
          conversations.act({ params: { id }, query: { agentId }, payload: { _tag: "Join" } })
        yield* by("grace")
        expect((yield* lookAt(id)).agentId).toBe("grace")
        yield* by("margaret")
        expect((yield* lookAt(id)).agentId).toBe("margaret")
      })
    )

    it.effect("nothing, in a conversation that is closed or that there is not", () =>
      Effect.gen(function* () {
        const id = yield* openBy("closed")
        yield* actIn(id, { _tag: "Close", survey: false })
        const before = yield* lookAt(id)
        for (const [, action] of agentActions) {
          expect(yield* Effect.flip(actIn(id, action))).toMatchObject({ _tag: "Closed" })
          expect(yield* Effect.flip(actIn("nowhere", action))).toMatchObject({ _tag: "NotFound" })
        }
        expect(yield* lookAt(id)).toEqual(before)
      })
    )
  })

  onSocket()("lists and shows", (it) => {
    it.effect("conversations, whole and in a line", () =>
      Effect.gen(function* () {
        const { conversations } = yield* control
        expect(yield* conversations.list()).toEqual([])
        const ids = yield* Effect.forEach(["Ada", "Grace"], (name) => openBy(name, `I am ${name}`))
        const list = yield* conversations.list()
        expect(list.map(({ id }) => id)).toEqual(ids)
        expect(list).toMatchObject([
          { consumer: "Ada", state: "OPEN", unread: 1, last: "I am Ada", account: accountId },
          { consumer: "Grace", last: "I am Grace" }
        ])
        const shown = yield* Effect.forEach(ids, lookAt)
        expect(shown).toEqual(yield* (yield* Simulator.Simulator).conversations)
        yield* actIn(ids[0] ?? "", { _tag: "Read", sequences: [0] })
        expect((yield* conversations.list()).map(({ unread }) => unread)).toEqual([0, 1])
      })
    )

    it.effect("faults, and the wire", () =>
      Effect.gen(function* () {
        const { faults, wire } = yield* control
        yield* wire.clear()
        const rule = { on: "domains", fault: Fault.status(503), when: { _tag: "Next", times: 2 } } as const
        const added = yield* faults.add({ payload: rule })
        expect(added).toEqual({ ...rule, id: added.id, asked: 0, acted: 0 })
        yield* send(ask.domain("idp"))
        expect(yield* faults.list()).toEqual([{ ...added, asked: 1, acted: 1 }])
        const rows = yield* wire.list()
        expect(rows).toMatchObject([{ _tag: "Call", endpoint: "domains", status: 503, fault: added.id }])
        const id = rows[0]?.id ?? 0
        expect(yield* wire.get({ params: { id } })).toMatchObject({ row: rows[0], response: { body: "" } })
        yield* faults.remove({ params: { id: added.id } })
        expect(yield* faults.list()).toEqual([])
        expect((yield* send(ask.domain("idp"))).status).toBe(200)
        yield* wire.clear()
        expect(yield* wire.list()).toEqual([])
        yield* faults.add({ payload: rule })
        yield* faults.clear()
        expect(yield* faults.list()).toEqual([])
      })
    )

    it.effect("what changes, as it changes", () =>
      Effect.gen(function* () {
        const { live } = yield* control
        const told = yield* (yield* live()).pipe(
          Stream.tap(({ reset }) => (reset ? openBy("watched") : Effect.void)),
          Stream.takeUntil(({ conversations }) => conversations.some(({ consumer }) => consumer === "watched")),
          Stream.runCollect
        )
        expect(told.map(({ reset }) => reset)).toEqual([true, ...told.slice(1).map(() => false)])
        expect(told[0]?.info?.accounts).toEqual([accountId])
        expect(told.at(-1)?.conversations).toMatchObject([{ consumer: "watched", last: "Hi" }])
      })
    )
  })

  onSocket()("answers", (it) => {
    it.effect("with 404 where there is nothing by that id, and says so in a sentence", () =>
      Effect.gen(function* () {
        const { consumers, conversations, faults, wire } = yield* control
        const id = ConversationId.make("nowhere")
        const consumer = ConsumerId.make("nobody")
        const errors = yield* Effect.all([
          Effect.flip(conversations.get({ params: { id } })),
          Effect.flip(conversations.act({ params: { id }, query: {}, payload: { _tag: "Join" } })),
          Effect.flip(consumers.act({ params: { consumer }, query: {}, payload: { _tag: "Say", text: "Hi" } })),
          Effect.flip(faults.remove({ params: { id: 99 } })),
          Effect.flip(wire.get({ params: { id: 99 } }))
        ])
        expect(errors).toMatchObject([
          { _tag: "NotFound", message: "There is no conversation nowhere." },
          { _tag: "NotFound", message: "There is no conversation nowhere." },
          { _tag: "NotFound", message: "nobody has never had a conversation." },
          { _tag: "NotFound", message: "There is no fault 99." },
          { _tag: "NotFound", message: "There is no exchange 99." }
        ])
        const answer = yield* send({ method: "GET", path: "/_simulator/conversations/nowhere" })
        expect(answer.status).toBe(404)
        expect(answer.body).toStrictEqual({ _tag: "NotFound", message: "There is no conversation nowhere." })
      })
    )

    it.effect("with 409 where the conversation is closed", () =>
      Effect.gen(function* () {
        const id = yield* openBy("closed")
        const path = `/_simulator/conversations/${id}/agent`
        const act = (body: object) => send({ method: "POST", path, headers: json, body: JSON.stringify(body) })
        expect((yield* act({ _tag: "Close" })).status).toBe(200)
        const { body, status } = yield* act({ _tag: "Say", text: "Hello" })
        expect(status).toBe(409)
        expect(body).toStrictEqual({ _tag: "Closed", message: `The conversation ${id} is not open.` })
      })
    )

    const next = { _tag: "Next", times: 1 }
    it.effect.each<readonly [path: string, body: unknown, at: ReadonlyArray<string>]>([
      ["POST /revoke", { kind: "everything" }, ["payload", "kind"]],
      ["PUT /webhooks", { [content]: { endpoint: "nowhere" } }, ["payload", content, "endpoint"]],
      ["PUT /webhooks", { retry: { retention_time: 1 } }, ["payload", "retry", "retention_time"]],
      ["POST /conversations/x/agent", { _tag: "Say", text: "" }, ["payload", "text"]],
      ["POST /conversations/x/agent", { _tag: "Read", sequences: [] }, ["payload", "sequences", "0"]],
      ["POST /consumers/x", { _tag: "Open", ttr: "SOON" }, ["payload", "ttr"]],
      ["POST /consumers/x", { _tag: "Rate", resolved: true, csatRate: 6 }, ["payload", "csatRate"]],
      ["POST /faults", { on: "send", fault: { _tag: "Drop" }, when: next }, ["payload", "fault", "processed"]],
      [
        "POST /faults",
        { on: "send", fault: { _tag: "Status", status: 999, headers: {} }, when: next },
        ["payload", "fault", "status"]
      ],
      [
        "POST /faults",
        { on: "webhook", fault: { _tag: "Loss" }, when: { ...next, times: 0 } },
        ["payload", "when", "times"]
      ],
      ["POST /faults", "{", ["payload"]]
    ])("with 400 and where the mistake is: %s %j", ([call, body, at]) =>
      Effect.gen(function* () {
        const [method, path] = call.split(" ")
        const answer = yield* send({
          method: method === "PUT" ? "PUT" : "POST",
          path: `/_simulator${path}`,
          headers: json,
          body: typeof body === "string" ? body : JSON.stringify(body)
        })
        expect(answer.status).toBe(400)
        expect(answer.headers["content-type"]).toBe("application/problem+json")
        const { errors } = Schema.decodeUnknownSync(Problem)(answer.body)
        expect(errors.map(({ path }) => path.map(String))).toContainEqual(at)
        expect(yield* (yield* Simulator.Simulator).faults).toEqual([])
      })
    )
  })

  onSocket({
    accountId: ["12345678", "87654321"],
    clientId: "app",
    clientSecret: Redacted.make("app"),
    rateLimit: 1000,
    seed: "told",
    survey: true
  })("says and changes", (it) => {
    it.effect("what the simulator is", () =>
      Effect.gen(function* () {
        const { info, subscribe } = yield* control
        const is = {
          accounts: ["12345678", "87654321"],
          clientId: "app",
          seed: "told",
          survey: true,
          rateLimit: 1000,
          webhooks: {},
          webhookStates: {}
        }
        expect(yield* info()).toEqual(is)
        const { received, url } = yield* server({ status: 503 })
        const webhooks = all(url)
        yield* subscribe({ payload: webhooks })
        const states = (state: Webhooks.State) => Object.fromEntries(keys.map((key) => [key, state]))
        expect(yield* info()).toEqual({ ...is, webhooks, webhookStates: states("Up") })
        yield* openBy("somebody")
        yield* until(() => received.length === 2)
        const failed = { [content]: "Failed", [conversation]: "Failed" }
        expect(yield* info()).toEqual({ ...is, webhooks, webhookStates: { ...states("Up"), ...failed } })
        yield* subscribe({ payload: {} })
        expect(yield* info()).toEqual(is)
      })
    )

    it.effect("what is subscribed to, without the secrets of where it goes", () =>
      Effect.gen(function* () {
        const { info, subscribe } = yield* control
        const endpoint = "http://127.0.0.1:9/lp?tenant=7&token=hush"
        const headers = [{ header_name: "x-tenant", header_value: "hush" }]
        yield* subscribe({ payload: { [content]: { endpoint, headers, max_retries: 2 } } })
        const { webhooks } = yield* info()
        expect(webhooks[content]).toMatchObject({ max_retries: 2, headers: [{ header_name: "x-tenant" }] })
        expect(webhooks[content]?.endpoint).toContain("/lp?tenant=7")
        expect(JSON.stringify(webhooks)).not.toContain("hush")
        yield* subscribe({ payload: {} })
      })
    )

    it.effect.each([
      [undefined, "OPEN"],
      [true, "OPEN"],
      [false, "CLOSE"]
    ] as const)("whether a survey follows: as it was set up, unless it is said (%s)", ([survey, state]) =>
      Effect.gen(function* () {
        const id = yield* openBy(`survey ${survey}`)
        yield* actIn(id, survey === undefined ? { _tag: "Close" } : { _tag: "Close", survey })
        expect(yield* lookAt(id)).toMatchObject({ state, dialogs: state === "OPEN" ? [{}, { state }] : [{ state }] })
      })
    )

    it.effect.each([
      ["app", 40102],
      ["consumer", 40103]
    ] as const)("which %s tokens are good: none that was issued so far", ([kind, code]) =>
      Effect.gen(function* () {
        const { revoke } = yield* control
        const form = { ...ask.app(), body: "client_id=app&client_secret=app" }
        const token = Schema.decodeUnknownSync(Schema.Struct({ access_token: Schema.String }))
        const app = token((yield* send(form)).body).access_token
        const consumer = yield* send(ask.consumer({ Authorization: app }, '{"ext_consumer_id":"Ada"}'))
        const { token: behalf } = Schema.decodeUnknownSync(Schema.Struct({ token: Schema.String }))(consumer.body)
        const call = send(ask.conversation({ Authorization: app, "X-LP-ON-BEHALF": behalf }, "["))
        expect((yield* call).status).toBe(400)
        yield* revoke({ payload: { kind } })
        expect((yield* call).body).toStrictEqual(refusal(code))
      })
    )
  })

  it.live("forgets everything at a reset but who may call and what is subscribed to", () =>
    Effect.gen(function* () {
      const { conversations, faults, info, reset, subscribe, wire } = yield* control
      const { received, url } = yield* server({ status: 503 })
      yield* subscribe({ payload: all(url, { max_retries: 5 }) })
      const tokens = yield* signIn("Ada")
      const id = yield* openBy("Ada")
      yield* until(() => received.length === 2)
      yield* faults.add({ payload: { on: "any", fault: Fault.drop(), when: { _tag: "Every", nth: 1 } } })
      const before = yield* info()
      yield* reset()
      expect(yield* conversations.list()).toEqual([])
      expect(yield* faults.list()).toEqual([])
      expect(yield* wire.list()).toEqual([])
      expect(yield* Effect.flip(lookAt(id))).toMatchObject({ _tag: "NotFound" })
      expect(yield* info()).toEqual({
        ...before,
        webhookStates: Object.fromEntries(keys.map((key) => [key, "Up"]))
      })
      const headers = { Authorization: tokens.app, "X-LP-ON-BEHALF": tokens.consumer }
      expect((yield* send(ask.conversation(headers, "["))).status).toBe(400)
      expect((yield* consume("Ada", { _tag: "Open" })).status).toBe(200)
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )
})

layer(NodeSimulator.layer(), { excludeTestServices: true })("The API's description", (it) => {
  const Described = Schema.Struct({
    paths: Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Struct({ operationId: Schema.String })))
  })

  it.effect("in OpenAPI names every endpoint, under its own prefix", () =>
    Effect.gen(function* () {
      const { body, status } = yield* send({ method: "GET", path: "/_simulator/openapi.json" })
      expect(status).toBe(200)
      const { paths } = Schema.decodeUnknownSync(Described)(body)
      const described = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`)
      )
      expect(described.toSorted()).toEqual(
        [
          "info get /_simulator/info",
          "live get /_simulator/live",
          "subscribe put /_simulator/webhooks",
          "revoke post /_simulator/revoke",
          "reset post /_simulator/reset",
          "conversations.list get /_simulator/conversations",
          "conversations.get get /_simulator/conversations/{id}",
          "conversations.act post /_simulator/conversations/{id}/agent",
          "consumers.act post /_simulator/consumers/{consumer}",
          "faults.list get /_simulator/faults",
          "faults.add post /_simulator/faults",
          "faults.remove delete /_simulator/faults/{id}",
          "faults.clear delete /_simulator/faults",
          "wire.list get /_simulator/wire",
          "wire.get get /_simulator/wire/{id}",
          "wire.clear delete /_simulator/wire"
        ].toSorted()
      )
    })
  )

  it.effect("for people is a page that loads nothing from another host", () =>
    Effect.gen(function* () {
      const { body, headers, status } = yield* send({ method: "GET", path: "/_simulator/docs" })
      expect(status).toBe(200)
      expect(headers["content-type"]).toMatch(/^text\/html/)
      const html = String(body)
      expect(html.includes("<title>LivePerson simulator</title>")).toBe(true)
      // The page's own markup; what stands between script tags is the viewer and its configuration.
      const markup = html.replace(/<script>[^]*?<\/script>/g, "")
      expect(markup).not.toMatch(/<(script|link|img|iframe)[^>]*(src|href)\s*=/)
      expect(html.includes('"withDefaultFonts":false')).toBe(true)
    })
  )
})
