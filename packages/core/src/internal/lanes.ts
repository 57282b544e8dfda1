import * as Effect from "effect/Effect"
import * as RcMap from "effect/RcMap"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

/**
 * One lane per key: what enters a lane is done one after the other, in the order of entering. Lanes do not wait for
 * each other, and one that nobody is in does not exist.
 */
export const make = Effect.map(RcMap.make({ lookup: (_key: string) => Semaphore.make(1) }), (lanes) => ({
  enter:
    (key: string) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.scopedWith((scope) =>
        Effect.flatMap(Effect.provideService(RcMap.get(lanes, key), Scope.Scope, scope), (lane) =>
          lane.withPermit(effect)
        )
      ),
  /** How many lanes there are right now. */
  count: Effect.map(RcMap.keys(lanes), (keys) => [...keys].length)
}))
