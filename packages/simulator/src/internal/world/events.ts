/**
 * What is said in a dialog, by whom, and with what beside it.
 */
import type { ClientProperties, DialogId, Metadata, PublishedEvent, Sequence } from "@effect-liveperson/core/protocol"
import type * as Schema from "effect/Schema"

/** An event of a kind that a consumer cannot publish, such as an invitation to a secure form, as it is delivered. */
export type OtherEvent = { readonly type: string } & Schema.JsonObject

/** What an agent may do in a dialog. */
export type AgentEvent = PublishedEvent | OtherEvent

/** Who sees an event: everybody, or only those on the brand's side. */
export type MessageAudience = "ALL" | "AGENTS_AND_MANAGERS"

interface Said {
  readonly dialogId: DialogId
  /** Its number in the dialog; `undefined` where it takes none, as chat states do. */
  readonly sequence: Sequence | undefined
  /** The envelope's `metadata`; empty where there was none. */
  readonly metadata: ReadonlyArray<Metadata>
  readonly messageAudience: MessageAudience
  /** When it arrived, in epoch milliseconds. */
  readonly at: number
  /** The `Client-Properties` of the call that carried it. */
  readonly clientProperties: typeof ClientProperties.Type | undefined
}

/** What the consumer published. */
export interface ConsumerEventState extends Said {
  readonly by: "CONSUMER"
  readonly event: PublishedEvent
}

/** What the assigned agent published, or in a survey the bot that asks: `AGENT`. */
export interface AgentEventState extends Said {
  readonly by: "ASSIGNED_AGENT" | "AGENT"
  readonly event: AgentEvent
}

/** What was published in a dialog. */
export type EventState = ConsumerEventState | AgentEventState
