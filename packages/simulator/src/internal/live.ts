/**
 * Who watches: each is told what changed since it last looked, however much that was, and at most ten times a second.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { Changes } from "../ControlApi.ts"

/** What a watcher has yet to be told. */
interface Unseen {
  readonly conversations: Set<string>
  readonly wire: Set<number>
  reset: boolean
  faults: boolean
  info: boolean
  readonly signal: Queue.Queue<void>
}

/** How what changed is told. */
export interface Tell {
  readonly conversations: (ids: ReadonlySet<string> | undefined) => Changes["conversations"]
  readonly wire: (ids: ReadonlySet<number> | undefined) => Changes["wire"]
  readonly faults: () => NonNullable<Changes["faults"]>
  readonly info: () => NonNullable<Changes["info"]>
}

/** How many lines come in one message, so that none grows too large to be read at once. */
const chunk = 500

const pause = "100 millis"

const pieces = <A>(all: ReadonlyArray<A>, nth: number): ReadonlyArray<A> => all.slice(nth * chunk, (nth + 1) * chunk)

export const make = () => {
  const watchers = new Set<Unseen>()

  const note = (see: (unseen: Unseen) => void): void => {
    for (const unseen of watchers) {
      see(unseen)
      Queue.offerUnsafe(unseen.signal, undefined)
    }
  }

  /** All at once, so that nothing changes between what is told and what is taken as told. */
  const read = (unseen: Unseen, tell: Tell): ReadonlyArray<Changes> => {
    const { faults, reset } = unseen
    const conversations = tell.conversations(reset ? undefined : unseen.conversations)
    const wire = tell.wire(reset ? undefined : unseen.wire)
    const info = reset || unseen.info ? tell.info() : undefined
    const rules = reset || faults ? tell.faults() : undefined
    unseen.conversations.clear()
    unseen.wire.clear()
    unseen.reset = false
    unseen.faults = false
    unseen.info = false
    const isSmall = reset || rules !== undefined || info !== undefined
    const size = Math.max(isSmall ? 1 : 0, Math.ceil(conversations.length / chunk), Math.ceil(wire.length / chunk))
    return Array.from({ length: size }, (_, nth): Changes => ({
      reset: reset && nth === 0,
      conversations: pieces(conversations, nth),
      wire: pieces(wire, nth),
      faults: nth === 0 ? rules : undefined,
      info: nth === 0 ? info : undefined
    }))
  }

  return {
    conversation: (id: string): void => {
      if (watchers.size > 0) note((unseen) => unseen.conversations.add(id))
    },
    exchange: (id: number): void => {
      if (watchers.size > 0) note((unseen) => unseen.wire.add(id))
    },
    faults: (): void =>
      note((unseen) => {
        unseen.faults = true
      }),
    info: (): void =>
      note((unseen) => {
        unseen.info = true
      }),
    reset: (): void =>
      note((unseen) => {
        unseen.reset = true
      }),

    /** All there is, and then what changes. */
    changes: (tell: Tell): Stream.Stream<Changes> =>
      Stream.unwrap(
        Effect.gen(function* () {
          const signal = yield* Queue.sliding<void>(1)
          const none = { conversations: new Set<string>(), wire: new Set<number>(), faults: false, info: false }
          const unseen: Unseen = { ...none, reset: true, signal }
          yield* Effect.acquireRelease(
            Effect.sync(() => watchers.add(unseen)),
            () => Effect.sync(() => watchers.delete(unseen))
          )
          const now = Effect.sync(() => read(unseen, tell))
          const next = Effect.andThen(Queue.take(signal), Effect.delay(now, pause))
          return Stream.concat(Stream.fromEffect(now), Stream.fromEffectRepeat(next))
        })
      ).pipe(Stream.flatMap(Stream.fromIterable))
  }
}

export type Live = ReturnType<typeof make>
