/**
 * From what happened to what is posted: in order within a conversation, beside each other between conversations, and
 * again where it failed.
 *
 * Reference: section 5.1.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Schema from "effect/Schema"
import type { WebhookFault } from "../WebhookFault.ts"
import { type Deliver, type Delivery, Key, type State, Webhooks } from "../Webhooks.ts"
import { make as makeFaults } from "./webhookFaults.ts"
import type { Notice } from "./notifications.ts"
import { post, prepare, type Signer } from "./post.ts"
import { make as makeStates } from "./webhookStates.ts"

/** A notification on its way. */
interface Parcel {
  readonly notice: Notice
  posts: number
  failures: number
}

/** What a conversation has to deliver: what waits its turn, and what a fault holds back. */
interface Lane {
  readonly waiting: Array<Parcel>
  readonly held: Array<{ readonly parcel: Parcel; after: number }>
  isBusy: boolean
}

const retryByNumberMillis = 30_000
const firstPauseMillis = 2000
const longestPauseMillis = 300_000

const isTaken = (status: Delivery["status"]): boolean => status === 200 || status === 201

const withoutQuery = (endpoint: string): string => endpoint.replace(/[?#].*$/, "").replace(/\/\/[^/@]*@/, "//")

const decode = Schema.decodeEffect(Webhooks)

export const make = Effect.fnUntraced(function* (signer: Signer, initial: Deliver | undefined) {
  const run = yield* FiberSet.makeRuntime()
  const faults = makeFaults()
  const states = makeStates()
  const lanes = new Map<string, Lane>()
  const log: Array<Delivery> = []
  let subscription: Webhooks = {}
  let deliver = initial

  const record = ({ notice, posts }: Parcel, endpoint: string, at: number) => {
    const { conversationId, key, type } = notice
    const entry = { key, endpoint: withoutQuery(endpoint), conversationId, type, attempt: posts, at }
    const nth = log.push({ ...entry, status: "waiting" }) - 1
    return (status: Delivery["status"]): void => {
      log[nth] = { ...entry, status }
    }
  }

  /** Posts once. Says whether there is nothing left to do: it was taken, or nobody wants it any more. */
  const attempt = Effect.fnUntraced(function* (parcel: Parcel, forged = false) {
    const { notice } = parcel
    const endpoint = subscription[notice.key]
    if (endpoint === undefined) {
      states.abandoned(notice.key)
      return true
    }
    parcel.posts += 1
    const answered = record(parcel, endpoint.endpoint, yield* Clock.currentTimeMillis)
    const status = yield* Effect.onInterrupt(
      post(deliver, prepare(signer, endpoint, notice, { ...subscription, forged })),
      () => Effect.sync(() => answered("dropped"))
    )
    answered(status)
    if (isTaken(status)) {
      states.delivered(notice.key)
      return true
    }
    parcel.failures += 1
    states.failed(notice.key)
    return false
  })

  /** How a failed parcel goes on. The time that it may take overrides the number, except for a number of none. */
  const planFor = ({ failures, notice }: Parcel, now: number) => {
    const { max_retries } = subscription[notice.key] ?? {}
    const { retry } = subscription
    if (retry !== undefined && max_retries !== 0) {
      const pause = Math.min(firstPauseMillis * 2 ** (failures - 1), longestPauseMillis)
      const isInTime = now + pause <= notice.at + retry.retention_time * 1000
      return isInTime ? { pause, inOrder: true } : undefined
    }
    return failures <= (max_retries ?? 0) ? { pause: retryByNumberMillis, inOrder: false } : undefined
  }

  const persist = Effect.fnUntraced(function* (parcel: Parcel, pause: number) {
    for (let plan: { readonly pause: number } | undefined = { pause }; plan !== undefined;) {
      yield* Effect.sleep(plan.pause)
      if (yield* attempt(parcel)) return
      plan = planFor(parcel, yield* Clock.currentTimeMillis)
    }
    states.abandoned(parcel.notice.key)
  })

  const transport = Effect.fnUntraced(function* (parcel: Parcel, fault?: WebhookFault) {
    if (!(yield* attempt(parcel, fault?._tag === "WrongSignature"))) {
      const plan = planFor(parcel, yield* Clock.currentTimeMillis)
      if (plan === undefined) states.abandoned(parcel.notice.key)
      else if (plan.inOrder) yield* persist(parcel, plan.pause)
      else run(persist(parcel, plan.pause))
    }
    if (fault?._tag !== "Duplicate") return
    for (let copy = 1; copy < fault.copies; copy += 1) {
      states.accepted(parcel.notice.key)
      if (!(yield* attempt(parcel))) states.abandoned(parcel.notice.key)
    }
  })

  const handle = Effect.fnUntraced(function* (lane: Lane, parcel: Parcel) {
    const { key } = parcel.notice
    const fault = faults.take(key)
    if (fault?._tag === "Reorder") {
      lane.held.push({ parcel, after: fault.after })
      return
    }
    if (fault?._tag === "Loss") {
      const answered = record(parcel, subscription[key]?.endpoint ?? "", yield* Clock.currentTimeMillis)
      answered("dropped")
      states.abandoned(key)
    } else {
      if (fault?._tag === "Delay") yield* Effect.sleep(fault.duration)
      yield* transport(parcel, fault)
    }
    for (const entry of lane.held) entry.after -= 1
    const due = lane.held.filter(({ after }) => after === 0)
    lane.held.splice(0, lane.held.length, ...lane.held.filter(({ after }) => after > 0))
    for (const { parcel } of due) yield* transport(parcel)
  })

  const work = Effect.fnUntraced(function* (conversationId: string, lane: Lane) {
    // What happened is told first to whom it happened.
    yield* Effect.yieldNow
    for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) yield* handle(lane, next)
    lane.isBusy = false
    if (lane.held.length === 0) lanes.delete(conversationId)
  })

  return {
    /** Takes a notification on its way, at once and without waiting for anything. */
    offer: (notice: Notice): void => {
      const { conversationId, key } = notice
      states.accepted(key)
      const lane = lanes.get(conversationId) ?? { waiting: [], held: [], isBusy: false }
      lanes.set(conversationId, lane)
      lane.waiting.push({ notice, posts: 0, failures: 0 })
      if (lane.isBusy) return
      lane.isBusy = true
      run(work(conversationId, lane))
    },

    /** Whether anybody wants to hear of this kind. */
    isWanted: (key: Key): boolean => subscription[key] !== undefined,

    /** From now on this is subscribed to, and nothing else, and delivered by the same means as before unless given. */
    subscribe: Effect.fnUntraced(function* (webhooks: Webhooks, by?: Deliver) {
      subscription = yield* Effect.orDie(decode(webhooks))
      deliver = by ?? deliver
      states.reset()
    }),

    fault: (fault: WebhookFault, { key, times = 1 }: { readonly key?: Key; readonly times?: number } = {}) =>
      Effect.sync(() => faults.add(fault, key, times)),

    clearFaults: Effect.sync(faults.clear),

    log: Effect.sync((): ReadonlyArray<Delivery> => [...log]),

    states: Effect.sync((): { readonly [K in Key]?: State } => {
      const subscribed = Key.literals.filter((key) => subscription[key] !== undefined)
      return Object.fromEntries(subscribed.map((key) => [key, states.of(key)]))
    })
  }
})
