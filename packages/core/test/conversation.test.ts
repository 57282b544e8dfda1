import { Connector, Conversation, Protocol, SendApi } from "@effect-liveperson/core"
import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Option, Schema } from "effect"
import { connectorOn, opened, Wire } from "./support.ts"

/** The parts a conversation can be piped from, each present or not. */
const parts = Arbitrary.all({
  profile: Arbitrary.schema(Protocol.UserProfile),
  customerInfo: Arbitrary.schema(Schema.Option(Protocol.CustomerInfo.fields.info)),
  personalInfo: Arbitrary.schema(Schema.Option(Protocol.PersonalInfo.fields.personal)),
  campaign: Arbitrary.schema(Schema.Option(Protocol.CampaignInfo)),
  context: Arbitrary.schema(Schema.Option(Protocol.SharkContext)),
  skill: Arbitrary.schema(Schema.Option(Schema.String)),
  urgency: Arbitrary.schema(Schema.Option(Schema.NullOr(Protocol.TtrDefName))),
  brand: Arbitrary.schema(Schema.Option(Schema.NonEmptyString)),
  message: Arbitrary.schema(Schema.Option(Schema.String))
})

type Parts = typeof parts extends Arbitrary.Arbitrary<infer A> ? A : never
type Step = (self: Conversation.Conversation<Conversation.Opened>) => Conversation.Conversation<Conversation.Opened>

const stepsOf = (parts: Parts): ReadonlyArray<Step> =>
  [
    Option.map(parts.customerInfo, (info): Step => Conversation.withCustomerInfo(info)),
    Option.map(parts.personalInfo, (info): Step => Conversation.withPersonalInfo(info)),
    Option.map(parts.campaign, (info): Step => Conversation.withCampaign(info)),
    Option.map(parts.context, (info): Step => Conversation.withContext(info)),
    Option.map(parts.skill, (id): Step => Conversation.withSkill(id)),
    Option.map(parts.urgency, (ttr): Step => Conversation.withUrgency(ttr)),
    Option.map(parts.brand, (id): Step => Conversation.withBrand(id)),
    Option.map(parts.message, (text): Step => Conversation.withMessage(text))
  ].flatMap(Option.toArray)

const piped = (parts: Parts, steps = stepsOf(parts)) =>
  steps.reduce((conversation, step) => step(conversation), Conversation.make(parts.profile))

const tooLong = (parts: Parts) => JSON.stringify(parts).length > 4_000

let consumers = 0
const someone = () => Connector.onBehalfOf(`consumer-${consumers++}`)

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

it.layer(Connector.layer(Simulator.credentials).pipe(Layer.provideMerge(Simulator.layer())))((it) => {
  it.effect("the first message carries its metadata, and another one that is piped later none of it", () =>
    Effect.gen(function* () {
      const metadata = [{ type: "ExternalId", id: "message-1" }] as const
      const tagged = Conversation.make().pipe(Conversation.withMessage("Hi", { metadata }))
      const simulator = yield* Simulator.Simulator
      for (const [conversation, expected] of [
        [tagged, metadata],
        [tagged.pipe(Conversation.withMessage("Hello")), []]
      ] as const) {
        const { id } = yield* conversation.pipe(Connector.open, someone())
        expect((yield* simulator.conversation(id))?.events[0]?.metadata).toEqual(expected)
      }
    })
  )

  it.effect.prop("any valid conversation opens, and the agent sees what was asked for", [parts], ([parts]) =>
    Effect.gen(function* () {
      if (tooLong(parts)) return
      const { id } = yield* piped(parts).pipe(Connector.open, someone())
      const simulator = yield* Simulator.Simulator
      const seen = (yield* simulator.conversations).find((conversation) => conversation.id === id)
      expect(seen?.messages.map(({ text }) => text)).toEqual(Option.toArray(parts.message))
      expect(seen?.request.brandId).toBe(Option.getOrElse(parts.brand, () => Simulator.credentials.accountId))
      expect(seen?.request.ttrDefName).toBe(Option.getOrUndefined(parts.urgency))
      expect(seen?.request.skillId).toBe(Option.getOrUndefined(parts.skill))
      expect(seen?.profile.firstName).toBe(parts.profile.firstName)
      expect(seen?.profile.authenticatedData?.lp_sdes?.length ?? 0).toBe(
        (parts.profile.authenticatedData?.lp_sdes?.length ?? 0) +
          Option.toArray(parts.customerInfo).length +
          Option.toArray(parts.personalInfo).length
      )
    })
  )

  it.effect.prop("any batch is understood, and answered one for one", [Protocol.Batch], ([batch]) =>
    Effect.gen(function* () {
      if (JSON.stringify(batch).length > 4_000) return
      const answers = yield* SendApi.conversation(batch).pipe(someone())
      expect(answers.length).toBe(batch.length)
      const simulator = yield* Simulator.Simulator
      const seen = (yield* simulator.conversations).find(({ id }) => id === answers[1].conversationId)
      expect(asJson(seen?.profile)).toEqual(asJson(batch[0].body))
      expect(asJson(seen?.request)).toEqual(asJson(batch[1].body))
      expect(seen?.messages).toEqual(batch[2] === undefined ? [] : [{ sequence: 0, text: batch[2].body.event.message }])
    })
  )

  it.effect("with a first message carries its sequence, and without has none", () =>
    Effect.gen(function* () {
      const silent = yield* Conversation.make().pipe(Connector.open, someone())
      const speaking = yield* Conversation.make().pipe(Conversation.withMessage("Hi"), Connector.open, someone())
      expect(Object.keys(silent)).toEqual(["id", "dialogId"])
      expect(silent.dialogId).toBe(silent.id)
      expect(speaking).toEqual({ id: speaking.id, dialogId: speaking.id, sequence: 0 })
    })
  )

  it.effect("a second one of a consumer who has one open is refused, and the first goes on", () =>
    Effect.gen(function* () {
      const as = Connector.onBehalfOf("twice")
      const first = yield* Conversation.make().pipe(Connector.open, as)
      const reason = yield* Conversation.make().pipe(
        Connector.open,
        Effect.catchReason("RequestRejected", "ConversationAlreadyOpen", (reason) => Effect.succeed(reason._tag)),
        as
      )
      expect(reason).toBe("ConversationAlreadyOpen")
      const simulator = yield* Simulator.Simulator
      const mine = (yield* simulator.conversations).filter(({ consumer }) => consumer === "twice")
      expect(mine.map(({ id, state }) => [id, state])).toEqual([[first.id, "OPEN"]])
    })
  )
})

/** What a conversation is sent as. */
const sent = (conversation: Conversation.Conversation<Conversation.Opened>) =>
  Effect.gen(function* () {
    yield* conversation.pipe(Connector.open, someone())
    return (yield* Wire).seen.map(({ body }) => body)
  }).pipe(Effect.provide(connectorOn(opened)))

describe("however it is piped", () => {
  const shuffled = Arbitrary.all({ parts, order: Arbitrary.schema(Schema.Array(Schema.Natural)) })

  it.effect.prop("the same bytes are sent, in LivePerson's order", [shuffled], ([{ order, parts }]) =>
    Effect.gen(function* () {
      if (tooLong(parts)) return
      const steps = stepsOf(parts)
      const reordered = steps
        .map((step, index) => ({ step, key: order[index] ?? -index }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ step }) => step)
      const bodies = yield* sent(piped(parts))
      expect(yield* sent(piped(parts, reordered))).toEqual(bodies)
      expect(yield* sent(piped(parts, [...steps, ...reordered]))).toEqual(bodies)
      const types = [...(bodies[0] ?? "").matchAll(/"id":"\d","type":"([\w.]+)"/g)].map((match) => match[1])
      expect(types).toEqual(
        ["userprofile.SetUserProfile", "cm.ConsumerRequestConversation", "ms.PublishEvent"].slice(
          0,
          Option.isSome(parts.message) ? 3 : 2
        )
      )
    })
  )

  it.effect("it is a value: piping it on leaves it as it was", () =>
    Effect.gen(function* () {
      const plain = Conversation.make({ firstName: "Ada" })
      const before = yield* sent(plain)
      plain.pipe(Conversation.withMessage("Hi"), Conversation.withSkill("1"), Conversation.withUrgency("URGENT"))
      expect(yield* sent(plain)).toEqual(before)
    })
  )
})
