import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** A value, how long it is as good as new, and how long it may be used at all. */
export interface Lease<A> {
  readonly value: A
  readonly freshFor: Duration.Duration
  readonly validFor: Duration.Duration
}

/** How long a value that could not be refreshed is used before the next try. */
export const pause = Duration.seconds(30)

/**
 * Values that are looked up once for everyone who waits, kept while they are good, and renewed ahead of their end
 * without anyone waiting. A refresh that fails leaves the old value in place until it expires.
 *
 * `drop` forgets a value that turned out to be bad, unless a newer one has taken its place already.
 */
export const make = Effect.fnUntraced(function* <Key, A, E, R>(options: {
  readonly lookup: (key: Key) => Effect.Effect<Lease<A>, E, R>
  readonly capacity: number
}) {
  const scope = yield* Effect.scope
  const lookup = Effect.fnUntraced(function* (key: Key) {
    const lease = yield* options.lookup(key)
    const now = yield* Clock.currentTimeMillis
    return { ...lease, refreshAt: now + Duration.toMillis(lease.freshFor) }
  })
  const cache = yield* Cache.makeWith(lookup, {
    capacity: options.capacity,
    timeToLive: (exit) => (Exit.isSuccess(exit) ? exit.value.validFor : Duration.zero),
    requireServicesAt: "construction"
  })
  const refreshing = new Set<Key>()

  const refresh = (key: Key) =>
    Effect.suspend(() => {
      if (refreshing.has(key)) return Effect.void
      refreshing.add(key)
      return cache.lookup(key).pipe(
        Effect.flatMap((lease) => Cache.set(cache, key, lease)),
        Effect.catchCause(() => Effect.sleep(pause)),
        Effect.ensuring(Effect.sync(() => refreshing.delete(key))),
        Effect.forkIn(scope)
      )
    })

  return {
    get: Effect.fnUntraced(function* (key: Key) {
      const lease = yield* Cache.get(cache, key)
      const now = yield* Clock.currentTimeMillis
      if (now >= lease.refreshAt) yield* refresh(key)
      return lease.value
    }),
    drop: (key: Key, value: A): Effect.Effect<boolean> =>
      Cache.invalidateWhen(cache, key, (lease) => lease.value === value)
  }
})
