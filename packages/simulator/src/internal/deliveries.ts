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
import type { DeliveryFault } from "../Fault.ts"
import { type Deliver, Key, type Posted, type State, Webhooks } from "../Webhooks.ts"
import type { Delivery, Status } from "../Wire.ts"
import type { Acting, Faults } from "./faults.ts"
import type { Notice } from "./notifications.ts"
import { post, prepare, type Signer } from "./post.ts"
import * as Secrets from "./secrets.ts"
import { make as makeStates } from "./webhookStates.ts"
import type { Entry, Log } from "./wire.ts"

/** A notification on its way. */
interface Parcel {
  readonly notice: Notice
  posts: number
  failures: number
}

/** What a conversation has to deliver: what waits its turn, and what a fault holds back. */
interface Lane {
  readonly waiting: Array<Parcel>
  readonly held: Array<{ readonly parcel: Parcel; readonly acting: Acting<DeliveryFault> | undefined; after: number }>
  isBusy: boolean
}

const retryByNumberMillis = 30_000
const firstPauseMillis = 2000
const longestPauseMillis = 300_000

const utf8 = new TextDecoder()

const isTaken = (status: Status): boolean => status === 200 || status === 201

const withoutQuery = (endpoint: string): string => endpoint.replace(/[?#].*$/, "").replace(/\/\/[^/@]*@/, "//")

const decode = Schema.decodeEffect(Webhooks)

/** `stated` is told when an endpoint is otherwise than it was. */
export const make = Effect.fnUntraced(function* (
  app: Signer,
  initial: Deliver | undefined,
  faults: Faults,
  wire: Log,
  stated: () => void
) {
  const underWay = yield* FiberSet.make()
  const run = yield* FiberSet.runtime(underWay)()
  const states = makeStates(stated)
  const lanes = new Map<string, Lane>()
  let subscription: Webhooks = {}
  let deliver = initial
  let signer = app

  /** Puts an attempt on the wire. A request that is not posted has nothing to show. */
  const begin = (
    { notice, posts }: Parcel,
    {
      at,
      endpoint,
      fault,
      headers = {}
    }: Pick<Delivery, "at" | "endpoint" | "fault"> & Partial<Pick<Posted, "headers">>
  ): Entry<Delivery> => {
    const { account, consumer, conversationId, key, type } = notice
    const attempt = { key, endpoint: withoutQuery(endpoint), conversationId, type, attempt: posts }
    return wire.begin(
      (started) => ({ _tag: "Delivery", ...started, ...attempt, at, method: "POST", account, consumer, fault }),
      { headers, body: utf8.decode(notice.body) }
    )
  }

  const end = (entry: Entry, status: Status, response?: Entry["response"]) =>
    Effect.map(Clock.currentTimeMillis, (at) => wire.end(entry, at, status, response))

  /** Posts once. Says whether there is nothing left to do: it was taken, or nobody wants it any more. */
  const attempt = Effect.fnUntraced(function* (parcel: Parcel, acting?: Acting<DeliveryFault>) {
    const { notice } = parcel
    const endpoint = subscription[notice.key]
    if (endpoint === undefined) {
      states.abandoned(notice.key)
      return true
    }
    parcel.posts += 1
    const forged = acting?.fault._tag === "WrongSignature"
    const posted = prepare(signer, endpoint, notice, { ...subscription, forged })
    const at = yield* Clock.currentTimeMillis
    // What a subscription adds is there to tell the endpoint who it is.
    const headers = Secrets.without(posted.headers, endpoint.headers?.map(({ header_name }) => header_name) ?? [])
    const entry = begin(parcel, { at, endpoint: endpoint.endpoint, fault: acting?.id, headers })
    const { response, status } = yield* Effect.onInterrupt(post(deliver, posted), () => end(entry, "dropped"))
    yield* end(entry, status, response)
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

  const transport = Effect.fnUntraced(function* (parcel: Parcel, acting?: Acting<DeliveryFault>) {
    if (!(yield* attempt(parcel, acting))) {
      const plan = planFor(parcel, yield* Clock.currentTimeMillis)
      if (plan === undefined) states.abandoned(parcel.notice.key)
      else if (plan.inOrder) yield* persist(parcel, plan.pause)
      else run(persist(parcel, plan.pause))
    }
    if (acting?.fault._tag !== "Duplicate") return
    for (let copy = 1; copy < acting.fault.copies; copy += 1) {
      states.accepted(parcel.notice.key)
      if (!(yield* attempt(parcel, acting))) states.abandoned(parcel.notice.key)
    }
  })

  const handle = Effect.fnUntraced(function* (lane: Lane, parcel: Parcel) {
    const { key } = parcel.notice
    const acting = faults.ofDelivery(parcel.notice)
    const fault = acting?.fault
    if (fault?._tag === "Reorder") {
      lane.held.push({ parcel, after: fault.after, acting })
      return
    }
    if (fault?._tag === "Loss") {
      const at = yield* Clock.currentTimeMillis
      yield* end(begin(parcel, { at, endpoint: subscription[key]?.endpoint ?? "", fault: acting?.id }), "dropped")
      states.abandoned(key)
    } else {
      if (fault?._tag === "Delay") yield* Effect.sleep(fault.duration)
      yield* transport(parcel, acting)
    }
    for (const entry of lane.held) entry.after -= 1
    const due = lane.held.filter(({ after }) => after === 0)
    lane.held.splice(0, lane.held.length, ...lane.held.filter(({ after }) => after > 0))
    for (const { acting, parcel } of due) yield* transport(parcel, acting)
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

    /**
     * From now on this is subscribed to, and nothing else, delivered by the same means and signed by the same app as
     * before unless given.
     */
    subscribe: Effect.fnUntraced(function* (webhooks: Webhooks, by?: Deliver, as?: Signer) {
      subscription = yield* Effect.orDie(decode(webhooks))
      deliver = by ?? deliver
      signer = as ?? signer
      states.reset()
    }),

    /** Delivers nothing any more of what has happened so far. */
    forget: Effect.suspend(() => {
      lanes.clear()
      states.forget()
      return FiberSet.clear(underWay)
    }),

    /** What is subscribed to. */
    subscription: (): Webhooks => subscription,

    states: (): { readonly [K in Key]?: State } => {
      const subscribed = Key.literals.filter((key) => subscription[key] !== undefined)
      return Object.fromEntries(subscribed.map((key) => [key, states.of(key)]))
    }
  }
})
