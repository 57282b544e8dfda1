import type { Consumer } from "@effect-liveperson/gateway"
import type { ConversationId } from "@effect-liveperson/core/protocol"
import { Clock, Effect, Option } from "effect"
import type { Notice, Store, Waiting } from "../src/internal/store.ts"

export interface Row {
  state: "sending" | "sent" | "parked"
  replay: number
  tag: string
  conversationId: ConversationId | undefined
  after: number
  sequence?: number | undefined
  begunAt: number
}

export interface Kept extends Notice {
  readonly row: number
  consumer: Consumer.Address["consumer"] | undefined
  state: "waiting" | "done" | "told" | "refused"
  readonly receivedAt: number
}

/** A store in memory, which a test's processes share: it lives on when they are killed. */
export const make = () => {
  const epochs = new Map<string, number>()
  const names = new Map<string, Consumer.Address["consumer"]>()
  const conversations = new Map<
    ConversationId,
    { readonly consumer: Consumer.Address["consumer"]; open: boolean; readonly seen: number; readonly at: number }
  >()
  const messages = new Map<string, Row>()
  const inbox: Array<Kept> = []
  const closes = new Set<string>()

  const nameOf = ({ account, consumer }: Consumer.Address, id = "") => JSON.stringify([account, consumer, id])

  const openOf = ({ consumer }: Consumer.Address) =>
    [...conversations]
      .filter(([, conversation]) => conversation.open && conversation.consumer === consumer)
      .toSorted(([, left], [, right]) => right.seen - left.seen)[0]?.[0]

  const numbersOf = (dialogId: string) =>
    new Set([
      ...inbox.flatMap((notice) => (notice.dialogId === dialogId ? (notice.sequence ?? []) : [])),
      ...[...messages.values()].flatMap((row) => (row.conversationId === dialogId ? (row.sequence ?? []) : []))
    ])

  const adopt = (id: ConversationId, consumer: Consumer.Address["consumer"], at: number) => {
    if (!conversations.has(id)) conversations.set(id, { consumer, open: true, seen: conversations.size, at })
    for (const notice of inbox) if (notice.conversationId === id) notice.consumer ??= consumer
  }

  const store: Store["Service"] = {
    own: (address) =>
      Effect.sync(() => {
        const epoch = (epochs.get(nameOf(address)) ?? 0) + 1
        epochs.set(nameOf(address), epoch)
        return { epoch, conversationId: openOf(address) }
      }),
    identify: ({ consumer }, lpConsumer) => Effect.sync(() => void names.set(lpConsumer, consumer)),
    begin: (owner, { id, replay }, mark) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const row = messages.get(nameOf(owner, id))
        if (row !== undefined) return { ...row, age: now - row.begunAt }
        if (epochs.get(nameOf(owner)) !== owner.epoch) return "fenced"
        messages.set(nameOf(owner, id), { ...mark, state: "sending", replay, begunAt: now })
        return "begun"
      }),
    again: (owner, { id, replay }, mark) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        if (epochs.get(nameOf(owner)) !== owner.epoch) return false
        messages.set(nameOf(owner, id), { ...mark, state: "sending", replay, begunAt: now })
        return true
      }),
    sent: (address, { id }, arrival) =>
      Effect.sync(() => void Object.assign(messages.get(nameOf(address, id)) ?? {}, { ...arrival, state: "sent" })),
    park: (owner, { id }) =>
      Effect.sync(() => {
        if (epochs.get(nameOf(owner)) !== owner.epoch) return false
        Object.assign(messages.get(nameOf(owner, id)) ?? {}, { state: "parked" })
        return true
      }),
    isClosed: (address, id) => Effect.sync(() => closes.has(nameOf(address, id))),
    closed: (address, id) => Effect.sync(() => void closes.add(nameOf(address, id))),
    adopt: ({ consumer }, id) => Effect.map(Clock.currentTimeMillis, (now) => adopt(id, consumer, now)),
    newest: ({ consumer }, within) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const [newest] = [...conversations]
          .filter(([, conversation]) => conversation.consumer === consumer && conversation.at >= now - within)
          .toSorted(([, left], [, right]) => right.seen - left.seen)
        return Option.map(Option.fromUndefinedOr(newest), ([id, { open }]) => ({ id, open }))
      }),
    forget: (_address, id) => Effect.sync(() => void Object.assign(conversations.get(id) ?? {}, { open: false })),
    conversation: (address) => Effect.sync(() => Option.fromUndefinedOr(openOf(address))),
    echo: (_account, tag) =>
      Effect.sync(() =>
        Option.map(
          Option.fromUndefinedOr(inbox.find((notice) => notice.tag === tag)),
          ({ conversationId, sequence }) => ({ conversationId, sequence })
        )
      ),
    known: (_account, dialogId, from, to) =>
      Effect.sync(() => [...numbersOf(dialogId)].filter((number) => number > from && number < to).length),
    last: (_account, dialogId) => Effect.sync(() => Math.max(-1, ...numbersOf(dialogId))),
    receive: (_account, notices) =>
      Effect.map(Clock.currentTimeMillis, (receivedAt) =>
        notices.flatMap((notice) => {
          const { closes, conversationId, event, key, lpConsumer } = notice
          const named = lpConsumer === undefined ? undefined : names.get(lpConsumer)
          if (named !== undefined) adopt(conversationId, named, receivedAt)
          if (closes) Object.assign(conversations.get(conversationId) ?? {}, { open: false })
          if (inbox.some((kept) => kept.key === key)) return []
          const consumer = conversations.get(conversationId)?.consumer
          inbox.push({
            ...notice,
            consumer,
            state: event === undefined ? "done" : "waiting",
            receivedAt,
            row: inbox.length
          })
          return consumer ?? []
        })
      ),
    next: ({ consumer }) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const waiting = inbox.flatMap((notice): ReadonlyArray<Waiting> => {
          const { event, receivedAt, state } = notice
          if (notice.consumer !== consumer || state !== "waiting" || event === undefined) return []
          return [{ ...notice, event, age: now - receivedAt }]
        })
        const [first] = waiting
        const inDialog = waiting.filter(
          ({ dialogId, sequence }) => dialogId === first?.dialogId && sequence !== undefined
        )
        const [lowest] = inDialog.toSorted((left, right) => (left.sequence ?? 0) - (right.sequence ?? 0))
        return Option.fromUndefinedOr(first?.sequence === undefined ? first : lowest)
      }),
    settled: (_account, dialogId, from, to) =>
      Effect.sync(() => {
        const waiting = new Set(
          inbox.flatMap((notice) =>
            notice.dialogId === dialogId && notice.state === "waiting" ? (notice.sequence ?? []) : []
          )
        )
        return [...numbersOf(dialogId)].filter((number) => number > from && number < to && !waiting.has(number)).length
      }),
    told: (_account, dialogId) =>
      Effect.sync(() =>
        Math.max(
          -1,
          ...inbox.flatMap((notice) =>
            notice.dialogId === dialogId && (notice.state === "told" || notice.state === "refused")
              ? (notice.sequence ?? [])
              : []
          )
        )
      ),
    traceBefore: () => Effect.succeed(Option.none()),
    settle: (row, refusal) =>
      Effect.sync(() => void Object.assign(inbox[row] ?? {}, { state: refusal === undefined ? "told" : "refused" }))
  }
  return { store, inbox, messages }
}
