/**
 * What one asks of what LivePerson said: is it for the consumer, is the conversation over, what has been read.
 *
 * ```ts
 * import { Inbox, Notification } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const handled = Inbox.run({
 *   Text: (event, { change }) =>
 *     change._tag === "MessagingEvent" && Notification.isForConsumer(change)
 *       ? Effect.log(`the agent wrote ${event.message.length} characters`)
 *       : Effect.void,
 *   orElse: () => Effect.void
 * })
 * ```
 *
 * Reference: sections 5.3 to 5.5.
 */
import * as Option from "effect/Option"
import type { DialogId, Sequence } from "./protocol/Ids.ts"
import type { ConversationChange, MessagingEvent } from "./protocol/Notification.ts"

/**
 * Whether an event is the connector's own, come back: a consumer caused it. LivePerson tells an app of all
 * conversations of the account, of its own consumers' events too.
 */
export const isEcho = (event: MessagingEvent): boolean => event.originatorMetadata?.role === "CONSUMER"

/** Whether an event is news for the consumer: not their own, and not meant for agents and managers only. */
export const isForConsumer = (event: MessagingEvent): boolean =>
  !isEcho(event) && event.messageAudience !== "AGENTS_AND_MANAGERS"

/** Whether a conversation is over altogether, surveys included. */
export const isClosed = ({ result }: ConversationChange): boolean => {
  const { stage, state } = result.conversationDetails
  return (stage ?? state) === "CLOSE"
}

/** Why a conversation is over, if it is: CONSUMER, AGENT, or what else LivePerson says; `"UNKNOWN"` where it says nothing. */
export const closeReason = (change: ConversationChange): Option.Option<string> =>
  isClosed(change) ? Option.some(change.result.conversationDetails.closeReason ?? "UNKNOWN") : Option.none()

/** The survey that runs, if one does: it is answered in its own dialog. */
export const openSurvey = ({ result }: ConversationChange): Option.Option<DialogId> =>
  Option.fromUndefinedOr(
    result.conversationDetails.dialogs?.find(
      ({ dialogType, state }) => dialogType === "POST_SURVEY" && state === "OPEN"
    )?.dialogId
  )

/** Up to which number somebody other than the consumer has read, if the event says so. */
export const readUpTo = (event: MessagingEvent): Option.Option<Sequence> => {
  const { event: what } = event
  return isEcho(event) || what._tag !== "AcceptStatus" || what.status !== "READ" || what.sequenceList.length === 0
    ? Option.none()
    : Option.some(Math.max(...what.sequenceList))
}
