/**
 * The agent's side of a conversation: what a person at LivePerson's own screens could do there.
 */
import { SkillId, type Metadata, type Sequence } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { AgentEvent, MessageAudience } from "../../State.ts"
import { uuid } from "../uuid.ts"
import { close, type Conversation, type Dialog, isOpen, publish, transfer } from "./conversation.ts"
import type { make as makeHandlers, Witness } from "./handlers.ts"

/** There is no such conversation, or it is closed, so that an agent can do nothing in it. */
export class NotOpen extends Data.TaggedError("NotOpen")<{ readonly conversationId: string }> {
  override get message(): string {
    return `The conversation ${this.conversationId} is not open.`
  }
}

/** What can be said beside an event. */
export interface SendOptions {
  /** Who sees it: everybody, unless it is said otherwise. */
  readonly messageAudience?: MessageAudience
  /** The envelope's `metadata`, such as the `ExternalId` of a card. */
  readonly metadata?: ReadonlyArray<Metadata>
}

/**
 * What an agent can do in a conversation. Whatever they send takes the next number of the dialog, which is returned (0
 * for chat states, which take none), and makes them join, unless they have.
 *
 * They speak in the MAIN dialog. When that is closed and a survey is open, the bot that asks the survey's questions
 * speaks in their place, with the role AGENT.
 */
export interface Agent {
  /** Takes the conversation, from another agent if need be. */
  readonly join: Effect.Effect<void, NotOpen>
  /** Sends a text. */
  readonly say: (text: string, options?: SendOptions) => Effect.Effect<Sequence, NotOpen>
  /** Sends a text that the consumer is not to see. */
  readonly note: (text: string) => Effect.Effect<Sequence, NotOpen>
  /** Sends any event, as it is. */
  readonly send: (event: AgentEvent, options?: SendOptions) => Effect.Effect<Sequence, NotOpen>
  /** Sends the chat state COMPOSING. */
  readonly typing: Effect.Effect<void, NotOpen>
  /** Sends the chat state PAUSE. */
  readonly stopTyping: Effect.Effect<void, NotOpen>
  /** Says that messages have arrived. */
  readonly accept: (sequences: ReadonlyArray<Sequence>) => Effect.Effect<Sequence, NotOpen>
  /** Says that messages have been read. */
  readonly read: (sequences: ReadonlyArray<Sequence>) => Effect.Effect<Sequence, NotOpen>
  /** Leaves the conversation to the agents of a skill. */
  readonly transfer: (skillId: string) => Effect.Effect<void, NotOpen>
  /** Closes the dialog that is open. After the MAIN one a survey starts, where there are surveys. */
  readonly close: Effect.Effect<void, NotOpen>
  /** Closes the dialog that is open. After the MAIN one a survey starts, whether or not there are surveys otherwise. */
  readonly survey: Effect.Effect<void, NotOpen>
}

/** The bot that asks the questions of surveys. */
export const surveyBot = "simulator-survey-bot"

type World = Pick<ReturnType<typeof makeHandlers>, "conversations" | "changed" | "end" | "surveyId">

const text = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message }) as const

export const make = ({ changed, conversations, end, surveyId }: World, witness: Witness) => {
  /** Does something in the dialog that is open, all at once. */
  const inOpen = <A>(id: string, act: (dialog: Dialog, conversation: Conversation, at: number) => A) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) =>
      Effect.suspend((): Effect.Effect<A, NotOpen> => {
        const conversation = conversations.get(id)
        const dialog = conversation?.dialogs.find(({ state }) => state === "OPEN")
        return conversation === undefined || dialog === undefined
          ? Effect.fail(new NotOpen({ conversationId: id }))
          : Effect.sync(() => act(dialog, conversation, at))
      })
    )

  const agent = (id: string, agentId: string): Agent => {
    const assign = (conversation: Conversation, at: number) => {
      if (conversation.agentId === agentId) return
      conversation.agentId = agentId
      changed(conversation, at)
    }

    const send: Agent["send"] = (event, { messageAudience = "ALL", metadata = [] } = {}) =>
      inOpen(id, (dialog, conversation, at) => {
        const isMain = dialog.dialogType === "MAIN"
        if (isMain) assign(conversation, at)
        const by = isMain ? "ASSIGNED_AGENT" : "AGENT"
        const said = { event, metadata, messageAudience, at, clientProperties: undefined }
        const published = publish(dialog, { by, ...said })
        witness.published(dialog, published, isMain ? agentId : surveyBot)
        return published.sequence ?? 0
      })

    const endBefore = (survey: string | undefined) =>
      inOpen(id, (dialog, conversation, at) => {
        end(dialog, { by: "AGENT", at }, survey)
        changed(conversation, at)
      })

    const chatState = (chatState: "COMPOSING" | "PAUSE") => Effect.asVoid(send({ type: "ChatStateEvent", chatState }))
    const status = (status: "ACCEPT" | "READ", sequenceList: ReadonlyArray<Sequence>) =>
      send({ type: "AcceptStatusEvent", status, sequenceList })

    return {
      join: inOpen(id, (_, conversation, at) => assign(conversation, at)),
      say: (message, options) => send(text(message), options),
      note: (message) => send(text(message), { messageAudience: "AGENTS_AND_MANAGERS" }),
      send,
      typing: chatState("COMPOSING"),
      stopTyping: chatState("PAUSE"),
      accept: (sequences) => status("ACCEPT", sequences),
      read: (sequences) => status("READ", sequences),
      transfer: (skillId) =>
        inOpen(id, (_, conversation, at) => {
          transfer(conversation, SkillId.make(skillId))
          changed(conversation, at)
        }),
      close: Effect.flatMap(surveyId, endBefore),
      survey: Effect.flatMap(uuid, endBefore)
    }
  }

  return {
    agent,

    /** Closes a conversation and all its dialogs at once. Nothing happens where there is nothing to close. */
    close: (id: string) =>
      Effect.flatMap(Clock.currentTimeMillis, (at) =>
        Effect.sync(() => {
          const conversation = conversations.get(id)
          if (conversation === undefined || !isOpen(conversation)) return
          close(conversation, { by: "AGENT", at })
          changed(conversation, at)
        })
      )
  }
}
