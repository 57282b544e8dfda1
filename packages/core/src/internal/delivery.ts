/**
 * What a notification comes to, change by change.
 */
import { ConversationId } from "../protocol/Ids.ts"
import type { ConversationChange, MessagingEvent, Notification } from "../protocol/Notification.ts"
import type { Unrecognized } from "../protocol/ReceivedEvent.ts"

/** One thing that LivePerson said, on its way to a handler. */
export interface Delivery {
  /** The conversation that it is about; undefined where nothing in it says. */
  readonly conversationId: ConversationId | undefined
  /** What was said. An event in a dialog is in its own `event`. */
  readonly change: MessagingEvent | ConversationChange | Unrecognized
  /** Whether something newer of the same dialog, or a newer state of the same conversation, was delivered before it. */
  readonly late: boolean
  /** How many events before it were waited for in vain. */
  readonly missed: number
}

/** What has no conversation waits in a line of its own. */
export const nowhere = ""

const conversationOfDialog = (event: MessagingEvent): ConversationId =>
  // The MAIN dialog's id is the conversation's, and older samples name no other.
  event.conversationId ?? ConversationId.make(event.dialogId)

export const conversationOf = (change: Delivery["change"]): ConversationId | undefined => {
  switch (change._tag) {
    case "MessagingEvent":
      return conversationOfDialog(change)
    case "ConversationChange":
      return change.result.convId
    case "Unrecognized":
      return undefined
  }
}

/** The changes of a notification. One of an unknown kind is a single thing that nobody recognises. */
export const changesOf = (notification: Notification): ReadonlyArray<Delivery["change"]> =>
  notification._tag === "OtherNotification"
    ? [{ _tag: "Unrecognized", raw: { ...notification.body, type: notification.type } }]
    : notification.body.changes
