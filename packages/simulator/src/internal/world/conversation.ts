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
  type Sequence,
  type SkillId,
  type TtrDefName,
  type UserProfile
} from "@effect-liveperson/core/protocol"
import type { ConsumerEventState, EventState } from "./events.ts"

/** Who ended a conversation. */
export type CloseReason = "CONSUMER" | "AGENT"

/** A dialog of a conversation as the agent would see it. */
export interface DialogState {
  /** The MAIN dialog's is the conversation's. */
  readonly dialogId: DialogId
  readonly dialogType: "MAIN" | "POST_SURVEY"
  readonly state: "OPEN" | "CLOSE"
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
  /** What was published in any dialog, in order, whoever it was by. */
  readonly events: ReadonlyArray<EventState>
  /** The consumer's text messages in the MAIN dialog, in order. */
  readonly messages: ReadonlyArray<{ readonly sequence: Sequence; readonly text: string }>
  /** Whether the consumer's last chat state in the MAIN dialog is COMPOSING. */
  readonly typing: boolean
  /** How the consumer rated it. */
  readonly csat: typeof CSATRate.Type | undefined
  /** How urgent it is: as it was asked for, then as it was changed. `value` is known once it was changed. */
  readonly ttr: { readonly ttrType: TtrDefName; readonly value?: number } | undefined
  /** The skill that it belongs to: as it was asked for, then as it was changed. */
  readonly skillId: SkillId | undefined
  /** The agent who it is assigned to; `undefined` while there is none. */
  readonly agentId: string | undefined
}

/** A dialog that goes on. */
export interface Dialog {
  readonly dialogId: DialogId
  readonly dialogType: DialogState["dialogType"]
  readonly conversation: Conversation
  readonly creationTs: number
  state: DialogState["state"]
  next: Sequence
  updateTs: number
  /** How it ended; `untold` until a change of the conversation has said so. */
  end: { readonly ts: number; readonly by: CloseReason; readonly cause: string; untold: boolean } | undefined
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
  agentId: ConversationState["agentId"]
  readonly ledger: Ledger
}

/** What LivePerson notes of a conversation for its notifications alone. */
interface Ledger {
  /** Whether the consumer had none before. */
  readonly first: boolean
  readonly startTs: number
  /** Since when the consumer waits for an answer. */
  askedTs: number
  updateTs: number
  endTs: number | undefined
}

const openDialog = (
  conversation: Conversation,
  id: string,
  dialogType: Dialog["dialogType"],
  creationTs: number
): Dialog => {
  const dialogId = DialogId.make(id)
  const began = { creationTs, updateTs: creationTs, end: undefined }
  const dialog: Dialog = { dialogId, dialogType, conversation, state: "OPEN", next: 0, ...began }
  conversation.dialogs.push(dialog)
  return dialog
}

/** Opens a conversation and its MAIN dialog. */
export const open = (
  asked: Pick<Conversation, "id" | "consumer" | "lpConsumerId" | "request" | "clientProperties" | "profile">,
  { at, first }: { readonly at: number; readonly first: boolean }
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
    skillId,
    agentId: undefined,
    ledger: { first, startTs: at, askedTs: at, updateTs: at - 1, endTs: undefined }
  }
  return openDialog(conversation, asked.id, "MAIN", at)
}

export const isOpen = ({ closeReason }: Conversation): boolean => closeReason === undefined

type Unnumbered<T> = T extends EventState ? Omit<T, "dialogId" | "sequence"> : never

const isContent = ({ event }: Pick<EventState, "event">): boolean =>
  event.type === "ContentEvent" || event.type === "RichContentEvent"

/** Publishes an event, and gives it the next number of the dialog; a chat state has none. */
export const publish = (dialog: Dialog, said: Unnumbered<EventState>): EventState => {
  const { conversation, dialogId, dialogType } = dialog
  const published = { ...said, dialogId, sequence: said.event.type === "ChatStateEvent" ? undefined : dialog.next++ }
  conversation.events.push(published)
  if (said.by === "CONSUMER" && dialogType === "MAIN") {
    if (said.event.type === "ChatStateEvent") conversation.typing = said.event.chatState === "COMPOSING"
    if (isContent(said)) conversation.ledger.askedTs = said.at
  }
  return published
}

/** How a dialog is closed: by whom, when, and why. */
export interface Closing {
  readonly by: CloseReason
  readonly at: number
  readonly cause?: string | undefined
}

const causes: Record<CloseReason, string> = { CONSUMER: "Closed by consumer", AGENT: "Closed by agent" }

/**
 * Closes a dialog. Where a survey's id is given, the MAIN dialog is followed by the survey, which is returned. No other
 * dialog is open beside one that is, so that otherwise the conversation closes.
 */
export const closeDialog = (dialog: Dialog, { at, by, cause }: Closing, survey?: string): Dialog | undefined => {
  if (dialog.state === "CLOSE") return undefined
  dialog.state = "CLOSE"
  dialog.end = { ts: at, by, cause: cause ?? causes[by], untold: true }
  const { conversation, dialogType } = dialog
  if (dialogType === "MAIN" && survey !== undefined) return openDialog(conversation, survey, "POST_SURVEY", at)
  conversation.closeReason = by
  conversation.ledger.endTs = at
  return undefined
}

/** Closes a conversation and all its dialogs at once, without a survey. */
export const close = (conversation: Conversation, closing: Closing): void => {
  for (const dialog of conversation.dialogs) closeDialog(dialog, closing)
}

/** Hands a conversation to a skill, whose agents have yet to take it. */
export const transfer = (conversation: Conversation, skillId: SkillId): void => {
  conversation.skillId = skillId
  conversation.agentId = undefined
}

/** Dates a change. Changes are put in order by their dates, so that no two of a conversation may be the same. */
export const touch = ({ dialogs, ledger }: Conversation, at: number): void => {
  ledger.updateTs = Math.max(at, ledger.updateTs + 1)
  for (const dialog of dialogs) {
    if (dialog.end?.untold === false) continue
    dialog.updateTs = ledger.updateTs
    if (dialog.end !== undefined) dialog.end.untold = false
  }
}

const isConsumers = (said: EventState): said is ConsumerEventState => said.by === "CONSUMER"

const messagesOf = ({ dialogs: [main], events }: Conversation): ConversationState["messages"] =>
  events
    .filter(isConsumers)
    .flatMap(({ dialogId, event, sequence }) =>
      dialogId === main?.dialogId &&
      sequence !== undefined &&
      event.type === "ContentEvent" &&
      event.contentType === "text/plain"
        ? [{ sequence, text: event.message }]
        : []
    )

/** What the agent sees now. */
export const snapshot = (conversation: Conversation): ConversationState => {
  const { ledger: _ledger, lpConsumerId: _id, ...seen } = conversation
  return {
    ...seen,
    state: isOpen(conversation) ? "OPEN" : "CLOSE",
    dialogs: conversation.dialogs.map(({ dialogId, dialogType, state }) => ({ dialogId, dialogType, state })),
    events: [...conversation.events],
    messages: messagesOf(conversation)
  }
}
