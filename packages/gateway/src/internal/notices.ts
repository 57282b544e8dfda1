/**
 * From what LivePerson said to what is kept of it.
 */
import { Notification as Ask } from "@effect-liveperson/core"
import {
  ConversationId,
  type ConversationChange,
  ExternalId,
  type MessagingEvent,
  type Notification,
  type Unrecognized
} from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Happening } from "../Event.ts"
import type { Notice } from "./store.ts"
import { digestOf, isTag } from "./tag.ts"

const decodeExternalId = Schema.decodeUnknownOption(ExternalId)
const encodeHappening = Schema.encodeEffect(Schema.fromJsonString(Happening))
const cases = Happening.cases

/** The tag that a message was sent with. */
const tagIn = ({ metadata }: MessagingEvent): string | undefined =>
  metadata
    ?.flatMap((entry) => Option.toArray(decodeExternalId(entry)))
    .map(({ id }) => id)
    .find(isTag)

/** What an event is to the channel; undefined where it is nothing to them. */
const happeningOf = (message: MessagingEvent): Happening | undefined => {
  const { event } = message
  if (!Ask.isForConsumer(message)) return undefined
  switch (event._tag) {
    case "Text":
      return cases.Text.make({
        text: event.message,
        ...(event.quickReplies === undefined ? {} : { quickReplies: event.quickReplies })
      })
    case "RichContent":
      return cases.RichContent.make({
        content: event.content,
        ...(event.quickReplies === undefined ? {} : { quickReplies: event.quickReplies })
      })
    case "File": {
      const { caption, fileType, relativePath } = event.message
      return cases.File.make({
        relativePath,
        ...(fileType === undefined ? {} : { fileType }),
        ...(caption === undefined ? {} : { caption })
      })
    }
    case "ChatState":
      return cases.Typing.make({ on: event.chatState === "COMPOSING" })
    case "AcceptStatus":
      return event.status === "ACCEPT" || event.status === "READ"
        ? cases.Receipt.make({ status: event.status, sequences: event.sequenceList })
        : undefined
    case "Unrecognized":
      return cases.Other.make({ raw: event.raw })
    default:
      return cases.Other.make({ raw: { type: event.type, contentType: event.contentType, message: event.message } })
  }
}

const json = (happening: Happening | undefined) =>
  happening === undefined ? Effect.succeed(undefined) : Effect.orDie(encodeHappening(happening))

const ofEvent = Effect.fnUntraced(function* (message: MessagingEvent, sentTs: number | undefined) {
  const { dialogId, originatorId, originatorMetadata, sequence } = message
  const conversationId = message.conversationId ?? ConversationId.make(dialogId)
  const key =
    sequence === undefined
      ? yield* digestOf(JSON.stringify(message), String(sentTs))
      : yield* Effect.succeed(`${dialogId}:${sequence}`)
  const notice: Notice = {
    key,
    conversationId,
    dialogId,
    sequence,
    tag: Ask.isEcho(message) ? tagIn(message) : undefined,
    lpConsumer: Ask.isEcho(message) ? (originatorMetadata?.id ?? originatorId) : undefined,
    event: yield* json(happeningOf(message)),
    closes: false
  }
  return notice
})

const ofChange = Effect.fnUntraced(function* (change: ConversationChange) {
  const { conversationDetails, convId } = change.result
  const reason = Ask.closeReason(change)
  // An end is told once, however often the closed conversation changes.
  const key = Option.isSome(reason) ? `${convId}:closed` : yield* digestOf(JSON.stringify(change))
  const notice: Notice = {
    key,
    conversationId: convId,
    dialogId: undefined,
    sequence: undefined,
    tag: undefined,
    lpConsumer: conversationDetails.participants?.find(({ role }) => role === "CONSUMER")?.id,
    event: yield* json(Option.getOrUndefined(Option.map(reason, (reason) => cases.Closed.make({ reason })))),
    closes: Option.isSome(reason)
  }
  return notice
})

type Change = MessagingEvent | ConversationChange | Unrecognized

/** What is to be kept of a notification. What belongs to no conversation is nobody's, and is not kept. */
export const noticesOf = (notification: Notification): Effect.Effect<ReadonlyArray<Notice>> => {
  if (notification._tag === "OtherNotification") return Effect.succeed([])
  const { changes, sentTs } = notification.body
  return Effect.map(
    Effect.forEach(changes, (change: Change): Effect.Effect<ReadonlyArray<Notice>> => {
      switch (change._tag) {
        case "MessagingEvent":
          return Effect.map(ofEvent(change, sentTs), (notice) => [notice])
        case "ConversationChange":
          return Effect.map(ofChange(change), (notice) => [notice])
        case "Unrecognized":
          return Effect.succeed([])
      }
    }),
    (notices) => notices.flat()
  )
}
