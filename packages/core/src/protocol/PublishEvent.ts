/**
 * `ms.PublishEvent`: something the consumer says or does in a dialog.
 *
 * Reference: CONVERSATION page; section 3.3.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ConversationId, DialogId, Sequence } from "./Ids.ts"
import * as Payload from "./Payload.ts"
import { Element, QuickReplies } from "./RichContent.ts"

/** How many characters a text message may have; LivePerson allows the request around it 5000 as well. */
export const textLimit = 5000

/** How many characters the preview of a file may have: it is to stay under 30 KB. */
export const previewLimit = 30 * 1024

/** A plain text message: at most 5000 characters. */
export const TextEvent = Schema.Struct({
  type: Schema.tag("ContentEvent"),
  contentType: Schema.tag("text/plain"),
  message: Schema.String.check(
    Schema.isMaxLength(textLimit, { expected: `a text of at most ${textLimit} characters` })
  ),
  quickReplies: Schema.optionalKey(QuickReplies)
})
export type TextEvent = typeof TextEvent.Type

/** What a file message tells of its file. The file itself lies in LivePerson's storage, at `relativePath`. */
export const HostedFile = Schema.Struct({
  caption: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))),
  relativePath: Schema.NonEmptyString,
  fileType: Schema.String,
  preview: Schema.optionalKey(
    Schema.String.check(
      Schema.isPattern(/^data:/, { expected: "a data URI" }),
      Schema.isMaxLength(previewLimit, { expected: "a preview under 30 KB" })
    )
  )
})
export type HostedFile = typeof HostedFile.Type

/** A file that was uploaded before. */
export const FileEvent = Schema.Struct({
  type: Schema.tag("ContentEvent"),
  contentType: Schema.tag("hosted/file"),
  message: HostedFile
})

/** That the consumer filled in a secure form; what they wrote is not in it. */
export const SecureFormEvent = Schema.Struct({
  type: Schema.tag("ContentEvent"),
  contentType: Schema.tag("forms/secure-submission"),
  message: Schema.Struct({ submissionId: Schema.String, invitationId: Schema.String })
})

/** Structured content. */
export const RichContentEvent = Schema.Struct({
  type: Schema.tag("RichContentEvent"),
  content: Element,
  quickReplies: Schema.optionalKey(QuickReplies)
})

/** What the consumer is doing. After COMPOSING another state must follow: sending the text does not end it. */
export const ChatState = Schema.Literals(["ACTIVE", "INACTIVE", "GONE", "COMPOSING", "PAUSE"])
export type ChatState = typeof ChatState.Type

export const ChatStateEvent = Schema.Struct({ type: Schema.tag("ChatStateEvent"), chatState: ChatState })

/** What became of messages on the consumer's side. ACTION says that an element was clicked, and needs `metadata`. */
export const AcceptStatus = Schema.Literals(["ACCEPT", "READ", "ACCESS", "NACK", "ACTION"])
export type AcceptStatus = typeof AcceptStatus.Type

/** Says what became of the messages with these numbers. */
export const AcceptStatusEvent = Schema.Struct({
  type: Schema.tag("AcceptStatusEvent"),
  status: AcceptStatus,
  sequenceList: Schema.Array(Sequence)
})

/** Whatever can be published in a dialog. */
export const PublishedEvent = Schema.Union([
  TextEvent,
  FileEvent,
  SecureFormEvent,
  RichContentEvent,
  ChatStateEvent,
  AcceptStatusEvent
])
export type PublishedEvent = typeof PublishedEvent.Type

const success = Schema.Struct({ sequence: Schema.optionalKey(Sequence) })

/**
 * Publishes an event in a dialog. The MAIN dialog's id is the conversation's.
 *
 * Answered with the event's number in the dialog, which LivePerson's own schema allows to be left out. States and
 * receipts may be repeated: the last one counts. Content may not.
 */
export const PublishEvent = Payload.make("ms.PublishEvent", {
  body: Schema.Struct({
    dialogId: DialogId,
    conversationId: Schema.optionalKey(ConversationId),
    event: PublishedEvent
  }),
  success,
  repeat: ({ event }) =>
    event.type === "ChatStateEvent" || event.type === "AcceptStatusEvent" ? "harmless" : "harmful"
})

/**
 * The consumer's first message, published by the batch that opens the conversation. It names no dialog, because there
 * is none yet.
 */
export const PublishFirstEvent = Payload.make("ms.PublishEvent", {
  body: Schema.Struct({ event: TextEvent }),
  success,
  repeat: "harmful"
})
