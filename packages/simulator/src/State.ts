/**
 * What LivePerson knows of conversations, as schemas: what the agent would see, whole or in a line.
 *
 * ```ts
 * import { Simulator, type State } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const textsOf = ({ messages }: State.Conversation) => messages.map(({ text }) => text)
 *
 * const said = Simulator.Simulator.use(({ conversations }) =>
 *   Effect.map(conversations, (all) => all.flatMap(textsOf))
 * )
 * ```
 */
import {
  AccountId,
  ClientProperties,
  ConsumerId,
  ConsumerRequestConversation,
  ConversationId,
  CSATRate,
  DialogId,
  Metadata,
  PublishedEvent,
  Sequence,
  SkillId,
  TtrDefName,
  UserProfile
} from "@effect-liveperson/core/protocol"
import * as Schema from "effect/Schema"

/** An event of a kind that a consumer cannot publish, such as an invitation to a secure form, as it is delivered. */
export const OtherEvent = Schema.StructWithRest(Schema.Struct({ type: Schema.String }), [
  Schema.Record(Schema.String, Schema.Json)
])
export type OtherEvent = typeof OtherEvent.Type

/** What an agent may do in a dialog. */
export const AgentEvent = Schema.Union([PublishedEvent, OtherEvent])
export type AgentEvent = typeof AgentEvent.Type

/** Who sees an event: everybody, or only those on the brand's side. */
export const MessageAudience = Schema.Literals(["ALL", "AGENTS_AND_MANAGERS"])
export type MessageAudience = typeof MessageAudience.Type

const said = {
  dialogId: DialogId,
  /** Its number in the dialog; `undefined` where it takes none, as chat states do. */
  sequence: Schema.optional(Sequence),
  /** The envelope's `metadata`; empty where there was none. */
  metadata: Schema.Array(Metadata),
  messageAudience: MessageAudience,
  /** When it arrived, in epoch milliseconds. */
  at: Schema.Finite,
  /** The `Client-Properties` of the call that carried it. */
  clientProperties: Schema.optional(ClientProperties)
}

/** What the consumer published. */
export const ConsumerEvent = Schema.Struct({ ...said, by: Schema.Literal("CONSUMER"), event: PublishedEvent })
export type ConsumerEvent = typeof ConsumerEvent.Type

/** What the assigned agent published, or in a survey the bot that asks: `AGENT`. */
export const BrandEvent = Schema.Struct({
  ...said,
  by: Schema.Literals(["ASSIGNED_AGENT", "AGENT"]),
  event: AgentEvent
})

/** What was published in a dialog. */
export const Event = Schema.Union([ConsumerEvent, BrandEvent])
export type Event = typeof Event.Type

/** Whether something goes on or has ended. */
export const Openness = Schema.Literals(["OPEN", "CLOSE"])

/** A dialog of a conversation. The MAIN dialog's id is the conversation's. */
export const Dialog = Schema.Struct({
  dialogId: DialogId,
  dialogType: Schema.Literals(["MAIN", "POST_SURVEY"]),
  state: Openness
})
export type Dialog = typeof Dialog.Type

/** Who ended a conversation. */
export const CloseReason = Schema.Literals(["CONSUMER", "AGENT"])
export type CloseReason = typeof CloseReason.Type

/** How urgent a conversation is: as it was asked for, then as it was changed. `value` is known once it was changed. */
export const Ttr = Schema.Struct({ ttrType: TtrDefName, value: Schema.optionalKey(Schema.Natural) })

/** A conversation as the agent would see it. */
export const Conversation = Schema.Struct({
  id: ConversationId,
  account: AccountId,
  /** The connector's own name for the consumer. */
  consumer: ConsumerId,
  /** Whether any of its dialogs is open: what LivePerson calls the stage. */
  state: Openness,
  /** When it was opened and, unless it is open, closed, in epoch milliseconds. */
  openedAt: Schema.Finite,
  closedAt: Schema.optional(Schema.Finite),
  /** Who closed it; `undefined` while it is open. */
  closeReason: Schema.optional(CloseReason),
  /** The consumer's profile, as it was last set while the conversation was open. */
  profile: UserProfile,
  /** What the consumer asked for: urgency, campaign, context, skill. */
  request: ConsumerRequestConversation.body,
  /** The `Client-Properties` that the conversation was opened with. */
  clientProperties: Schema.optional(ClientProperties),
  /** In the order in which they were opened: MAIN first. */
  dialogs: Schema.Array(Dialog),
  /** What was published in any dialog, in order, whoever it was by. */
  events: Schema.Array(Event),
  /** The consumer's text messages in the MAIN dialog, in order. */
  messages: Schema.Array(Schema.Struct({ sequence: Sequence, text: Schema.String })),
  /** Whether the consumer's last chat state in the MAIN dialog is COMPOSING. */
  typing: Schema.Boolean,
  /** How the consumer rated it. */
  csat: Schema.optional(CSATRate),
  ttr: Schema.optional(Ttr),
  /** The skill that it belongs to: as it was asked for, then as it was changed. */
  skillId: Schema.optional(SkillId),
  /** The agent who it is assigned to; `undefined` while there is none. */
  agentId: Schema.optional(Schema.String)
})
export type Conversation = typeof Conversation.Type

/** A conversation in a line of a list. */
export const Summary = Schema.Struct({
  id: ConversationId,
  account: AccountId,
  consumer: ConsumerId,
  /** The consumer's first and last name; empty where the profile has none. */
  name: Schema.String,
  state: Openness,
  /** Whether what is open is a survey. */
  survey: Schema.Boolean,
  closeReason: Schema.optional(CloseReason),
  skillId: Schema.optional(SkillId),
  ttr: Schema.optional(Ttr),
  agentId: Schema.optional(Schema.String),
  csat: Schema.optional(CSATRate),
  typing: Schema.Boolean,
  /** How many of the consumer's messages no agent has read. */
  unread: Schema.Natural,
  /** What was said last: the beginning of a text, or the kind of anything else; empty where nothing was said. */
  last: Schema.String,
  /** When it was opened, in epoch milliseconds. */
  openedAt: Schema.Finite,
  /** When something last happened in it, in epoch milliseconds. */
  updatedAt: Schema.Finite
})
export type Summary = typeof Summary.Type
