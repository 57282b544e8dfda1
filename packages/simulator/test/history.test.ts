import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { operator } from "./operators.ts"
import {
  accountId,
  conversationsOf,
  lpConsumerId,
  onSocket,
  post,
  profile,
  publishEvent,
  request,
  say,
  send,
  signIn,
  tell,
  updateField,
  withConversation
} from "./support.ts"

const time = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000$/)
const at = { time, timeL: expect.any(Number) }

const Answered = Schema.Struct({
  _metadata: Schema.Struct({ count: Schema.Number }),
  conversationHistoryRecords: Schema.Array(Schema.Record(Schema.String, Schema.Json))
})

/** The records of a conversation. */
const recordsOf = Effect.fnUntraced(function* (conversationId: string, contentToRetrieve?: ReadonlyArray<string>) {
  const { history } = yield* operator
  const { body, status } = yield* send(history({ conversationId, ...(contentToRetrieve && { contentToRetrieve }) }))
  expect(status).toBe(200)
  const { _metadata, conversationHistoryRecords } = Schema.decodeUnknownSync(Answered)(body)
  expect(_metadata.count).toBe(conversationHistoryRecords.length)
  return conversationHistoryRecords
})

const card = { type: "vertical", elements: [{ type: "text", text: "A card" }] }
const replies = { type: "quickReplies", itemsPerRow: 1, replies: [{ type: "button", title: "Yes", click: {} }] }
const file = { caption: "", relativePath: "/v1/AUTH_async-images/a.png", fileType: "PNG" }
const invitation = { invitationId: "1", title: "Card number", formId: "2" }
const intent = { type: "ActionReason", reason: "some reason" }

onSocket({ survey: true })("The history", (it) => {
  it.effect("tells what was said in a conversation, by whom, and what became of it", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { id, tokens } = yield* withConversation("remembered")
      const agent = simulator.agent(id, "agent-7")
      yield* tell(tokens, say(id, "Größe 🧪"))
      yield* tell(tokens, publishEvent({ dialogId: id, event: { type: "ChatStateEvent", chatState: "PAUSE" } }))
      yield* tell(tokens, {
        ...publishEvent({ dialogId: id, event: { type: "ContentEvent", contentType: "hosted/file", message: file } }),
        metadata: [intent]
      })
      yield* agent.join
      yield* agent.read([0])
      yield* agent.send({ type: "ContentEvent", contentType: "text/plain", message: "Hello", quickReplies: replies })
      yield* agent.send({ type: "RichContentEvent", content: card, quickReplies: replies })
      yield* agent.send({ type: "ContentEvent", contentType: "forms/secure-invitation", message: invitation })
      yield* tell(
        tokens,
        publishEvent({ dialogId: id, event: { type: "AcceptStatusEvent", status: "ACCEPT", sequenceList: [3, 4] } })
      )

      const consumer = lpConsumerId(tokens.consumer)
      const said = (seq: number, participantId: string, sentBy: string, type: string, messageData: object) => ({
        type,
        messageData,
        messageId: `ms::dialog:${id}::msg:${seq}`,
        audience: "ALL",
        seq,
        dialogId: id,
        participantId,
        ...at,
        sentBy
      })
      const became = (seq: number, participantId: string, participantType: string, messageDeliveryStatus: string) => ({
        messageId: `ms::dialog:${id}::msg:${seq}`,
        seq,
        dialogId: id,
        ...at,
        participantId,
        participantType,
        messageDeliveryStatus
      })
      const quickReplies = { content: JSON.stringify(replies) }
      const [record, ...others] = yield* recordsOf(id)
      expect(others).toStrictEqual([])
      expect(record?.["messageRecords"]).toStrictEqual([
        said(0, consumer, "Consumer", "TEXT_PLAIN", { msg: { text: "Größe 🧪" } }),
        {
          ...said(1, consumer, "Consumer", "HOSTED_FILE", { file }),
          contextData: { rawMetadata: JSON.stringify([intent]) }
        },
        said(3, "agent-7", "Agent", "TEXT_PLAIN", { msg: { text: "Hello" }, quickReplies }),
        said(4, "agent-7", "Agent", "RICH_CONTENT", { richContent: { content: JSON.stringify(card) }, quickReplies }),
        said(5, "agent-7", "Agent", "SECURE_FORM_INVITATION", { formInvitation: invitation })
      ])
      expect(record?.["messageStatuses"]).toStrictEqual([
        became(0, "agent-7", "Agent", "READ"),
        became(3, consumer, "Consumer", "ACCEPT"),
        became(4, consumer, "Consumer", "ACCEPT")
      ])
    })
  )

  it.effect("tells what a conversation is and who takes part in it", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const tokens = yield* signIn("described")
      const privateData = { mail: "ada@example.com", mobileNum: "+15550100" }
      yield* post(tokens, [
        profile({ body: { firstName: "Ada", lastName: "Lovelace", avatarUrl: "http://a.example/a.png", privateData } }),
        request({
          body: {
            brandId: accountId,
            skillId: 12,
            campaignInfo: { campaignId: 123, engagementId: "456" },
            conversationContext: { type: "SharkContext", interactionContextId: 2 }
          }
        })
      ])
      const [{ id } = { id: "" }] = yield* conversationsOf("described")
      const [waiting] = yield* recordsOf(id)
      expect(waiting).toMatchObject({
        info: {
          conversationId: id,
          brandId: accountId,
          status: "OPEN",
          fullDialogStatus: "OPEN",
          startTime: time,
          endTime: "undefined",
          endTimeL: -1,
          latestSkillId: 12,
          latestQueueState: "IN_QUEUE",
          source: "SHARK",
          isPartial: false
        },
        campaign: { campaignId: "123", campaignEngagementId: "456" },
        consumerParticipants: [
          {
            participantId: lpConsumerId(tokens.consumer),
            firstName: "Ada",
            lastName: "Lovelace",
            consumerName: "Ada Lovelace",
            email: "ada@example.com",
            phone: "+15550100",
            avatarURL: "http://a.example/a.png"
          }
        ],
        agentParticipants: [],
        messageRecords: [],
        messageStatuses: [],
        transfers: []
      })
      expect(waiting?.["info"]).not.toHaveProperty("closeReason")

      yield* simulator.agent(id, "agent-7").join
      const [taken] = yield* recordsOf(id)
      expect(taken).toMatchObject({
        info: { latestAgentId: "agent-7", latestQueueState: "ACTIVE" },
        agentParticipants: [{ agentId: "agent-7", permission: "ASSIGNED_AGENT" }]
      })
    })
  )

  it.effect("tells the end of the MAIN dialog, of the survey after it, and the rating", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { id, tokens } = yield* withConversation("ended")
      const dialog = { dialogId: id, state: "CLOSE" }
      const closing = { field: "DialogChange", type: "UPDATE", dialog }
      yield* tell(tokens, updateField({ conversationId: id, conversationField: closing }))
      const [surveyed] = yield* recordsOf(id)
      expect(surveyed).toMatchObject({ info: { status: "CLOSE", fullDialogStatus: "OPEN", endTimeL: -1 } })

      yield* simulator.agent(id).close
      const rating = { field: "CSATRate", csatRate: 4, csatResolutionConfirmation: true, status: "FILLED" }
      yield* tell(tokens, updateField({ conversationId: id, conversationField: rating }))
      const [ended] = yield* recordsOf(id)
      expect(ended).toMatchObject({
        info: { status: "CLOSE", fullDialogStatus: "CLOSE", endTime: time, closeReason: "AGENT", csatRate: 4 }
      })
      const { duration, endTimeL, startTimeL } = Schema.decodeUnknownSync(
        Schema.Struct({ duration: Schema.Number, endTimeL: Schema.Number, startTimeL: Schema.Number })
      )(ended?.["info"])
      expect(duration).toBe(endTimeL - startTimeL)
    })
  )

  it.effect("tells those parts that it is asked for, beside what a conversation is", () =>
    Effect.gen(function* () {
      const { id } = yield* withConversation("in part")
      const [record] = yield* recordsOf(id, ["messageRecords", "transfers", "unheardOf"])
      expect(Object.keys(record ?? {}).toSorted()).toStrictEqual(["info", "messageRecords", "transfers"])
    })
  )

  it.effect("has no records of a conversation that it does not know, and refuses what names none", () =>
    Effect.gen(function* () {
      expect(yield* recordsOf("unknown")).toStrictEqual([])
      const { history } = yield* operator
      for (const body of [{}, { conversationId: "" }, { conversationId: "a", contentToRetrieve: "transfers" }, "{"]) {
        expect((yield* send(history(body))).status).toBe(400)
      }
    })
  )
})
