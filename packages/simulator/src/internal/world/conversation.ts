/**
 * A conversation as LivePerson keeps it: its dialogs, what was published in them, and how they end. What the agent sees
 * of it is a copy.
 */
import {
  type ClientProperties,
  type ConsumerId,
  type ConsumerRequestConversation,
  type ConversationId,
  type CSATRate,
  DialogId,
  type Metadata,
  type PublishedEvent,
  type Sequence,
  type SkillId,
  type TtrDefName,
  type UserProfile
} from "@effect-liveperson/core/protocol"

/** Who ended a conversation. */
export type CloseReason = "CONSUMER" | "AGENT"

/** A dialog of a conversation as the agent would see it. */
export interface DialogState {
  /** The MAIN dialog's is the conversation's. */
  readonly dialogId: DialogId
  readonly dialogType: "MAIN" | "POST_SURVEY"
  readonly state: "OPEN" | "CLOSE"
}

/** What the consumer published, with what was said about it. */
export interface EventState {
  readonly dialogId: DialogId
  /** Its number in the dialog; `undefined` where it takes none, as chat states do. */
  readonly sequence: Sequence | undefined
  readonly event: PublishedEvent
  /** The envelope's `metadata`; empty where there was none. */
  readonly metadata: ReadonlyArray<Metadata>
  /** When it arrived, in epoch milliseconds. */
  readonly at: number
  /** The `Client-Properties` of the call that carried it. */
  readonly clientProperties: typeof ClientProperties.Type | undefined
}

/** A conversation as the agent would see it. */
export interface ConversationState {
  readonly id: ConversationId
  /** The connector's own name for the consumer. */
  readonly consumer: ConsumerId
  /** Whether any of its dialogs is open: what LivePerson calls the stage. */
  readonly state: "OPEN" | "CLOSE"
  /** Who closed it; `undefined` while it is open. */
  readonly closeReason: CloseReason | undefined
  /** The consumer's profile, as it was last set while the conversation was open. */
  readonly profile: UserProfile
  /** What the consumer asked for: urgency, campaign, context, skill. */
  readonly request: (typeof ConsumerRequestConversation.body)["Type"]
  /** The `Client-Properties` that the conversation was opened with. */
  readonly clientProperties: typeof ClientProperties.Type | undefined
  /** In the order in which they were opened: MAIN first. */
  readonly dialogs: ReadonlyArray<DialogState>
  /** What the consumer published in any dialog, in order. */
  readonly events: ReadonlyArray<EventState>
  /** The consumer's text messages in the MAIN dialog, in order. */
  readonly messages: ReadonlyArray<{ readonly sequence: Sequence; readonly text: string }>
  /** Whether the last chat state of the MAIN dialog is COMPOSING. */
  readonly typing: boolean
  /** How the consumer rated it. */
  readonly csat: typeof CSATRate.Type | undefined
  /** How urgent it is: as it was asked for, then as it was changed. `value` is known once it was changed. */
  readonly ttr: { readonly ttrType: TtrDefName; readonly value?: number } | undefined
  /** The skill that it belongs to: as it was asked for, then as it was changed. */
  readonly skillId: SkillId | undefined
}

/** A dialog that goes on. */
export interface Dialog {
  readonly dialogId: DialogId
  readonly dialogType: DialogState["dialogType"]
  readonly conversation: Conversation
  state: DialogState["state"]
  next: Sequence
}

/** A conversation that goes on. */
export interface Conversation extends Pick<ConversationState, "id" | "consumer" | "request" | "clientProperties"> {
  /** LivePerson's own name for the consumer. */
  readonly lpConsumerId: string
  readonly dialogs: Array<Dialog>
  readonly events: Array<EventState>
  profile: ConversationState["profile"]
  closeReason: ConversationState["closeReason"]
  typing: ConversationState["typing"]
  csat: ConversationState["csat"]
  ttr: ConversationState["ttr"]
  skillId: ConversationState["skillId"]
}

const openDialog = (conversation: Conversation, id: string, dialogType: Dialog["dialogType"]): Dialog => {
  const dialog: Dialog = { dialogId: DialogId.make(id), dialogType, conversation, state: "OPEN", next: 0 }
  conversation.dialogs.push(dialog)
  return dialog
}

/** Opens a conversation and its MAIN dialog. */
export const open = (
  asked: Pick<Conversation, "id" | "consumer" | "lpConsumerId" | "request" | "clientProperties" | "profile">
): Dialog => {
  const { skillId, ttrDefName } = asked.request
  const conversation: Conversation = {
    ...asked,
    dialogs: [],
    events: [],
    closeReason: undefined,
    typing: false,
    csat: undefined,
    ttr: ttrDefName ? { ttrType: ttrDefName } : undefined,
    skillId
  }
  return openDialog(conversation, asked.id, "MAIN")
}

export const isOpen = ({ closeReason }: Conversation): boolean => closeReason === undefined

/** Publishes an event. Returns what it is answered: its number in the dialog, and 0 for a chat state, which has none. */
export const publish = (
  dialog: Dialog,
  said: Pick<EventState, "event" | "metadata" | "at" | "clientProperties">
): Sequence => {
  const { conversation, dialogId, dialogType } = dialog
  const { event } = said
  const sequence = event.type === "ChatStateEvent" ? undefined : dialog.next++
  conversation.events.push({ dialogId, sequence, ...said })
  if (event.type === "ChatStateEvent" && dialogType === "MAIN") conversation.typing = event.chatState === "COMPOSING"
  return sequence ?? 0
}

/**
 * Closes a dialog. Where a survey's id is given, the MAIN dialog is followed by the survey, which is returned. No other
 * dialog is open beside one that is, so that otherwise the conversation closes.
 */
export const closeDialog = (dialog: Dialog, by: CloseReason, survey?: string): Dialog | undefined => {
  if (dialog.state === "CLOSE") return undefined
  dialog.state = "CLOSE"
  const { conversation, dialogType } = dialog
  if (dialogType === "MAIN" && survey !== undefined) return openDialog(conversation, survey, "POST_SURVEY")
  conversation.closeReason = by
  return undefined
}

/** Closes a conversation and all its dialogs at once, without a survey. */
export const close = (conversation: Conversation, by: CloseReason): void => {
  for (const dialog of conversation.dialogs) closeDialog(dialog, by)
}

const messagesOf = ({ dialogs: [main], events }: Conversation): ConversationState["messages"] =>
  events.flatMap(({ dialogId, event, sequence }) =>
    dialogId === main?.dialogId &&
    sequence !== undefined &&
    event.type === "ContentEvent" &&
    event.contentType === "text/plain"
      ? [{ sequence, text: event.message }]
      : []
  )

/** What the agent sees now. */
export const snapshot = (conversation: Conversation): ConversationState => {
  const { lpConsumerId: _, ...seen } = conversation
  return {
    ...seen,
    state: isOpen(conversation) ? "OPEN" : "CLOSE",
    dialogs: conversation.dialogs.map(({ dialogId, dialogType, state }) => ({ dialogId, dialogType, state })),
    events: [...conversation.events],
    messages: messagesOf(conversation)
  }
}
