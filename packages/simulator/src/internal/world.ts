/**
 * What LivePerson remembers: profiles, conversations and what was said in them.
 */
import {
  type batchPayloads,
  type ConsumerId,
  type ConsumerRequestConversation,
  ConversationId,
  type LenientBatch,
  type Sequence,
  type UserProfile
} from "@effect-liveperson/core/protocol"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Schema from "effect/Schema"
import type { Reply } from "./reply.ts"

/** A conversation as the agent would see it. */
export interface ConversationState {
  readonly id: ConversationId
  /** The connector's own name for the consumer. */
  readonly consumer: ConsumerId
  readonly state: "OPEN" | "CLOSE"
  /** The consumer's profile when the conversation was opened. */
  readonly profile: UserProfile
  /** What the consumer asked for: urgency, campaign, context, skill. */
  readonly request: (typeof ConsumerRequestConversation.body)["Type"]
  /** What the consumer said, in order. */
  readonly messages: ReadonlyArray<{ readonly sequence: Sequence; readonly text: string }>
}

/** Who is speaking: by the connector's name and by LivePerson's. */
export interface Speaker {
  readonly consumer: ConsumerId
  readonly lpConsumerId: string
}

type ByType = { readonly [P in (typeof batchPayloads)[number] as P["type"]]: P }
type Type = keyof ByType
type Body<T extends Type> = ByType[T]["body"]["Type"]

/** What a payload comes to: its success, or what LivePerson has against it. */
type Outcome<T extends Type> = { readonly ok: ByType[T]["success"]["Type"] } | { readonly refused: string }

/** The behaviour that each payload of a batch asks for. A payload without one does not compile. */
type Handlers = { readonly [T in Type]: (body: Body<T>, speaker: Speaker) => Outcome<T> }

type RequestOf<T extends Type> = { readonly [K in T]: { readonly type: K; readonly body: Body<K> } }[T]

/** UUIDs from the program's own `Random`, so that a seed gives the same ones. */
const uuids = Effect.map(Random.Random, (random) =>
  SecureRandom.make((size) => Uint8Array.from({ length: size }, () => Math.floor(random.nextDoubleUnsafe() * 256)))
)

export const make = Effect.sync(() => {
  const profiles = new Map<string, UserProfile>()
  const open = new Map<string, ConversationId>()
  const conversations = new Map<string, ConversationState>()

  const openOf = (speaker: Speaker) => {
    const id = open.get(speaker.lpConsumerId)
    return id === undefined ? undefined : conversations.get(id)
  }

  const handlers = (freshId: ConversationId): Handlers => ({
    "userprofile.SetUserProfile": (body, { lpConsumerId }) => {
      profiles.set(lpConsumerId, body)
      return { ok: { msg: "OK User Profile set successfully" } }
    },
    "cm.ConsumerRequestConversation": (request, speaker) => {
      const { consumer, lpConsumerId } = speaker
      if (openOf(speaker) !== undefined) {
        return {
          refused: `Consumer request conversation failed: User ${lpConsumerId} already has open conversation. Can't open another one.`
        }
      }
      const profile = profiles.get(lpConsumerId) ?? {}
      conversations.set(freshId, { id: freshId, consumer, state: "OPEN", profile, request, messages: [] })
      open.set(lpConsumerId, freshId)
      return { ok: { conversationId: freshId } }
    },
    "ms.PublishEvent": ({ event }, speaker) => {
      const conversation = openOf(speaker)
      if (conversation === undefined) return { refused: "Bad Request, Conversation is close" }
      const sequence = conversation.messages.length
      const messages = [...conversation.messages, { sequence, text: event.message }]
      conversations.set(conversation.id, { ...conversation, messages })
      return { ok: { sequence } }
    }
  })

  return {
    conversations: Effect.sync(() => [...conversations.values()]),

    /** What the agent does at the end. Nothing happens where there is nothing to close. */
    close: (id: string) =>
      Effect.sync(() => {
        const conversation = conversations.get(id)
        if (conversation === undefined) return
        conversations.set(id, { ...conversation, state: "CLOSE" })
        for (const [consumer, current] of open) if (current === id) open.delete(consumer)
      }),

    /**
     * Processes a batch, payload by payload. One that is refused ends it: those behind it are refused with it, and the
     * whole is a 400 that carries the array.
     */
    conversation: Effect.fnUntraced(function* (batch: LenientBatch, speaker: Speaker) {
      const random = yield* uuids
      const handle = handlers(ConversationId.make(yield* random.uuidV4()))
      const outcomeOf = <T extends Type>(request: RequestOf<T>): Outcome<T> =>
        handle[request.type](request.body, speaker)
      const answers: Array<Schema.Json> = []
      let refused: string | undefined
      for (const request of batch) {
        if (request === undefined) continue
        const outcome = refused === undefined ? outcomeOf(request) : { refused: "Bad Request" }
        if ("refused" in outcome) refused ??= outcome.refused
        answers.push(
          "refused" in outcome
            ? { code: "BAD_REQUEST", body: { msg: outcome.refused }, reqId: request.id }
            : { code: "OK", body: { ...outcome.ok }, reqId: request.id }
        )
      }
      return { status: refused === undefined ? 200 : 400, body: answers } satisfies Reply
    })
  }
})

export type World = Effect.Success<typeof make>
