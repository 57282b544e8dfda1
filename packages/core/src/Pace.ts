/**
 * Keeping below LivePerson's limits instead of running into them: a pace for everything that is sent, per account, by
 * Effect's own rate limiter. Off unless a layer of this module is provided.
 *
 * Waiting for one's turn does not count towards the timeout of a call, and what waits has not been sent.
 *
 * ```ts
 * import { Connector, Pace } from "@effect-liveperson/core"
 * import { Layer } from "effect"
 *
 * const Live = Connector.layerConfig().pipe(Layer.provide(Pace.layerMemory({ limit: 20, window: "1 second" })))
 * ```
 *
 * Reference: section 1.6.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"

/** Waits for an account's turn to send. The default does not wait. */
export const Pace = Context.Reference<(accountId: string) => Effect.Effect<void>>("@effect-liveperson/core/Pace", {
  defaultValue: () => () => Effect.void
})

/** Options of {@link layer}. */
export interface Options {
  /** How many requests a window may have. So many may also come at once, after a pause. */
  readonly limit: number
  readonly window: Duration.Input
}

/**
 * Paces by the `RateLimiter` it is given: with a store in Redis, several processes keep one pace together. When the
 * store fails, nothing waits: LivePerson's own limit still holds, and `Retry` deals with its 429.
 */
export const layer = (options: Options): Layer.Layer<never, never, RateLimiter.RateLimiter> =>
  Layer.effect(
    Pace,
    Effect.map(
      RateLimiter.RateLimiter,
      (limiter) => (accountId: string) =>
        limiter
          .consume({ ...options, key: `liveperson:${accountId}`, algorithm: "token-bucket", onExceeded: "delay" })
          .pipe(
            Effect.flatMap(({ delay }) => Effect.sleep(delay)),
            Effect.ignore
          )
    )
  )

/** Paces what this process sends. */
export const layerMemory = (options: Options): Layer.Layer<never> =>
  layer(options).pipe(Layer.provide(RateLimiter.layer), Layer.provide(RateLimiter.layerStoreMemory))
