/**
 * A conversation as LivePerson keeps it: its dialogs, what was published in them, and how they end. What the agent sees
 * of it is a copy.
 */
import { DialogId, type SkillId } from "@effect-liveperson/core/protocol"
import * as Arr from "effect/Array"
import type * as State from "../../State.ts"

/** A dialog that goes on. */
export interface Dialog {
  readonly dialogId: DialogId
  readonly dialogType: State.Dialog["dialogType"]
  readonly conversation: Conversation
  readonly creationTs: number
  state: State.Dialog["state"]
  next: number
  updateTs: number
  /** How it ended; `untold` until a change of the conversation has said so. */
  end: { readonly ts: number; readonly by: State.CloseReason; readonly cause: string; untold: boolean } | undefined
}

/** A conversation that goes on. */
export interface Conversation extends Pick<
  State.Conversation,
  "id" | "account" | "consumer" | "request" | "clientProperties"
> {
  /** LivePerson's own name for the consumer. */
  readonly lpConsumerId: string
  readonly dialogs: Array<Dialog>
  readonly events: Array<State.Event>
  profile: State.Conversation["profile"]
  closeReason: State.Conversation["closeReason"]
  typing: State.Conversation["typing"]
  csat: State.Conversation["csat"]
  ttr: State.Conversation["ttr"]
  skillId: State.Conversation["skillId"]
  agentId: State.Conversation["agentId"]
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
  asked: Pick<
    Conversation,
    "id" | "account" | "consumer" | "lpConsumerId" | "request" | "clientProperties" | "profile"
  >,
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

type Unnumbered<T> = T extends State.Event ? Omit<T, "dialogId" | "sequence"> : never

const isContent = ({ event }: Pick<State.Event, "event">): boolean =>
  event.type === "ContentEvent" || event.type === "RichContentEvent"

/** Publishes an event, and gives it the next number of the dialog; a chat state has none. */
export const publish = (dialog: Dialog, said: Unnumbered<State.Event>): State.Event => {
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
  readonly by: State.CloseReason
  readonly at: number
  readonly cause?: string | undefined
}

const causes: Record<State.CloseReason, string> = { CONSUMER: "Closed by consumer", AGENT: "Closed by agent" }

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

const isConsumers = (said: State.Event): said is State.ConsumerEvent => said.by === "CONSUMER"

const messagesOf = ({ dialogs: [main], events }: Conversation): State.Conversation["messages"] =>
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

const openness = (conversation: Conversation) => (isOpen(conversation) ? "OPEN" : "CLOSE")

/** What the agent sees now. */
export const snapshot = (conversation: Conversation): State.Conversation => {
  const { ledger, lpConsumerId: _id, ...seen } = conversation
  return {
    ...seen,
    state: openness(conversation),
    openedAt: ledger.startTs,
    closedAt: ledger.endTs,
    dialogs: conversation.dialogs.map(({ dialogId, dialogType, state }) => ({ dialogId, dialogType, state })),
    events: [...conversation.events],
    messages: messagesOf(conversation)
  }
}

/** How many of the consumer's messages in the open dialog, or else in all, nobody has read. */
const unreadOf = ({ events }: Conversation): number => {
  const unread = new Set<string>()
  for (const said of events) {
    const { by, dialogId, event, sequence } = said
    if (by === "CONSUMER" && isContent(said)) unread.add(`${dialogId} ${sequence}`)
    if (by !== "CONSUMER" && event.type === "AcceptStatusEvent" && "sequenceList" in event) {
      if (event.status === "READ")
        for (const read of Arr.ensure(event.sequenceList)) unread.delete(`${dialogId} ${read}`)
    }
  }
  return unread.size
}

const previewLength = 120

const lastOf = ({ events }: Conversation): string => {
  const event = events.findLast(isContent)?.event
  if (event === undefined) return ""
  return "message" in event && typeof event.message === "string"
    ? event.message.slice(0, previewLength)
    : "contentType" in event
      ? String(event.contentType)
      : "structured content"
}

/** The same in a line. */
export const summary = (conversation: Conversation): State.Summary => {
  const { account, agentId, closeReason, consumer, csat, dialogs, events, id, ledger, profile, skillId, ttr, typing } =
    conversation
  return {
    id,
    account,
    consumer,
    name: [profile.firstName, profile.lastName].filter((name) => name !== undefined).join(" "),
    state: openness(conversation),
    survey: dialogs.some(({ dialogType, state }) => dialogType === "POST_SURVEY" && state === "OPEN"),
    closeReason,
    skillId,
    ttr,
    agentId,
    csat,
    typing,
    unread: unreadOf(conversation),
    last: lastOf(conversation),
    openedAt: ledger.startTs,
    updatedAt: Math.max(ledger.updateTs, events.at(-1)?.at ?? 0)
  }
}
