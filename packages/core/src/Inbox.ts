/**
 * Between the endpoint that must answer at once and the program that takes its time: what LivePerson said, without its
 * repetitions, in order and one at a time within a conversation, and different conversations side by side.
 *
 * {@link run} hands each event to the handler of its kind; {@link stream} gives them as they come. {@link layerMemory}
 * keeps them in memory, bounded.
 *
 * ```ts
 * import { Inbox } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const handled = Inbox.run({
 *   Text: (event, { conversationId }) => Effect.log(`${conversationId}: ${event.message.length} characters`),
 *   orElse: () => Effect.void
 * })
 * ```
 *
 * Reference: sections 5.1 and 5.3 to 5.5.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Internal from "./internal/delivery.ts"
import * as Memory from "./internal/inbox.ts"
import type { ConversationChange, Notification } from "./protocol/Notification.ts"
import type { ReceivedEvent, Unrecognized } from "./protocol/ReceivedEvent.ts"

/** One thing that LivePerson said: about which conversation, whether late, and after how many that never came. */
export type Delivery = Internal.Delivery

/** A delivery that is somebody's for now. */
export type Lease = Memory.Lease

/** A delivery that its handler failed with, and why. */
export type Parked = Memory.Parked

/** The inbox holds as much as it may. LivePerson is answered 503, and posts the notification again. */
export class InboxFull extends Schema.TaggedError<InboxFull>()("InboxFull", {}) {
  override get message(): string {
    return "The inbox is full."
  }
}

/**
 * - `offer`: takes a notification, all of it or nothing.
 * - `take`: the next delivery of a conversation that nobody else is dealing with. The conversation is free again when
 *   the scope closes; a delivery that was not `done` by then is the next one again.
 * - `park`: puts a delivery aside that cannot be dealt with. `parked` is what was put aside.
 * - `size`: how many deliveries wait or are being dealt with.
 */
export class Inbox extends Context.Service<
  Inbox,
  {
    readonly offer: (notification: Notification) => Effect.Effect<void, InboxFull>
    readonly take: Effect.Effect<Lease, never, Scope.Scope>
    readonly park: (delivery: Delivery, cause: Cause.Cause<unknown>) => Effect.Effect<void>
    readonly parked: Effect.Effect<ReadonlyArray<Parked>>
    readonly size: Effect.Effect<number>
  }
>()("@effect-liveperson/core/Inbox") {}

/** The kinds of events that an app can subscribe to. Chat states have no numbers, the others do. */
export type EventKind = "ContentEvent" | "RichContentEvent" | "AcceptStatusEvent" | "ChatStateEvent"

const numbered: ReadonlyArray<EventKind> = ["ContentEvent", "RichContentEvent", "AcceptStatusEvent"]

/** Options of {@link layerMemory}. */
export interface Options {
  /** How many deliveries may wait: 10,000. A notification that does not fit is answered 503. */
  readonly capacity?: number | undefined
  /** How many conversations' numbers are remembered: at least 10,000, those that were heard of last. */
  readonly conversations?: number | undefined
  /**
   * What the app subscribes to. An app that does not subscribe to everything that has a number never sees some of them,
   * so gaps in the numbers are waited for only if this has all three numbered kinds.
   */
  readonly subscribed?: ReadonlyArray<EventKind> | undefined
  /** How long a gap is waited for: two seconds. Then it goes on, and the next delivery says how many are `missed`. */
  readonly gapTimeout?: Duration.Input | undefined
  /** How many parked deliveries are kept: 1,000, the last ones. */
  readonly parkedCapacity?: number | undefined
  /** What is done at the end with deliveries that nobody has dealt with. They are counted in a warning otherwise. */
  readonly onShutdown?: ((left: ReadonlyArray<Delivery>) => Effect.Effect<void>) | undefined
}

const warn = (left: ReadonlyArray<Delivery>) =>
  Effect.logWarning(`The inbox was closed with ${left.length} deliveries that nobody has dealt with.`)

/** An inbox in memory: what is in it when the process is killed is lost. */
export const layerMemory = (options: Options = {}): Layer.Layer<Inbox> =>
  Layer.effect(
    Inbox,
    Effect.map(
      Memory.make({
        capacity: options.capacity ?? 10_000,
        conversations: options.conversations ?? 10_000,
        parkedCapacity: options.parkedCapacity ?? 1_000,
        gapTimeout: numbered.every((kind) => options.subscribed?.includes(kind))
          ? Duration.fromInputUnsafe(options.gapTimeout ?? "2 seconds")
          : undefined,
        onShutdown: options.onShutdown ?? warn
      }),
      (memory) =>
        Inbox.of({
          ...memory,
          offer: (notification) =>
            Effect.flatMap(memory.offer(notification), (fits) => (fits ? Effect.void : Effect.fail(new InboxFull())))
        })
    )
  )

/**
 * The deliveries as they come. Each counts as dealt with when the next one is asked for; one that was being dealt with
 * when the stream ended is given to the next who asks. Deal with them one after the other: to have conversations side
 * by side and each in order, use {@link run}.
 */
export const stream: Stream.Stream<Delivery, never, Inbox> = Stream.unwrap(
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const scope = yield* Effect.scope
    let previous: Effect.Effect<void> = Effect.void
    const next = Effect.suspend(() => previous).pipe(
      Effect.andThen(Scope.fork(scope)),
      Effect.flatMap((fork) =>
        Effect.map(Scope.provide(inbox.take, fork), ({ delivery, done }) => {
          previous = Effect.andThen(done, Scope.close(fork, Exit.void))
          return delivery
        })
      )
    )
    return Stream.fromEffectRepeat(next)
  })
)

type Things = ReceivedEvent | ConversationChange | Unrecognized

/** What is done with each kind of thing that LivePerson says. */
export type Handlers<E = never, R = never> = {
  readonly [Tag in Things["_tag"]]: (
    thing: Extract<Things, { readonly _tag: Tag }>,
    delivery: Delivery
  ) => Effect.Effect<void, E, R>
}

/** The same for some kinds, and for all others together. */
export type SomeHandlers<E = never, R = never> = Partial<Handlers<E, R>> & {
  readonly orElse: (thing: Things, delivery: Delivery) => Effect.Effect<void, E, R>
}

type Handler<E, R> = (thing: Things, delivery: Delivery) => Effect.Effect<void, E, R>

const handle = <E, R>(handlers: Handlers<E, R> | SomeHandlers<E, R>, delivery: Delivery): Effect.Effect<void, E, R> => {
  const { change } = delivery
  const thing: Things = change._tag === "MessagingEvent" ? change.event : change
  const own = handlers[thing._tag] as Handler<E, R> | undefined
  const handler = own ?? ("orElse" in handlers ? handlers.orElse : () => Effect.void)
  return handler(thing, delivery)
}

/** Options of {@link run}. */
export interface RunOptions<E> {
  /** How many conversations are dealt with at a time: 16. */
  readonly concurrency?: number | undefined
  /** When a handler that failed is called again, before the delivery is parked: three times, after 1, 2 and 4 seconds. */
  readonly retry?: Schedule.Schedule<unknown, E> | undefined
}

/** Three times, after 1, 2 and 4 seconds. */
export const defaultRetry: Schedule.Schedule<unknown> = Schedule.exponential("1 second").pipe(
  Schedule.upTo({ times: 3 })
)

/**
 * Deals with deliveries for ever: each goes to the handler of its kind, one at a time within a conversation. A handler
 * that fails is called again, and then its delivery is parked; one that dies is parked at once. When this is
 * interrupted, what was being dealt with is the next delivery again. A handler may use a scope: it is the delivery's.
 *
 * Without `orElse` there must be a handler for every kind.
 */
export const run = <E = never, R = never>(
  handlers: Handlers<E, R> | SomeHandlers<E, R>,
  options: RunOptions<E> = {}
): Effect.Effect<never, never, Inbox | Exclude<R, Scope.Scope>> =>
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const retry = options.retry ?? defaultRetry

    const one = Effect.gen(function* () {
      const { delivery, done } = yield* inbox.take
      yield* Effect.suspend(() => handle(handlers, delivery)).pipe(
        Effect.retry(retry),
        Effect.catchCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.interrupt : inbox.park(delivery, cause)))
      )
      yield* done
    }).pipe(Effect.scoped)

    const workers = Array.from({ length: options.concurrency ?? 16 }, () => Effect.forever(one))
    return yield* Effect.andThen(Effect.all(workers, { concurrency: "unbounded", discard: true }), Effect.never)
  })
