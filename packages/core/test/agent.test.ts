import { Connector, Conversation, Message, Monitoring, Protocol, Retry, SendApi } from "@effect-liveperson/core"
import { Fault, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"

let consumers = 0
const someone = () => Connector.onBehalfOf(`agent-${consumers++}`)

/** The conversation as the agent sees it. */
const seen = (id: string) =>
  Simulator.Simulator.use((simulator) =>
    Effect.map(simulator.conversations, (all) => all.find((conversation) => conversation.id === id))
  )

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const opened = Conversation.make({ firstName: "Ada" }).pipe(Connector.open)

const survey = { survey: true, engagement: { campaignId: 99_999, engagementId: 888_888 } }

it.layer(Connector.layer(Simulator.credentials).pipe(Layer.provideMerge(Simulator.layer(survey))))((it) => {
  const request = Schema.Struct({
    event: Protocol.PublishedEvent,
    metadata: Schema.optionalKey(Schema.Array(Protocol.Metadata))
  })

  it.effect.prop("whatever can be said is understood, and seen as it was said", [request], ([message]) =>
    Effect.gen(function* () {
      const { event, metadata } = message
      if (JSON.stringify(message).length > 4_000) return
      if (event.type === "AcceptStatusEvent" && event.status === "ACTION" && !metadata?.length) return
      const { id } = yield* opened
      const sent = yield* Connector.send(id, message)
      const agent = yield* seen(id)
      expect(asJson(agent?.events.map(({ dialogId, event }) => ({ dialogId, event })))).toEqual(
        asJson([{ dialogId: id, event }])
      )
      expect(asJson(agent?.events[0]?.metadata ?? [])).toEqual(asJson(metadata ?? []))
      expect(sent.sequence).toBe(0)
    }).pipe(someone())
  )

  it.effect.prop(
    "whatever can be changed is understood",
    [Protocol.UpdateConversationField.body],
    ([{ conversationField }]) =>
      Effect.gen(function* () {
        const { id } = yield* opened
        const fields = Array.isArray(conversationField) ? conversationField : [conversationField]
        const closes = (field: Protocol.ConversationField) => !["CSATRate", "TTRField", "Skill"].includes(field.field)
        const closing = fields
          .filter(closes)
          .slice(0, 1)
          .map((field) =>
            field.field === "DialogChange" ? { ...field, dialog: { ...field.dialog, dialogId: id } } : field
          )
        const [first, ...rest] = [...fields.filter((field) => !closes(field)), ...closing]
        if (first === undefined || JSON.stringify(fields).length > 4_000) return
        yield* Connector.update(id, rest.length === 0 ? first : [first, ...rest])
        const agent = yield* seen(id)
        // A survey starts when the MAIN dialog is closed by itself, and keeps the conversation open.
        expect(agent?.state).toBe(closing.some(({ field }) => field !== "DialogChange") ? "CLOSE" : "OPEN")
        expect(agent?.csat).toEqual(fields.findLast(({ field }) => field === "CSATRate"))
        const ttr = fields.findLast((field) => field.field === "TTRField")
        expect(agent?.ttr).toEqual(ttr && { ttrType: ttr.ttrType, value: ttr.value })
        expect(agent?.skillId).toBe(fields.findLast((field) => field.field === "Skill")?.skill)
      }).pipe(someone())
  )

  it.effect.prop("a profile is seen as it was last set", [Protocol.UserProfile], ([profile]) =>
    Effect.gen(function* () {
      if (JSON.stringify(profile).length > 4_000) return
      const { id } = yield* opened
      yield* Connector.setProfile(profile)
      expect(asJson((yield* seen(id))?.profile)).toEqual(asJson(profile))
    }).pipe(someone())
  )

  describe("a conversation", () => {
    it.effect("numbers what is said and received, and not what is only being done", () =>
      Effect.gen(function* () {
        const conversation = yield* Conversation.make().pipe(Conversation.withMessage("first"), Connector.open)
        const sequences = [
          conversation.sequence,
          (yield* Connector.send(conversation, Message.chatState("COMPOSING"))).sequence,
          (yield* Connector.send(conversation, Message.text("second"))).sequence,
          (yield* Connector.read(conversation, [0])).sequence,
          (yield* Connector.send(conversation, Message.card({ title: "third" }))).sequence
        ]
        expect(sequences).toEqual([0, 0, 1, 2, 3])
      }).pipe(someone())
    )

    it.effect("is typing while the scope is open, and not a moment longer", () =>
      Effect.gen(function* () {
        const { id } = yield* opened
        const during = yield* Effect.andThen(Connector.typing(id), seen(id)).pipe(Effect.scoped)
        expect(during?.typing).toBe(true)
        expect((yield* seen(id))?.typing).toBe(false)
      }).pipe(someone())
    )

    it.effect("takes nothing more when it is closed, and can be rated then", () =>
      Effect.gen(function* () {
        const { id } = yield* opened
        yield* Connector.close(id)
        const reason = yield* Connector.send(id, Message.text("Too late")).pipe(
          Effect.catchReason("RequestRejected", "ConversationClosed", ({ _tag }) => Effect.succeed(_tag))
        )
        expect(reason).toBe("ConversationClosed")
        yield* Connector.rate(id, { stars: 4, resolved: false, partially: true })
        expect(yield* seen(id)).toMatchObject({
          state: "CLOSE",
          closeReason: "CONSUMER",
          csat: { csatRate: 4, csatResolutionConfirmation: false, status: "PARTIALLY_FILLED" }
        })
      }).pipe(someone())
    )

    it.effect("is surveyed in a dialog of its own when its MAIN dialog is closed", () =>
      Effect.gen(function* () {
        const conversation = yield* opened
        yield* Connector.closeDialog(conversation)
        const dialog = (yield* seen(conversation.id))?.dialogs.find(({ dialogType }) => dialogType === "POST_SURVEY")
        expect(dialog?.state).toBe("OPEN")
        const target = { id: conversation.id, dialogId: dialog?.dialogId ?? "" }
        expect((yield* Connector.send(target, Message.quickReply("5", { id: "q1" }))).sequence).toBe(0)
        yield* Connector.closeDialog(target)
        expect((yield* seen(conversation.id))?.state).toBe("CLOSE")
      }).pipe(someone())
    )

    it.effect("takes a picture, and gives it back", () =>
      Effect.gen(function* () {
        const { id } = yield* opened
        const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)
        const stream = Stream.fromIterable([bytes.subarray(0, 40_000), bytes.subarray(40_000)])
        const sent = yield* Connector.sendFile(id, { type: "PNG", stream, size: bytes.length })
        const simulator = yield* Simulator.Simulator
        expect(yield* simulator.file(sent.relativePath)).toEqual(bytes)
        expect(yield* Stream.mkUint8Array(Connector.downloadFile(sent.relativePath))).toEqual(bytes)
      }).pipe(someone())
    )

    it.effect("is opened with what the Monitoring API said of the visit", () =>
      Effect.gen(function* () {
        const engagement = yield* Monitoring.engagement()
        expect(engagement).toMatchObject({ campaignId: "99999", engagementId: "888888" })
        const { id } = yield* Conversation.make().pipe(Conversation.withCampaign(engagement), Connector.open)
        expect((yield* seen(id))?.request).toMatchObject({
          campaignInfo: { campaignId: "99999", engagementId: "888888" },
          conversationContext: { visitorId: engagement.visitorId, sessionId: engagement.sessionId }
        })
        const again = yield* Monitoring.engagement({ previous: engagement })
        expect(again).toMatchObject({ visitorId: engagement.visitorId, sessionId: engagement.sessionId })
      }).pipe(someone())
    )

    it.effect("has its client's properties told with everything that is sent in it", () =>
      Effect.gen(function* () {
        const { id } = yield* opened
        yield* Connector.send(id, Message.text("x"))
        const agent = yield* seen(id)
        expect(agent?.clientProperties).toEqual({ type: ".ClientProperties", features: ["RICH_CONTENT"] })
        expect(agent?.events[0]?.clientProperties).toEqual(agent?.clientProperties)
      }).pipe(Connector.withClientProperties({ features: ["RICH_CONTENT"] }), someone())
    )
  })

  describe("a message whose answer was lost", () => {
    const lost = (message: Message.Message) =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id } = yield* opened
        yield* simulator.fault("send", Fault.drop({ processed: true }))
        const error = yield* Effect.flip(Connector.send(id, message))
        expect(error).toMatchObject({ _tag: "TransportError", processed: "unknown" })
        return (yield* seen(id))?.events.length
      })

    it.effect("is seen once, because it is not sent again", () =>
      Effect.gen(function* () {
        expect(yield* lost(Message.text("once"))).toBe(1)
        expect(yield* lost(Message.card({ title: "once" })).pipe(someone())).toBe(1)
      }).pipe(someone())
    )
  })

  it.effect("a conversation that was opened is not lost, though its first message was refused", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const body = [
        { code: "OK", body: { msg: "OK" }, reqId: "1" },
        { code: "OK", body: { conversationId: "c-77" }, reqId: "2" },
        { code: "BAD_REQUEST", body: { msg: "No" }, reqId: "3" }
      ]
      yield* simulator.fault("conversation", Fault.status(200, { body }))
      const error = yield* Conversation.make().pipe(Conversation.withMessage("x"), Connector.open, Effect.flip)
      expect(error).toMatchObject({ _tag: "RequestRejected", payload: "ms.PublishEvent" })
      expect(error._tag === "RequestRejected" ? error.conversationId : undefined).toBe("c-77")
    }).pipe(Retry.off, someone())
  )

  it.effect("another consumer's conversation is refused", () =>
    Effect.gen(function* () {
      const { id } = yield* opened.pipe(someone())
      const error = yield* Effect.flip(Connector.send(id, Message.text("x")).pipe(someone()))
      expect(error._tag).toBe("Unauthorized")
      expect((yield* seen(id))?.events).toEqual([])
    })
  )

  it.effect("the wire is there for those who want it", () =>
    Effect.gen(function* () {
      const url = yield* SendApi.send(
        Protocol.GenerateURLForUploadFile.request.make({
          id: Protocol.RequestId.make("9"),
          body: { fileSize: 3, fileType: "PNG" }
        })
      )
      expect(url.relativePath).toMatch(/^\//)
    }).pipe(someone())
  )
})
