/**
 * A conversation as a chat: what was said in the order in which it is read, the receipts folded into the messages that
 * they are for, and what became of the conversation between them.
 */
import type { Conversation, Event, Summary } from "../../src/State.ts"
import { day, sameDay } from "./time.ts"

/** How far a message got, as the other side's receipts say. */
export type Receipt = "sent" | "accepted" | "read" | "refused"

export type Side = "consumer" | "agent" | "bot"

export interface Message {
  readonly key: string
  readonly said: Event
  readonly receipt: Receipt
}

/** What one side said without much of a pause. */
export interface Group {
  readonly _tag: "Group"
  readonly key: string
  readonly side: Side
  /** Whether the consumer does not see it. */
  readonly note: boolean
  readonly at: number
  readonly messages: ReadonlyArray<Message>
}

/** Something that happened. */
export interface Line {
  readonly _tag: "Line"
  readonly key: string
  readonly icon: "open" | "join" | "transfer" | "close" | "rate" | "click" | "day"
  readonly text: string
  readonly at: number
  /** Whether `at` is when it happened, and not merely where it belongs. */
  readonly timed: boolean
}

export type Item = Group | Line

/** A dialog and what is read in it. */
export interface Section {
  readonly dialogId: string
  readonly dialogType: Conversation["dialogs"][number]["dialogType"]
  readonly open: boolean
  readonly items: ReadonlyArray<Item>
}

/** A change of a conversation that was seen as it happened. */
export type Seen = Line & { readonly icon: "join" | "transfer" | "close" | "rate" }

const pause = 3 * 60_000

const rank = { sent: 0, accepted: 1, read: 2, refused: 3 } as const

const receiptOf = { ACCEPT: "accepted", READ: "read", ACCESS: "read", ACTION: "read", NACK: "refused" } as const

type ReceiptEvent = Extract<Event["event"], { readonly type: "AcceptStatusEvent" }>

const isReceipt = (event: Event["event"]): event is ReceiptEvent =>
  event.type === "AcceptStatusEvent" && "sequenceList" in event && Array.isArray(event.sequenceList)

const isConsumers = ({ by }: Event): boolean => by === "CONSUMER"

/** Whether it is something to be read, and not a state or a receipt. */
export const isContent = ({ event: { type } }: Event): boolean =>
  type !== "ChatStateEvent" && type !== "AcceptStatusEvent"

const nameOf = (dialogId: string, sequence: number | undefined, ofConsumer: boolean): string =>
  `${dialogId} ${ofConsumer ? "consumer" : "brand"} ${sequence}`

/** How far the messages got, by name. A receipt is for what the other side said. */
const receiptsOf = (events: Conversation["events"]): ReadonlyMap<string, Receipt> => {
  const receipts = new Map<string, Receipt>()
  for (const said of events) {
    const { dialogId, event } = said
    if (!isReceipt(event)) continue
    const receipt = receiptOf[event.status]
    for (const sequence of event.sequenceList) {
      const name = nameOf(dialogId, sequence, !isConsumers(said))
      if (rank[receipt] > rank[receipts.get(name) ?? "sent"]) receipts.set(name, receipt)
    }
  }
  return receipts
}

/** The numbers of what one side has yet to read of the other in the dialog that is open. */
export const unreadBy = (reader: "agent" | "consumer", { dialogs, events }: Conversation): ReadonlyArray<number> => {
  const open = dialogs.findLast(({ state }) => state === "OPEN") ?? dialogs.at(-1)
  const receipts = receiptsOf(events)
  return events.flatMap((said) => {
    const { dialogId, messageAudience, sequence } = said
    const theirs = isConsumers(said) === (reader === "agent")
    const seen = reader === "agent" || messageAudience === "ALL"
    if (!theirs || !seen || dialogId !== open?.dialogId || sequence === undefined || !isContent(said)) return []
    return receipts.get(nameOf(dialogId, sequence, isConsumers(said))) === "read" ? [] : [sequence]
  })
}

const line = (icon: Line["icon"], text: string, at: number, timed = true): Line => ({
  _tag: "Line",
  key: `${icon} ${at} ${text}`,
  icon,
  text,
  at,
  timed
})

const who = { AGENT: "the agent", CONSUMER: "the consumer" } as const

export const ratingOf = ({ csatRate, csatResolutionConfirmation, status }: NonNullable<Conversation["csat"]>): string =>
  status === "SKIPPED"
    ? "The consumer skipped the rating"
    : `Rated ${csatRate} of 5, ${csatResolutionConfirmation ? "resolved" : "not resolved"}`

/** What changed between two sights of a conversation. */
export const seenBetween = (before: Summary | undefined, now: Summary): ReadonlyArray<Seen> => {
  if (before === undefined) return []
  const at = now.updatedAt
  const seen = (icon: Seen["icon"], text: string): Seen => ({ ...line(icon, text, at), icon })
  return [
    ...(now.skillId !== before.skillId ? [seen("transfer", `Transferred to skill ${now.skillId ?? "-1"}`)] : []),
    ...(now.agentId !== before.agentId && now.agentId !== undefined ? [seen("join", `${now.agentId} joined`)] : []),
    ...(now.csat !== undefined && now.csat !== before.csat && before.csat?.csatRate !== now.csat.csatRate
      ? [seen("rate", ratingOf(now.csat))]
      : []),
    ...(now.closeReason !== undefined && before.closeReason === undefined
      ? [seen("close", `Closed by ${who[now.closeReason]}`)]
      : [])
  ]
}

/** What can be told of a conversation's changes from how it is now, where nobody saw them. */
const surmised = (conversation: Conversation, updatedAt: number) => {
  const { agentId, closedAt, closeReason, csat, events, openedAt, request, skillId } = conversation
  const answered = events.find(({ by }) => by === "ASSIGNED_AGENT")?.at ?? updatedAt
  return [
    line("open", "Opened by the consumer", openedAt),
    ...(agentId === undefined ? [] : [line("join", `${agentId} joined`, answered - 0.5, false)]),
    ...(skillId === undefined || skillId === request.skillId
      ? []
      : [line("transfer", `Transferred to skill ${skillId} since`, openedAt, false)]),
    ...(csat === undefined ? [] : [line("rate", ratingOf(csat), updatedAt, false)]),
    ...(closeReason === undefined ? [] : [line("close", `Closed by ${who[closeReason]}`, closedAt ?? updatedAt)])
  ]
}

const clicked = (said: Event): ReadonlyArray<Line> => {
  const { at, event, metadata } = said
  if (!isReceipt(event) || event.status !== "ACTION") return []
  const ids = metadata.flatMap((entry) => ("id" in entry && typeof entry.id === "string" ? [entry.id] : []))
  return [
    line(
      "click",
      `Clicked ${ids.length === 0 ? "an element" : ids.join(", ")} of #${event.sequenceList.join(", #")}`,
      at
    )
  ]
}

const sideOf = ({ by }: Event): Side => (by === "CONSUMER" ? "consumer" : by === "ASSIGNED_AGENT" ? "agent" : "bot")

const joins = (group: Item | undefined, said: Event): group is Group =>
  group?._tag === "Group" &&
  group.side === sideOf(said) &&
  group.note === (said.messageAudience !== "ALL") &&
  said.at - (group.messages.at(-1)?.said.at ?? 0) < pause

const itemsOf = (
  said: ReadonlyArray<Event>,
  lines: ReadonlyArray<Line>,
  receipts: ReadonlyMap<string, Receipt>
): ReadonlyArray<Item> => {
  const items: Array<Item> = []
  const add = (said: Event, key: string): void => {
    const receipt = receipts.get(nameOf(said.dialogId, said.sequence, isConsumers(said))) ?? "sent"
    const message: Message = { key, said, receipt }
    const last = items.at(-1)
    if (joins(last, said)) items[items.length - 1] = { ...last, messages: [...last.messages, message] }
    else {
      const note = said.messageAudience !== "ALL"
      items.push({ _tag: "Group", key, side: sideOf(said), note, at: said.at, messages: [message] })
    }
  }
  let day = 0
  const on = (at: number): void => {
    if (day !== 0 && !sameDay(day, at)) items.push(dayLine(at))
    day = at
  }
  const waiting = lines.toSorted((one, other) => one.at - other.at)
  const tell = (until: number): void => {
    for (let next = waiting[0]; next !== undefined && next.at <= until; next = waiting[0]) {
      on(next.at)
      items.push(next)
      waiting.shift()
    }
  }
  for (const [nth, event] of said.entries()) {
    if (!isContent(event)) continue
    tell(event.at)
    on(event.at)
    add(event, `${event.dialogId} ${nth}`)
  }
  tell(Infinity)
  return items
}

const dayLine = (at: number): Line => line("day", day(at), at, false)

/** Whether it is told at the end of the last dialog. */
const atEnd = ({ icon }: Line): boolean => icon === "close" || icon === "rate"

/**
 * A conversation's dialogs, as they are read. `updatedAt` is when something last happened in it, and `seen` are the
 * changes of it that were seen as they happened.
 */
export const sectionsOf = (
  conversation: Conversation,
  updatedAt: number,
  seen: ReadonlyArray<Seen> = []
): ReadonlyArray<Section> => {
  const { dialogs, events } = conversation
  const receipts = receiptsOf(events)
  const wasSeen = new Set<Line["icon"]>(seen.map(({ icon }) => icon))
  const lines = [...surmised(conversation, updatedAt).filter(({ icon }) => !wasSeen.has(icon)), ...seen]
  const last = dialogs.length - 1
  return dialogs.map(({ dialogId, dialogType, state }, nth) => {
    const said = events.filter((event) => event.dialogId === dialogId)
    const own = lines.filter((change) => (atEnd(change) ? nth === last : nth === 0))
    return {
      dialogId,
      dialogType,
      open: state === "OPEN",
      items: itemsOf(said, [...own, ...said.flatMap(clicked)], receipts)
    }
  })
}
