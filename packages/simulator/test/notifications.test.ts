import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { all, conversation, type Heard, listener, opened, settle } from "./hooks.ts"
import { accountId, chatState, clientId, lpConsumerId, publishEvent, say, text, updateField } from "./support.ts"

const origin = "https://connector.test"

const jsonOf = (heard: ReadonlyArray<Heard>, key: string) =>
  heard.filter(({ url }) => url === `${origin}/${key}`).map(({ json }) => json)

/** A notification of what happened in a dialog, literally. */
const happened = (sentTs: number, change: object) => ({
  kind: "notification",
  type: "ms.MessagingEventNotification",
  body: { changes: [change], sentTs }
})

/** A notification of a conversation as it is, literally. */
const changed = (sentTs: number, convId: string, effectiveTTR: number, conversationDetails: object) => ({
  kind: "notification",
  type: "cqm.ExConversationChangeNotification",
  body: {
    subscriptionId: "simulator-subscription",
    changes: [{ type: "UPSERT", result: { convId, effectiveTTR, conversationDetails } }],
    sentTs
  }
})

/** A story on a simulator of its own, and what its webhooks heard of it. */
const story = <A, E>(
  tell: Effect.Effect<A, E, Simulator.Simulator | HttpClient.HttpClient>,
  options: Simulator.Options = {}
) => {
  const { deliver, heard } = listener()
  return tell.pipe(
    Effect.tap(settle),
    Effect.map((told) => ({ told, heard })),
    Effect.provide(Simulator.layer({ webhooks: all(origin), deliver, ...options }))
  )
}

const agent = { id: "simulator-agent", role: "ASSIGNED_AGENT" }
const active = <A extends object>(person: A) => ({ ...person, state: "ACTIVE" })

/** A conversation of which nothing is known but its consumer: as it is created, at zero. */
const details = (id: string, token: string) => {
  const consumer = { id: lpConsumerId(token), role: "CONSUMER" }
  return {
    consumer,
    main: {
      dialogId: id,
      participantsDetails: [active(consumer)],
      dialogType: "MAIN",
      channelType: "MESSAGING",
      state: "OPEN",
      creationTs: 0,
      metaDataLastUpdateTs: 0
    },
    created: {
      skillId: "-1",
      participants: [consumer],
      brandId: accountId,
      state: "OPEN",
      stage: "OPEN",
      startTs: 0,
      metaDataLastUpdateTs: 0,
      firstConversation: true,
      ttr: { ttrType: "NORMAL", value: 600 },
      conversationHandlerDetails: { accountId, skillId: "-1" }
    }
  }
}

describe("A notification of a change", () => {
  it.effect("that is a conversation's creation says that it is open, and that its consumer is alone in it (5.5)", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(opened("Ada"))
      const { created, main } = details(told.id, told.token)
      expect(jsonOf(heard, conversation)).toStrictEqual([changed(0, told.id, 600_000, { ...created, dialogs: [main] })])
    })
  )

  it.effect("carries what the consumer asked for: numbers where numbers were, context, urgency, skill", () =>
    Effect.gen(function* () {
      const clientProperties = { type: ".ClientProperties", appId: "a-1", features: ["RICH_CONTENT"] }
      const context = { visitorId: "v", sessionId: "s", interactionContextId: "2", type: "SharkContext", lang: "en-US" }
      const asked = {
        ttrDefName: "URGENT",
        campaignInfo: { campaignId: "99999", engagementId: "e-88888" },
        conversationContext: context,
        skillId: "4129463410"
      }
      const header = { "Client-Properties": JSON.stringify(clientProperties) }
      const { heard, told } = yield* story(opened("Ada", asked, header))
      const { created, main } = details(told.id, told.token)
      expect(jsonOf(heard, conversation)).toStrictEqual([
        changed(0, told.id, 300_000, {
          ...created,
          dialogs: [main],
          ttr: { ttrType: "URGENT", value: 300 },
          skillId: "4129463410",
          conversationHandlerDetails: { accountId, skillId: "4129463410" },
          campaignInfo: { campaignId: 99_999, engagementId: "e-88888" },
          context: { ...context, clientProperties }
        })
      ])
    })
  )

  it.effect.each([
    [null, "NORMAL", 600],
    ["NORMAL", "NORMAL", 600],
    ["CUSTOM", "CUSTOM", 600],
    ["PRIORITIZED", "PRIORITIZED", 450],
    ["URGENT", "URGENT", 300]
  ] as const)(
    "of what was asked for as %s is %s, and says that an answer is due in %i seconds",
    ([asked, ttrType, value]) =>
      Effect.gen(function* () {
        const { heard } = yield* story(opened("Ada", { ttrDefName: asked }))
        expect(jsonOf(heard, conversation)).toMatchObject([
          {
            body: {
              changes: [{ result: { effectiveTTR: value * 1000, conversationDetails: { ttr: { ttrType, value } } } }]
            }
          }
        ])
      })
  )

  it.effect("that is an agent's joining has them in the conversation and in its dialog", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const { agent } = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* TestClock.adjust("1 minute")
          yield* agent(ada.id).join
          yield* agent(ada.id).join
          return ada
        })
      )
      const { consumer, created, main } = details(told.id, told.token)
      const dialog = { ...main, participantsDetails: [active(consumer), active(agent)], metaDataLastUpdateTs: 60_000 }
      const now = { participants: [consumer, agent], dialogs: [dialog], metaDataLastUpdateTs: 60_000 }
      expect(jsonOf(heard, conversation).slice(1)).toStrictEqual([
        changed(60_000, told.id, 600_000, { ...created, ...now })
      ])
    })
  )

  it.effect.each(["the agent", "the consumer's side"])("that is a transfer by %s has the agent gone", (who) =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          const agent = simulator.agent(ada.id)
          yield* agent.join
          const field = { field: "Skill", type: "UPDATE", skill: "7" }
          if (who === "the agent") yield* agent.transfer("7")
          else yield* ada.tell(updateField({ conversationId: ada.id, conversationField: field }))
          return ada
        })
      )
      const { created, main } = details(told.id, told.token)
      const skill = { skillId: "7", conversationHandlerDetails: { accountId, skillId: "7" } }
      const now = { ...skill, dialogs: [{ ...main, metaDataLastUpdateTs: 2 }], metaDataLastUpdateTs: 2 }
      expect(jsonOf(heard, conversation).slice(2)).toStrictEqual([changed(0, told.id, 600_000, { ...created, ...now })])
    })
  )

  it.effect.each([
    ["the agent", "AGENT", "Closed by agent"],
    ["the agent, all at once", "AGENT", "Closed by agent"],
    ["the consumer", "CONSUMER", "Closed by consumer"]
  ] as const)("that is a close by %s says so, and that no answer is due (5.5)", ([who, by, closedCause]) =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const { agent, close } = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* TestClock.adjust("1 minute")
          const field = { field: "ConversationStateField", conversationState: "CLOSE" }
          const closing = ada.tell(updateField({ conversationId: ada.id, conversationField: field }))
          if (who === "the agent") yield* agent(ada.id).close
          else yield* who === "the consumer" ? closing : close(ada.id)
          // What is closed already does not change.
          yield* closing
          yield* close(ada.id)
          return ada
        })
      )
      const { created, main } = details(told.id, told.token)
      const end = { endTs: 60_000, metaDataLastUpdateTs: 60_000 }
      const dialog = { ...main, ...end, state: "CLOSE", closedBy: by, closedCause }
      const now = { ...end, dialogs: [dialog], state: "CLOSE", stage: "CLOSE", closeReason: by }
      expect(jsonOf(heard, conversation).slice(1)).toStrictEqual([changed(60_000, told.id, -1, { ...created, ...now })])
    })
  )

  it.effect.each(["the agent", "the consumer"])(
    "that is the start of a survey after %s closed the MAIN dialog has two dialogs, then both are closed (5.5)",
    (who) =>
      Effect.gen(function* () {
        const { heard, told } = yield* story(
          Effect.gen(function* () {
            const { agent, conversations } = yield* Simulator.Simulator
            const ada = yield* opened("Ada")
            const closing = (dialogId: string) =>
              ada.tell(
                updateField({
                  conversationId: ada.id,
                  conversationField: {
                    field: "DialogChange",
                    type: "UPDATE",
                    dialog: { dialogId, state: "CLOSE", closedCause: "Completed" }
                  }
                })
              )
            yield* TestClock.adjust("1 minute")
            if (who === "the agent") yield* agent(ada.id).close
            else yield* closing(ada.id)
            // What is closed already does not change.
            yield* closing(ada.id)
            const survey = (yield* conversations)[0]?.dialogs[1]?.dialogId ?? ""
            yield* TestClock.adjust("1 minute")
            yield* closing(survey)
            return { ...ada, survey }
          }),
          { survey: true }
        )
        const { consumer, created, main } = details(told.id, told.token)
        const isAgent = who === "the agent"
        const closed = {
          ...main,
          state: "CLOSE",
          endTs: 60_000,
          metaDataLastUpdateTs: 60_000,
          closedBy: isAgent ? "AGENT" : "CONSUMER",
          closedCause: isAgent ? "Closed by agent" : "Completed"
        }
        const survey = {
          dialogId: told.survey,
          participantsDetails: [active(consumer), { id: "simulator-survey-bot", role: "AGENT", state: "ACTIVE" }],
          dialogType: "POST_SURVEY",
          channelType: "MESSAGING",
          metaData: { appInstallId: clientId },
          state: "OPEN",
          creationTs: 60_000,
          metaDataLastUpdateTs: 60_000
        }
        const end = { endTs: 120_000, metaDataLastUpdateTs: 120_000 }
        const answered = { ...survey, ...end, state: "CLOSE", closedBy: "CONSUMER", closedCause: "Completed" }
        expect(jsonOf(heard, conversation).slice(1)).toStrictEqual([
          changed(60_000, told.id, 600_000, {
            ...created,
            dialogs: [closed, survey],
            state: "CLOSE",
            metaDataLastUpdateTs: 60_000
          }),
          changed(120_000, told.id, -1, {
            ...created,
            ...end,
            dialogs: [closed, answered],
            state: "CLOSE",
            stage: "CLOSE",
            closeReason: "CONSUMER"
          })
        ])
      })
  )

  it.effect("tells of urgency and rating, and no two of a conversation have the same date", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const ada = yield* opened("Ada")
          const rating = { field: "CSATRate", csatRate: 4, csatResolutionConfirmation: true, status: "FILLED" }
          yield* ada.tell(
            updateField({
              conversationId: ada.id,
              conversationField: [{ field: "TTRField", ttrType: "CUSTOM", value: 30 }, rating]
            })
          )
          return { ...ada, rating }
        })
      )
      const { created, main } = details(told.id, told.token)
      const ttr = { ttr: { ttrType: "CUSTOM", value: 30 } }
      const at = (metaDataLastUpdateTs: number) => ({
        metaDataLastUpdateTs,
        dialogs: [{ ...main, metaDataLastUpdateTs }]
      })
      expect(jsonOf(heard, conversation)).toStrictEqual([
        changed(0, told.id, 600_000, { ...created, ...at(0) }),
        changed(0, told.id, 30_000, { ...created, ...at(1), ...ttr }),
        changed(0, told.id, 30_000, { ...created, ...at(2), ...ttr, csat: told.rating })
      ])
    })
  )

  it.effect("says whether it is the consumer's first, and puts off what is due as the consumer writes again", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const { agent, close } = yield* Simulator.Simulator
          const first = yield* opened("Ada")
          yield* close(first.id)
          const second = yield* opened("Ada")
          yield* TestClock.adjust("1 minute")
          yield* second.say("Hello?")
          yield* agent(second.id).join
          return second
        })
      )
      expect(jsonOf(heard, conversation).slice(2)).toMatchObject([
        {
          body: { changes: [{ result: { effectiveTTR: 600_000, conversationDetails: { firstConversation: false } } }] }
        },
        { body: { changes: [{ result: { convId: told.id, effectiveTTR: 660_000 } }] } }
      ])
    })
  )
})

const click = [{ type: "ExternalId", id: "yes" }]
const button = {
  type: "button",
  title: "Yes",
  click: { actions: [{ type: "publishText", text: "Yes" }], metadata: click }
}
const card = { type: "RichContentEvent", content: { type: "vertical", elements: [button] } } as const
const invitation = {
  type: "ContentEvent",
  contentType: "forms/secure-invitation",
  message: { invitationId: "i-1", title: "Payment", formId: "7" }
} as const
const question = {
  type: "ContentEvent",
  contentType: "text/plain",
  message: "Is it late? 🕰️",
  quickReplies: {
    type: "quickReplies",
    itemsPerRow: 2,
    replies: [{ type: "button", title: "Yes, and this title is longer than they may be", click: { metadata: click } }]
  }
} as const

describe("A notification of an event", () => {
  it.effect("of the consumer comes back to the connector, with its number, its time and who said it (5.3)", () =>
    Effect.gen(function* () {
      const events = [
        text('Größe „42“ 🧪\n"quoted"'),
        {
          type: "ContentEvent",
          contentType: "hosted/file",
          message: { caption: "", relativePath: "/a", fileType: "PNG" }
        },
        card,
        { type: "AcceptStatusEvent", status: "READ", sequenceList: [0, 1] }
      ]
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const ada = yield* opened("Ada")
          yield* TestClock.adjust("1 minute")
          for (const event of events) yield* ada.tell(publishEvent({ dialogId: ada.id, event }))
          yield* ada.tell({ ...say(ada.id), metadata: click })
          return ada
        })
      )
      const originatorId = lpConsumerId(told.token)
      const change = (sequence: number, event: object, rest: object = {}) =>
        happened(60_000, {
          sequence,
          originatorId,
          originatorMetadata: { id: originatorId, role: "CONSUMER" },
          serverTimestamp: 60_000,
          event,
          dialogId: told.id,
          conversationId: told.id,
          messageAudience: "ALL",
          ...rest
        })
      expect(heard.slice(1).map(({ json }) => json)).toStrictEqual([
        ...events.map((event, sequence) => change(sequence, event)),
        change(4, text(), { metadata: click })
      ])
    })
  )

  it.effect("of the consumer tells what their client is, where it said so", () =>
    Effect.gen(function* () {
      const clientProperties = { type: ".ClientProperties", appId: "a-1" }
      const { heard } = yield* story(
        Effect.gen(function* () {
          const ada = yield* opened("Ada", {}, { "Client-Properties": JSON.stringify(clientProperties) })
          yield* ada.say("Hi")
        })
      )
      expect(heard[1]?.json).toMatchObject({
        body: {
          changes: [{ originatorMetadata: { clientProperties }, originatorClientProperties: clientProperties }]
        }
      })
    })
  )

  it.effect("of the agent is as they sent it, whatever it is, and names them", () =>
    Effect.gen(function* () {
      const events = [card, invitation, question]
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          const grace = simulator.agent(ada.id, "grace")
          for (const event of events) yield* grace.send(event)
          yield* grace.send(card, { metadata: [{ type: "ExternalId", id: "card-1" }] })
          yield* grace.accept([0])
          yield* grace.read([0, 1])
          yield* grace.note("Rude")
          return ada
        })
      )
      const change = (sequence: number, event: object, rest: object = {}) =>
        happened(0, {
          sequence,
          originatorId: "grace",
          originatorMetadata: { id: "grace", role: "ASSIGNED_AGENT" },
          serverTimestamp: 0,
          event,
          dialogId: told.id,
          conversationId: told.id,
          messageAudience: "ALL",
          ...rest
        })
      expect(heard.slice(2).map(({ json }) => json)).toStrictEqual([
        ...events.map((event, sequence) => change(sequence, event)),
        change(3, card, { metadata: [{ type: "ExternalId", id: "card-1" }] }),
        change(4, { type: "AcceptStatusEvent", status: "ACCEPT", sequenceList: [0] }),
        change(5, { type: "AcceptStatusEvent", status: "READ", sequenceList: [0, 1] }),
        change(6, text("Rude"), { messageAudience: "AGENTS_AND_MANAGERS" })
      ])
    })
  )

  it.effect("that is a chat state has neither number nor time, whoever it is of and whatever it is (D42, D45)", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* ada.tell(publishEvent({ dialogId: ada.id, event: chatState("COMPOSING") }))
          yield* settle
          yield* simulator.agent(ada.id).typing
          yield* simulator.agent(ada.id).stopTyping
          yield* simulator.agent(ada.id).send({ type: "ChatStateEvent", chatState: "BACKGROUND" })
          return ada
        })
      )
      const change = (id: string, role: string, state: string) =>
        happened(0, {
          originatorId: id,
          originatorMetadata: { id, role },
          event: { type: "ChatStateEvent", chatState: state },
          dialogId: told.id,
          conversationId: told.id,
          messageAudience: "ALL"
        })
      expect(heard.filter(({ url }) => url.endsWith("ChatStateEvent")).map(({ json }) => json)).toStrictEqual([
        change(lpConsumerId(told.token), "CONSUMER", "COMPOSING"),
        change(agent.id, agent.role, "COMPOSING"),
        change(agent.id, agent.role, "PAUSE"),
        change(agent.id, agent.role, "BACKGROUND")
      ])
    })
  )

  it.effect("in a survey is the bot's, in the dialog of the survey and with its numbers", () =>
    Effect.gen(function* () {
      const { heard, told } = yield* story(
        Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* simulator.agent(ada.id).say("Bye")
          yield* simulator.agent(ada.id).close
          yield* simulator.agent(ada.id).say("How was it?")
          const survey = (yield* simulator.conversations)[0]?.dialogs[1]?.dialogId ?? ""
          yield* ada.tell(publishEvent({ conversationId: ada.id, dialogId: survey, event: text("Fine") }))
          return { ...ada, survey }
        }),
        { survey: true }
      )
      const inSurvey = { conversationId: told.id, dialogId: told.survey }
      expect(heard.slice(-2)).toMatchObject([
        { json: { body: { changes: [{ ...inSurvey, sequence: 0, originatorMetadata: { role: "AGENT" } }] } } },
        { json: { body: { changes: [{ ...inSurvey, sequence: 1, originatorMetadata: { role: "CONSUMER" } }] } } }
      ])
    })
  )
})
