/**
 * Everything the page shows, as signals: what the simulator told, and what the person in front of the page looks at.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals"
import type { Changes, Info } from "../src/ControlApi.ts"
import type { ActiveRule } from "../src/Fault.ts"
import type { Conversation, Summary } from "../src/State.ts"
import type { Row } from "../src/Wire.ts"
import { isSpent } from "./model/faults.ts"
import { type Seen, seenBetween } from "./model/timeline.ts"
import { type Filter, filtered, merge } from "./model/wire.ts"

/** How the page hears from the simulator. */
export const connection = signal<"connecting" | "live" | "reconnecting">("connecting")

/** The time, as far as the page needs to know it. */
export const now = signal(0)

export const info = signal<Info | undefined>(undefined)
export const summaries = signal<ReadonlyMap<string, Summary>>(new Map())
export const wire = signal<ReadonlyArray<Row>>([])
export const faults = signal<ReadonlyArray<ActiveRule>>([])

/** Every rule that was seen, so that what it did can be told when it is gone. */
export const rules = signal<ReadonlyMap<number, ActiveRule>>(new Map())

/** The changes of conversations that were seen as they happened, by conversation. */
export const seen = signal<ReadonlyMap<string, ReadonlyArray<Seen>>>(new Map())

/** The conversation that is looked at: its id, and itself once it was loaded. */
export const selectedId = signal<Conversation["id"] | undefined>(undefined)
export const conversation = signal<Conversation | undefined>(undefined)

export const selected: ReadonlySignal<Summary | undefined> = computed(() => summaries.value.get(selectedId.value ?? ""))

/** Takes in what changed. */
export const receive = (changes: Changes): void =>
  batch(() => {
    if (changes.reset) {
      summaries.value = new Map()
      wire.value = []
      seen.value = new Map()
      rules.value = new Map()
      if (paused.value !== undefined) paused.value = []
    }
    if (changes.conversations.length > 0) takeIn(changes.conversations)
    wire.value = merge(wire.value, changes.wire)
    if (changes.faults !== undefined) {
      faults.value = changes.faults
      rules.value = new Map([...rules.value, ...changes.faults.map((rule) => [rule.id, rule] as const)])
    }
    if (changes.info !== undefined) info.value = changes.info
    connection.value = "live"
  })

const takeIn = (changed: Changes["conversations"]): void => {
  const known = summaries.value
  const next = new Map(known)
  const noted = new Map(seen.value)
  for (const summary of changed) {
    const lines = seenBetween(known.get(summary.id), summary)
    if (lines.length > 0) noted.set(summary.id, [...(noted.get(summary.id) ?? []), ...lines])
    next.set(summary.id, summary)
  }
  summaries.value = next
  seen.value = noted
}

/** How the conversations are looked for. */
export const search = signal("")
export const show = signal<"all" | "open" | "closed">("all")

const newestFirst = computed(() =>
  [...summaries.value.values()].toSorted(
    (one, other) => other.updatedAt - one.updatedAt || (one.id < other.id ? -1 : 1)
  )
)

const found = (words: ReadonlyArray<string>, summary: Summary): boolean => {
  const { agentId, consumer, id, last, name, skillId } = summary
  const text = [name, consumer, id, last, skillId, agentId].join(" ").toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The conversations that are listed: the newest first. */
export const listed: ReadonlySignal<ReadonlyArray<Summary>> = computed(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  const state = { all: undefined, open: "OPEN", closed: "CLOSE" }[show.value]
  if (words.length === 0 && state === undefined) return newestFirst.value
  return newestFirst.value.filter(
    (summary) => (state === undefined || summary.state === state) && (words.length === 0 || found(words, summary))
  )
})

export const counts = computed(() => {
  const all = [...summaries.value.values()]
  const open = all.filter(({ state }) => state === "OPEN").length
  return { all: all.length, open, closed: all.length - open, unread: all.reduce((sum, { unread }) => sum + unread, 0) }
})

/** How the wire is looked through. */
export const wireText = signal("")
export const wireKind = signal<Filter["kind"]>("all")
export const wireOutcome = signal<Filter["outcome"]>("all")
export const wireMine = signal(false)

/** The rows as they were when the list was paused; `undefined` while it goes on. */
export const paused = signal<ReadonlyArray<Row> | undefined>(undefined)

/** How many rows came since the list was paused. */
export const waiting = computed(() => {
  if (paused.value === undefined) return 0
  const last = paused.value.at(-1)?.id ?? 0
  return wire.value.length - wire.value.findLastIndex(({ id }) => id <= last) - 1
})

export const rows: ReadonlySignal<ReadonlyArray<Row>> = computed(() =>
  filtered(paused.value ?? wire.value, {
    text: wireText.value,
    kind: wireKind.value,
    outcome: wireOutcome.value,
    whose: wireMine.value ? selected.value : undefined
  })
)

export const togglePause = (): void => {
  paused.value = paused.value === undefined ? wire.value : undefined
}

/** The exchange whose details are looked at. */
export const openedRow = signal<Row["id"] | undefined>(undefined)

export const activeFaults = computed(() => faults.value.filter((rule) => !isSpent(rule)))

/** The rules that have done what they were to do and are gone, the last one first; how often each did is counted here. */
export const spentFaults: ReadonlySignal<ReadonlyArray<ActiveRule>> = computed(() => {
  const acted = new Map<number, number>()
  for (const { fault } of wire.value) if (fault !== undefined) acted.set(fault, (acted.get(fault) ?? 0) + 1)
  return [...rules.value.values()]
    .filter(({ id }) => acted.has(id) && !faults.value.some((rule) => rule.id === id))
    .map((rule) => ({ ...rule, acted: acted.get(rule.id) ?? rule.acted }))
    .toReversed()
})

/** The last exchange that a fault had its way with. */
export const lastFaulted = computed(() => wire.value.findLast(({ fault }) => fault !== undefined))

/** Which of the panes is seen where there is room for one. */
export const pane = signal<"conversations" | "chat" | "wire">("conversations")

/** What lies over the panes. */
export type Over = "faults" | "consumer" | "connect" | "help"
export const over = signal<Over | undefined>(undefined)

/** What was said to the person in front of the page. */
export interface Notice {
  readonly id: number
  readonly tone: "good" | "bad"
  readonly text: string
}
export const notices = signal<ReadonlyArray<Notice>>([])
