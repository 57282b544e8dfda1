import { ControlApi, Fault, State, Wire } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { kinds, ruleOf } from "../page/model/faultForm.ts"
import { effectOf, isSpent, presets, scopeOf } from "../page/model/faults.ts"
import { templates } from "../page/model/cards.ts"
import { type Group, type Line, sectionsOf, seenBetween, unreadBy } from "../page/model/timeline.ts"
import { failed, filtered, limit, merge } from "../page/model/wire.ts"

const text = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message })
const receipt = (status: string, ...sequenceList: ReadonlyArray<number>) => ({
  type: "AcceptStatusEvent",
  status,
  sequenceList
})

interface Spoken {
  readonly by: "CONSUMER" | "ASSIGNED_AGENT" | "AGENT"
  readonly event: object
  readonly sequence?: number
  readonly at?: number
  readonly dialogId?: string
  readonly note?: boolean
}

const decodeConversation = Schema.decodeUnknownSync(State.Conversation)
const decodeSummary = Schema.decodeUnknownSync(State.Summary)

const conversation = (spoken: ReadonlyArray<Spoken>, changes: object = {}) =>
  decodeConversation({
    id: "main",
    account: "12345678",
    consumer: "sms:+15550100",
    state: "OPEN",
    openedAt: 1000,
    profile: {},
    request: { channelType: "MESSAGING", brandId: "12345678" },
    dialogs: [{ dialogId: "main", dialogType: "MAIN", state: "OPEN" }],
    events: spoken.map(({ at = 2000, by, dialogId = "main", event, note = false, sequence }) => ({
      by,
      dialogId,
      event,
      at,
      metadata: [],
      messageAudience: note ? "AGENTS_AND_MANAGERS" : "ALL",
      ...(sequence === undefined ? {} : { sequence })
    })),
    messages: [],
    typing: false,
    ...changes
  })

const summary = (changes: object) =>
  decodeSummary({
    id: "main",
    account: "12345678",
    consumer: "sms:+15550100",
    name: "",
    state: "OPEN",
    survey: false,
    typing: false,
    unread: 0,
    last: "",
    openedAt: 1000,
    updatedAt: 5000,
    ...changes
  })

const itemsOf = (...args: Parameters<typeof sectionsOf>) => sectionsOf(...args).flatMap(({ items }) => items)
const groupsOf = (...args: Parameters<typeof sectionsOf>) =>
  itemsOf(...args).filter((item): item is Group => item._tag === "Group")
const linesOf = (...args: Parameters<typeof sectionsOf>) =>
  itemsOf(...args)
    .filter((item): item is Line => item._tag === "Line")
    .map((line) => line.text)

describe("a conversation as a chat", () => {
  it("a receipt is for what the other side said, and the furthest one counts", () => {
    const groups = groupsOf(
      conversation([
        { by: "CONSUMER", sequence: 0, event: text("Hi") },
        { by: "ASSIGNED_AGENT", sequence: 1, event: text("Hello") },
        { by: "CONSUMER", sequence: 2, event: receipt("READ", 0, 1) },
        { by: "CONSUMER", sequence: 3, event: receipt("ACCEPT", 1) }
      ]),
      5000
    )
    expect(groups.map(({ messages, side }) => [side, messages.map((message) => message.receipt)])).toEqual([
      ["consumer", ["sent"]],
      ["agent", ["read"]]
    ])
  })

  it("groups what one side says without a pause, and keeps notes apart", () => {
    const groups = groupsOf(
      conversation([
        { by: "CONSUMER", sequence: 0, at: 2000, event: text("One") },
        { by: "CONSUMER", event: { type: "ChatStateEvent", chatState: "COMPOSING" }, at: 2500 },
        { by: "CONSUMER", sequence: 1, at: 3000, event: text("Two") },
        { by: "CONSUMER", sequence: 2, at: 1_000_000, event: text("Much later") },
        { by: "ASSIGNED_AGENT", sequence: 3, at: 1_000_001, event: text("Three") },
        { by: "ASSIGNED_AGENT", sequence: 4, at: 1_000_002, event: text("Between us"), note: true }
      ]),
      5000
    )
    expect(groups.map(({ messages, note }) => [messages.length, note])).toEqual([
      [2, false],
      [1, false],
      [1, false],
      [1, true]
    ])
  })

  it("a survey is a section of its own, and counts its own messages", () => {
    const sections = sectionsOf(
      conversation(
        [
          { by: "CONSUMER", sequence: 0, event: text("Hi") },
          { by: "AGENT", sequence: 0, dialogId: "survey", event: text("How was it?") },
          { by: "CONSUMER", sequence: 1, dialogId: "survey", event: receipt("READ", 0) }
        ],
        {
          dialogs: [
            { dialogId: "main", dialogType: "MAIN", state: "CLOSE" },
            { dialogId: "survey", dialogType: "POST_SURVEY", state: "OPEN" }
          ]
        }
      ),
      5000
    )
    expect(sections.map(({ dialogType, open }) => [dialogType, open])).toEqual([
      ["MAIN", false],
      ["POST_SURVEY", true]
    ])
    const [survey] = sections[1]?.items.filter((item) => item._tag === "Group") ?? []
    expect(survey).toMatchObject({ side: "bot", messages: [{ receipt: "read" }] })
  })

  it("changes that were seen are told where they happened, and others as far as they are known", () => {
    const closed = conversation(
      [
        { by: "CONSUMER", sequence: 0, at: 2000, event: text("Hi") },
        { by: "ASSIGNED_AGENT", sequence: 1, at: 4000, event: text("Hello") }
      ],
      { agentId: "kim", skillId: "7", state: "CLOSE", closeReason: "AGENT", closedAt: 5000 }
    )
    const seen = seenBetween(summary({}), summary({ skillId: "7", updatedAt: 4500 }))
    expect(linesOf(closed, 5000, seen)).toEqual([
      "Opened by the consumer",
      "kim joined",
      "Transferred to skill 7",
      "Closed by the agent"
    ])
    expect(linesOf(closed, 5000)).toEqual([
      "Opened by the consumer",
      "Transferred to skill 7 since",
      "kim joined",
      "Closed by the agent"
    ])
  })

  it("what is yet to be read is what the other side said in the dialog that is open, and the reader may see", () => {
    const spoken: ReadonlyArray<Spoken> = [
      { by: "CONSUMER", sequence: 0, event: text("Hi") },
      { by: "CONSUMER", sequence: 1, event: text("Hello?") },
      { by: "ASSIGNED_AGENT", sequence: 2, event: receipt("READ", 0) },
      { by: "ASSIGNED_AGENT", sequence: 3, event: text("Yes") },
      { by: "ASSIGNED_AGENT", sequence: 4, event: text("A note"), note: true }
    ]
    expect(unreadBy("agent", conversation(spoken))).toEqual([1])
    expect(unreadBy("consumer", conversation(spoken))).toEqual([3])
  })
})

const call = (id: number, changes: Partial<Wire.Call> = {}): Wire.Call => ({
  ...Wire.Call.make({
    id,
    at: id,
    millis: 1,
    method: "POST",
    status: 200,
    account: undefined,
    consumer: undefined,
    fault: undefined,
    endpoint: "send",
    path: "/send",
    payloads: ["ms.PublishEvent"]
  }),
  ...changes
})

const everything = { text: "", kind: "all", outcome: "all", whose: undefined } as const

describe("the wire", () => {
  it("takes in what changed by its number, in order, and keeps the newest ten thousand", () => {
    const rows = Array.from({ length: limit }, (_, nth) => call(nth + 1, { status: "waiting" }))
    const merged = merge(rows, [call(5, { status: 429 }), call(limit + 2), call(limit + 1)])
    expect(merged.length).toBe(limit)
    expect(merged[0]?.id).toBe(3)
    expect(merged.find(({ id }) => id === 5)?.status).toBe(429)
    expect(merged.slice(-2).map(({ id }) => id)).toEqual([limit + 1, limit + 2])
    expect(merge(merged, [])).toBe(merged)
  })

  it("is filtered by all words at once, and by what became of it", () => {
    const rows = [
      call(1),
      call(2, { status: 429, fault: 1 }),
      call(3, { status: "dropped" }),
      call(4, { status: "waiting", path: "/elsewhere" })
    ]
    const ids = (changes: object) => filtered(rows, { ...everything, ...changes }).map(({ id }) => id)
    expect(ids({ text: "PUBLISH 429" })).toEqual([2])
    expect(ids({ text: "elsewhere" })).toEqual([4])
    expect(ids({ outcome: "failed" })).toEqual([2, 3])
    expect(ids({ outcome: "fault" })).toEqual([2])
    expect(ids({ outcome: "waiting" })).toEqual([4])
    expect(ids({ kind: "Delivery" })).toEqual([])
    expect(rows.filter(failed).length).toBe(2)
  })
})

const common = { on: "send", key: "", when: "Every", amount: "3", account: "", consumer: "sms:+15550100" }

describe("the form of faults", () => {
  it("has every kind there is, and each is a rule as it is first filled in", () => {
    const tags = [...Object.keys(Fault.CallFault.cases), ...Object.keys(Fault.DeliveryFault.cases)]
    expect(kinds.map(({ tag }) => tag)).toEqual(tags)
    for (const kind of kinds) {
      const draft = { ...common, ...Object.fromEntries(kind.fields.map(({ initial, name }) => [name, initial])) }
      const rule = Result.getOrThrow(ruleOf(kind, draft))
      expect(rule).toMatchObject({
        fault: { _tag: kind.tag },
        when: { _tag: "Every", nth: 3 },
        consumer: "sms:+15550100"
      })
      expect(effectOf(rule)).not.toBe("")
      expect(scopeOf(rule)).toContain("every 3rd time · of sms:+15550100")
    }
  })

  it("refuses what makes no sense", () => {
    const [status] = kinds
    const draft = { ...common, status: "429" }
    const refused = (changes: object) =>
      status !== undefined && Result.isFailure(ruleOf(status, { ...draft, ...changes }))
    expect(refused({})).toBe(false)
    expect(refused({ status: "many" })).toBe(true)
    expect(refused({ amount: "" })).toBe(true)
    expect(refused({ when: "Chance", amount: "101" })).toBe(true)
  })

  it("offers presets that are rules, and knows when one has nothing left to do", () => {
    const rules = [...presets.calls, ...presets.deliveries].map(({ rule }) => rule)
    expect(
      Schema.decodeUnknownSync(Schema.Array(Fault.Rule))(Schema.encodeSync(Schema.Array(Fault.Rule))(rules))
    ).toEqual(rules)
    const rule = {
      on: "send",
      fault: Fault.status(500),
      when: Fault.When.cases.Next.make({ times: 2 }),
      id: 1
    } as const
    expect(isSpent({ ...rule, asked: 5, acted: 1 })).toBe(false)
    expect(isSpent({ ...rule, asked: 5, acted: 2 })).toBe(true)
  })
})

describe("the templates of cards", () => {
  it("are what an agent may send", () => {
    for (const { content } of templates) {
      const action = { _tag: "Send", event: { type: "RichContentEvent", content } }
      expect(Schema.is(ControlApi.AgentAction)(action)).toBe(true)
    }
  })
})
