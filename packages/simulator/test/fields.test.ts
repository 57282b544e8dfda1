import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import {
  accepted,
  chatState,
  conversationsOf,
  onSocket,
  post,
  profile,
  publishEvent,
  rejected,
  request,
  say,
  seen,
  senseless,
  tell,
  text,
  told,
  updateField,
  withConversation
} from "./support.ts"

const resolved = accepted({ msg: "OK Conversation resolved successfully" })
const updated = accepted({ msg: expect.stringMatching(/^OK /) })
const isClosed = rejected("Bad Request, Conversation is close")

const closeState = { field: "ConversationStateField", conversationState: "CLOSE" }
const closeStage = { field: "Stage", conversationState: "CLOSE" }
const closeDialog = (dialogId: string) => ({
  field: "DialogChange",
  type: "UPDATE",
  dialog: { dialogId, state: "CLOSE", closedCause: "Closed by consumer" }
})
const csat = { field: "CSATRate", csatRate: 5, csatResolutionConfirmation: true, status: "FILLED" }
const ttr = { field: "TTRField", ttrType: "URGENT", value: 600 }
const skill = { field: "Skill", type: "UPDATE", skill: "277498214" }

const fields = (conversationId: string, conversationField: unknown) =>
  updateField({ conversationId, conversationField })

const dialog = (dialogId: string, dialogType: string, state: string) => ({ dialogId, dialogType, state })

/** The fields that close a conversation, by the conversation's id. */
const closings = [
  ["ConversationStateField", () => closeState],
  ["Stage", () => closeStage],
  ["DialogChange", closeDialog]
] as const

onSocket()("A consumer", (it) => {
  it.effect.each(
    closings.flatMap(([name, field]) => [
      [`${name} by itself`, field] as const,
      [`${name} in an array (D31)`, (id: string) => [field(id)]] as const
    ])
  )("closes the conversation by %s, and can open another", ([name, field]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      expect(told(yield* tell(tokens, fields(id, field(id))))).toStrictEqual(resolved)
      expect(yield* seen(id)).toMatchObject({
        state: "CLOSE",
        closeReason: "CONSUMER",
        dialogs: [dialog(id, "MAIN", "CLOSE")]
      })
      expect(told(yield* tell(tokens, say(id)))).toStrictEqual(isClosed)
      const again = yield* withConversation(name)
      expect(again.id).not.toBe(id)
      expect(yield* seen(again.id)).toMatchObject({ state: "OPEN", closeReason: undefined })
    })
  )

  it.effect.each(closings)("who closes by %s what is closed is told as much, and changes nothing", ([name, field]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(`closed ${name}`)
      yield* (yield* Simulator.Simulator).close(id)
      const before = yield* seen(id)
      const open = yield* withConversation(`closed ${name}`)
      expect(told(yield* tell(tokens, fields(id, field(id))))).toStrictEqual(resolved)
      expect(yield* seen(id)).toStrictEqual(before)
      expect(before?.closeReason).toBe("AGENT")
      expect((yield* seen(open.id))?.state).toBe("OPEN")
    })
  )

  it.effect.each(["FILLED", "PARTIALLY_FILLED", "SKIPPED"])("rates what is closed, and what is open: %s", (status) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(`rates ${status}`)
      expect((yield* seen(id))?.csat).toBeUndefined()
      const first = { ...csat, csatRate: 1, csatResolutionConfirmation: false, status }
      expect(told(yield* tell(tokens, fields(id, first)))).toStrictEqual(updated)
      expect(yield* seen(id)).toMatchObject({ state: "OPEN", csat: first })
      yield* tell(tokens, fields(id, closeState))
      expect(told(yield* tell(tokens, fields(id, { ...csat, status })))).toStrictEqual(updated)
      expect(yield* seen(id)).toMatchObject({ state: "CLOSE", csat: { ...csat, status } })
    })
  )

  it.effect("changes how urgent it is, and its skill", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("urgent")
      expect(yield* seen(id)).toMatchObject({ ttr: undefined, skillId: undefined })
      expect(told(yield* tell(tokens, fields(id, ttr)))).toStrictEqual(updated)
      expect(told(yield* tell(tokens, fields(id, skill)))).toStrictEqual(updated)
      expect(yield* seen(id)).toMatchObject({
        state: "OPEN",
        ttr: { ttrType: "URGENT", value: 600 },
        skillId: "277498214"
      })
      // As a number, as in D11.
      expect(told(yield* tell(tokens, fields(id, { ...skill, skill: -1 })))).toStrictEqual(updated)
      expect((yield* seen(id))?.skillId).toBe("-1")
    })
  )

  it.effect("begins with the urgency and the skill that were asked for", () =>
    Effect.gen(function* () {
      const { tokens } = yield* withConversation("asked")
      yield* (yield* Simulator.Simulator).close((yield* conversationsOf("asked"))[0]?.id ?? "")
      const asked = { ...request().body, ttrDefName: "PRIORITIZED", skillId: "7" }
      yield* post(tokens, [profile(), request({ body: asked })])
      expect((yield* conversationsOf("asked"))[1]).toMatchObject({ ttr: { ttrType: "PRIORITIZED" }, skillId: "7" })
    })
  )

  it.effect("changes several fields in their order", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("several")
      const several = [ttr, { ...ttr, ttrType: "NORMAL", value: 0 }, csat, closeStage]
      expect(told(yield* tell(tokens, fields(id, several)))).toStrictEqual(resolved)
      expect(yield* seen(id)).toMatchObject({
        state: "CLOSE",
        closeReason: "CONSUMER",
        csat,
        ttr: { ttrType: "NORMAL", value: 0 }
      })
    })
  )

  it.effect.each([
    ["the urgency", ttr],
    ["the skill", skill]
  ] as const)("cannot change %s of what is closed, not even in one request with closing it", ([name, field]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(`late ${name}`)
      const before = yield* seen(id)
      expect(told(yield* tell(tokens, fields(id, [closeState, field])))).toStrictEqual(isClosed)
      expect(told(yield* tell(tokens, fields(id, field)))).toStrictEqual(isClosed)
      expect(yield* seen(id)).toMatchObject({ state: "CLOSE", ttr: before?.ttr, skillId: before?.skillId })
    })
  )

  it.effect("cannot close a dialog that is not of the conversation", () =>
    Effect.gen(function* () {
      const other = yield* withConversation("another's dialog")
      const { id, tokens } = yield* withConversation("my dialog")
      for (const dialogId of ["nowhere", other.id]) {
        expect(told(yield* tell(tokens, fields(id, closeDialog(dialogId))))).toStrictEqual(rejected())
      }
      expect(yield* seen(id)).toMatchObject({ state: "OPEN" })
      expect(yield* seen(other.id)).toMatchObject({ state: "OPEN" })
    })
  )

  it.effect("cannot change a conversation that does not exist", () =>
    Effect.gen(function* () {
      const { tokens } = yield* withConversation("nothing to change")
      expect(told(yield* tell(tokens, fields("nowhere", closeState)))).toStrictEqual(rejected())
    })
  )

  it.effect.each<readonly [name: string, field: unknown]>([
    ["no field", undefined],
    ["an empty array", []],
    ["an unknown field", { field: "Mood", mood: "GOOD" }],
    ["ParticipantsChange, which is the agent's", { field: "ParticipantsChange", type: "ADD", role: "MANAGER" }],
    ["a state to open", { ...closeState, conversationState: "OPEN" }],
    ["CLOSED (D48)", { ...closeStage, conversationState: "CLOSED" }],
    ["no state", { field: "Stage" }],
    ["a dialog without its id", { ...closeDialog("x"), dialog: { state: "CLOSE" } }],
    ["a DialogChange without its type", { ...closeDialog("x"), type: undefined }],
    ["a rating of 0", { ...csat, csatRate: 0 }],
    ["a rating of 6", { ...csat, csatRate: 6 }],
    ["a rating without the confirmation", { ...csat, csatResolutionConfirmation: undefined }],
    ["a rating of another status", { ...csat, status: "DONE" }],
    ["a negative time to respond", { ...ttr, value: -1 }],
    ["another urgency", { ...ttr, ttrType: "SOON" }],
    ["a skillId in place of the skill (D11)", { ...skill, skill: undefined, skillId: "7" }],
    ["one good field and one bad", [closeState, { field: "Mood" }]]
  ])("makes no sense with %s", ([name, field]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(name)
      const before = yield* seen(id)
      expect(told(yield* tell(tokens, fields(id, field)))).toStrictEqual(senseless)
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )
})

/** A conversation in which something was said, and whose survey has begun. */
const surveyed = Effect.fnUntraced(function* (consumer: string) {
  const { id, tokens } = yield* withConversation(consumer)
  yield* tell(tokens, say(id, "One"))
  yield* tell(tokens, say(id, "Two"))
  expect(told(yield* tell(tokens, fields(id, closeDialog(id))))).toStrictEqual(resolved)
  const survey = (yield* seen(id))?.dialogs.find(({ dialogType }) => dialogType === "POST_SURVEY")?.dialogId ?? ""
  return { id, tokens, survey }
})

onSocket({ survey: true })("A survey", (it) => {
  it.effect("begins where MAIN ends, under an id of its own, while the conversation goes on (5.5)", () =>
    Effect.gen(function* () {
      const { id, survey, tokens } = yield* surveyed("survey begins")
      expect(survey).toMatch(/^.{1,64}$/)
      expect(survey).not.toBe(id)
      expect(yield* seen(id)).toMatchObject({
        state: "OPEN",
        closeReason: undefined,
        dialogs: [dialog(id, "MAIN", "CLOSE"), dialog(survey, "POST_SURVEY", "OPEN")]
      })
      expect(told(yield* tell(tokens, say(id)))).toStrictEqual(isClosed)
      const { body, status } = yield* post(tokens, [profile(), request()])
      expect(status).toBe(400)
      expect(body).toMatchObject([{}, { body: { msg: expect.stringContaining("already has open conversation") } }])
    })
  )

  it.effect("counts from 0, and takes the consumer's answers with their metadata", () =>
    Effect.gen(function* () {
      const { id, survey, tokens } = yield* surveyed("survey answers")
      const metadata = [{ type: "Answer", questionId: "q-1", id: "a-2", provider: "AC" }]
      const click = { type: "AcceptStatusEvent", status: "ACTION", sequenceList: [0] }
      for (const [event, changes, sequence] of [
        [click, { metadata }, 0],
        [text("Very good"), { metadata }, 1],
        [chatState("COMPOSING"), {}, 0],
        [text("Bye"), {}, 2]
      ] as const) {
        const answer = publishEvent({ dialogId: survey, conversationId: id, event }, changes)
        expect(told(yield* tell(tokens, answer))).toStrictEqual(accepted({ sequence }))
      }
      const state = yield* seen(id)
      expect(state?.events.slice(2)).toMatchObject([
        { dialogId: survey, sequence: 0, event: click, metadata },
        { dialogId: survey, sequence: 1, event: text("Very good"), metadata },
        { dialogId: survey, sequence: undefined },
        { dialogId: survey, sequence: 2, metadata: [] }
      ])
      expect(state?.messages.map(({ text }) => text)).toEqual(["One", "Two"])
      expect(state?.typing).toBe(false)
    })
  )

  it.effect("ends the conversation with it", () =>
    Effect.gen(function* () {
      const { id, survey, tokens } = yield* surveyed("survey ends")
      expect(told(yield* tell(tokens, fields(id, closeDialog(id))))).toStrictEqual(resolved)
      expect((yield* seen(id))?.dialogs).toHaveLength(2)
      expect(told(yield* tell(tokens, fields(id, closeDialog(survey))))).toStrictEqual(resolved)
      expect(yield* seen(id)).toMatchObject({
        state: "CLOSE",
        closeReason: "CONSUMER",
        dialogs: [dialog(id, "MAIN", "CLOSE"), dialog(survey, "POST_SURVEY", "CLOSE")]
      })
      expect(told(yield* tell(tokens, say(survey)))).toStrictEqual(isClosed)
      expect((yield* post(tokens, [profile(), request()])).status).toBe(200)
    })
  )

  it.effect("is another consumer's to answer or to close as little as the conversation is (1.5)", () =>
    Effect.gen(function* () {
      const { id, survey } = yield* surveyed("survey's owner")
      const before = yield* seen(id)
      const eve = yield* withConversation("survey's Eve")
      expect((yield* tell(eve.tokens, say(survey))).status).toBe(401)
      expect((yield* tell(eve.tokens, fields(id, closeDialog(survey)))).status).toBe(401)
      expect((yield* tell(eve.tokens, fields(eve.id, closeDialog(survey)))).status).toBe(400)
      expect(yield* seen(id)).toStrictEqual(before)
    })
  )

  it.effect.each([
    ["ConversationStateField", closeState],
    ["Stage", closeStage]
  ] as const)("does not begin where %s closes everything, and ends where it had begun (D54)", ([name, field]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(`no survey by ${name}`)
      expect(told(yield* tell(tokens, fields(id, field)))).toStrictEqual(resolved)
      expect(yield* seen(id)).toMatchObject({ state: "CLOSE", dialogs: [dialog(id, "MAIN", "CLOSE")] })

      const begun = yield* surveyed(`survey ended by ${name}`)
      expect(told(yield* tell(begun.tokens, fields(begun.id, field)))).toStrictEqual(resolved)
      expect(yield* seen(begun.id)).toMatchObject({
        state: "CLOSE",
        closeReason: "CONSUMER",
        dialogs: [dialog(begun.id, "MAIN", "CLOSE"), dialog(begun.survey, "POST_SURVEY", "CLOSE")]
      })
    })
  )

  it.effect("does not begin where the agent closes everything, and ends where it had begun", () =>
    Effect.gen(function* () {
      const { close } = yield* Simulator.Simulator
      const { id } = yield* withConversation("agent")
      yield* close(id)
      expect(yield* seen(id)).toMatchObject({ closeReason: "AGENT", dialogs: [dialog(id, "MAIN", "CLOSE")] })
      const begun = yield* surveyed("agent in survey")
      yield* close(begun.id)
      expect(yield* seen(begun.id)).toMatchObject({ state: "CLOSE", closeReason: "AGENT" })
    })
  )
})
