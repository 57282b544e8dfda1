/**
 * What is kept between runs, where there is a store to keep it in.
 *
 * It is written a moment after it changed, and once more at the end. What waits to be delivered, the wire and the faults
 * are not kept.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Option from "effect/Option"
import * as Order from "effect/Order"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { Webhooks } from "../Webhooks.ts"
import * as Operator from "./operator.ts"
import * as Storage from "./storage.ts"
import * as Tokens from "./tokens.ts"
import { SavedConversation } from "./world/saved.ts"

/** What is kept beside the conversations and the files. */
export const Main = Schema.Struct({
  /** How many runs there were before the next one. */
  runs: Schema.Natural,
  tokens: Tokens.Saved,
  /** What the URLs of files are signed with. */
  storageKey: Schema.Uint8Array,
  webhooks: Webhooks,
  operator: Schema.optionalKey(Operator.State)
})
export type Main = typeof Main.Type

/** The store cannot be read or written, or what it holds is not what a simulator keeps there. */
export class StateError extends Schema.TaggedError<StateError>()("StateError", {
  key: Schema.String,
  message: Schema.String
}) {}

const mainKey = "simulator"
const probeKey = "probe"
const conversationPrefix = "conversation "
const filePrefix = "file "

const pause = "100 millis"

/** Where everything that is kept comes from. */
export interface Source {
  readonly main: () => Main
  readonly conversation: (id: string) => SavedConversation | undefined
  readonly place: (path: string) => Storage.SavedPlace | undefined
}

/** What is told of what changed. */
export interface Keeper {
  readonly main: () => void
  readonly conversation: (id: string) => void
  readonly file: (path: string) => void
  /** Forgets everything but `Main`. */
  readonly clear: Effect.Effect<void>
}

/** What the last run left, nothing at the first, and what keeps what comes. */
export interface Kept {
  readonly main: Main | undefined
  readonly conversations: ReadonlyArray<SavedConversation>
  readonly places: ReadonlyArray<Storage.SavedPlace>
  /** Keeps what changes, until the scope ends. What cannot be kept is logged. */
  readonly keep: (source: Source) => Effect.Effect<Keeper, never, Scope.Scope>
}

const readable = <A, E>(key: string, effect: Effect.Effect<A, E>) =>
  Effect.mapError(effect, () => new StateError({ key, message: `The state cannot be read: ${key} is damaged.` }))
const writable = <A, E>(key: string, effect: Effect.Effect<A, E>) =>
  Effect.mapError(effect, () => new StateError({ key, message: `The state cannot be written: ${key}.` }))

/** In the order in which they were opened: of two of a consumer at once, the one that ended was first. */
const age = Order.combine(
  Order.mapInput(Order.Number, ({ ledger }: SavedConversation) => ledger.startTs),
  Order.mapInput(Order.Number, ({ ledger }: SavedConversation) => ledger.endTs ?? Number.MAX_SAFE_INTEGER)
)

/** Opens a store. Fails where it can neither be read nor written, or is damaged. */
export const read = Effect.fnUntraced(function* (store: KeyValueStore.KeyValueStore) {
  const mains = KeyValueStore.toSchemaStore(store, Main)
  const conversations = KeyValueStore.toSchemaStore(store, SavedConversation)
  const places = KeyValueStore.toSchemaStore(store, Storage.SavedPlace)

  const keys = yield* readable("the folder", store.keys)

  const all = <A, E>(prefix: string, get: (key: string) => Effect.Effect<Option.Option<A>, E>) =>
    Effect.map(
      Effect.forEach(
        keys.filter((key) => key.startsWith(prefix)),
        (key) => readable(key, get(key)),
        { concurrency: 16 }
      ),
      Arr.getSomes
    )

  const keep = Effect.fnUntraced(function* (source: Source) {
    const unwritten = new Map<string, Effect.Effect<void, StateError>>()
    // What is being written must not come behind what clears it away.
    const alone = yield* Semaphore.make(1)
    const signal = yield* Queue.sliding<void>(1)

    const note = (key: string, write: Effect.Effect<void, StateError>): void => {
      unwritten.set(key, write)
      Queue.offerUnsafe(signal, undefined)
    }

    /** What cannot be written waits for the next time: there is one at the end. */
    const attempt = ([key, write]: readonly [string, Effect.Effect<void, StateError>]) =>
      Effect.catch(write, (error) => {
        if (!unwritten.has(key)) unwritten.set(key, write)
        return Effect.logError(error.message)
      })

    const write = Effect.suspend(() => {
      const writes = [...unwritten]
      unwritten.clear()
      return Effect.forEach(writes, attempt, { concurrency: 16, discard: true })
    }).pipe(alone.withPermit, Effect.uninterruptible)

    const keeper: Keeper = {
      main: () =>
        note(
          mainKey,
          writable(
            mainKey,
            Effect.suspend(() => mains.set(mainKey, source.main()))
          )
        ),
      conversation: (id) => {
        const key = `${conversationPrefix}${id}`
        const set = Effect.suspend(() => {
          const conversation = source.conversation(id)
          return conversation === undefined ? Effect.void : conversations.set(key, conversation)
        })
        note(key, writable(key, set))
      },
      file: (path) => {
        const key = `${filePrefix}${path}`
        const set = Effect.suspend(() => {
          const place = source.place(path)
          return place === undefined ? Effect.void : places.set(key, place)
        })
        note(key, writable(key, set))
      },
      clear: Effect.suspend(() => {
        unwritten.clear()
        keeper.main()
        return Effect.andThen(alone.withPermit(Effect.ignore(store.clear)), write)
      })
    }

    keeper.main()
    // Registered first, so that the last write comes when nothing writes any more.
    yield* Effect.addFinalizer(() => write)
    yield* Queue.take(signal).pipe(
      Effect.andThen(Effect.sleep(pause)),
      Effect.andThen(write),
      Effect.forever,
      Effect.forkScoped
    )
    return keeper
  })

  const main = Option.getOrUndefined(yield* readable(mainKey, mains.get(mainKey)))
  // Whether it can be written is found out now, and not when there is something to lose.
  yield* writable("the folder", Effect.andThen(store.set(probeKey, ""), store.remove(probeKey)))
  return {
    main,
    conversations: Arr.sort(yield* all(conversationPrefix, conversations.get), age),
    places: yield* all(filePrefix, places.get),
    keep
  } satisfies Kept
})
