/**
 * What the channel is told: what an agent said or did, and what became of the conversation.
 */
import { AccountId, ConsumerId, ConversationId, DialogId, Sequence } from "@effect-liveperson/core/protocol"
import * as Schema from "effect/Schema"

/** What happened. */
export const Happening = Schema.TaggedUnion({
  Text: { text: Schema.String, quickReplies: Schema.optionalKey(Schema.Json) },
  RichContent: { content: Schema.Json, quickReplies: Schema.optionalKey(Schema.Json) },
  /** `relativePath` is what `Connector.downloadFile` takes. */
  File: {
    relativePath: Schema.String,
    fileType: Schema.optionalKey(Schema.String),
    caption: Schema.optionalKey(Schema.String)
  },
  /** An agent is typing, or no longer. */
  Typing: { on: Schema.Boolean },
  /** What an agent has received or read, by the numbers of the consumer's messages. */
  Receipt: { status: Schema.Literals(["ACCEPT", "READ"]), sequences: Schema.Array(Sequence) },
  /** The conversation is over: the next message opens another. */
  Closed: { reason: Schema.String },
  /** Anything else, as LivePerson said it. */
  Other: { raw: Schema.Json }
})
export type Happening = typeof Happening.Type

/** An event for the channel. */
export const Event = Schema.Struct({
  /** The same event has the same id, however often it is told: by it the channel drops repetitions. */
  id: Schema.String,
  account: AccountId,
  consumer: ConsumerId,
  conversationId: ConversationId,
  dialogId: Schema.optionalKey(DialogId),
  /** Its number in the dialog. Chat states and changes of the conversation have none. */
  sequence: Schema.optionalKey(Sequence),
  /** Whether something with a higher number was told before it. */
  late: Schema.Boolean,
  happening: Happening
})
export type Event = typeof Event.Type
