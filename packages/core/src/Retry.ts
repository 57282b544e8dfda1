/**
 * When a failed call is made again, after how long, and when it must not be.
 *
 * LivePerson's own recommendation is the default: 4xx never, 429 after at least a second, 5xx three times after 5, 10
 * and 15 seconds. What may already have been processed is repeated only if doing it twice does no harm, or if the
 * caller says so with {@link evenIfProcessed}.
 *
 * ```ts
 * import { Connector, Conversation, Retry } from "@effect-liveperson/core"
 * import { Schedule } from "effect"
 *
 * const ada = Conversation.make({ firstName: "Ada" })
 *
 * const once = Connector.open(ada).pipe(Retry.off)
 * const eager = Connector.open(ada).pipe(Retry.withSchedule(Schedule.recurs(2)))
 * ```
 *
 * Reference: section 1.6.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type { ConnectorError, RateLimited } from "./ConnectorError.ts"

type Delays = {
  readonly [Tag in ConnectorError["_tag"]]?: (
    error: Extract<ConnectorError, { readonly _tag: Tag }>,
    attempt: number
  ) => Duration.Duration | undefined
}

type Delay = (error: ConnectorError, attempt: number) => Duration.Duration | undefined

/** A schedule that counts the attempts of each kind of error by itself and stops at a kind it has no delay for. */
const byTag = (delays: Delays): Schedule.Schedule<Duration.Duration, ConnectorError> =>
  Schedule.fromStep(
    Effect.sync(() => {
      const attempts = new Map<string, number>()
      return (_now: number, error: ConnectorError) => {
        const attempt = (attempts.get(error._tag) ?? 0) + 1
        attempts.set(error._tag, attempt)
        const delayOf = delays[error._tag] as Delay | undefined
        const delay = delayOf?.(error, attempt)
        return delay === undefined
          ? Cause.done(Duration.zero)
          : Effect.succeed<[Duration.Duration, Duration.Duration]>([delay, delay])
      }
    })
  )

/** How long the longest `Retry-After` may be that a schedule waits out: a call that must wait longer fails instead. */
export const maximumRetryAfter = Duration.minutes(2)

const pause = (error: RateLimited, attempt: number): Duration.Duration | undefined => {
  const asked = error.retryAfter ?? Duration.zero
  return attempt > 5 || Duration.isGreaterThan(asked, maximumRetryAfter)
    ? undefined
    : Duration.max(asked, Duration.seconds(2 ** (attempt - 1)))
}

const recovery = (_error: ConnectorError, attempt: number): Duration.Duration | undefined =>
  attempt > 3 ? undefined : Duration.seconds(5 * attempt)

/**
 * After a 429: five times, after 1, 2, 4, 8 and 16 seconds, or later if `Retry-After` asks for it. An answer that asks
 * for more than {@link maximumRetryAfter} is not waited for.
 */
export const rateLimited = byTag({ RateLimited: pause })

/** After a 5xx: three times, after 5, 10 and 15 seconds. */
export const serverError = byTag({ ServerError: recovery })

/** When no answer came: three times, after 5, 10 and 15 seconds. */
export const transportError = byTag({ TransportError: recovery })

/** Lengthens each delay by up to a tenth, so that many callers do not come back at once. Never shortens one. */
export const jittered = <Output, Input, Error, Env>(
  self: Schedule.Schedule<Output, Input, Error, Env>
): Schedule.Schedule<Output, Input, Error, Env> =>
  Schedule.modifyDelay(self, ({ duration }) =>
    Effect.map(Random.next, (random) => Duration.times(duration, 1 + random / 10))
  )

/** What LivePerson recommends, for all of these together, with jitter. The default. */
export const recommended: Schedule.Schedule<Duration.Duration, ConnectorError> = jittered(
  byTag({ RateLimited: pause, ServerError: recovery, TransportError: recovery })
)

/**
 * How failed calls are repeated: when, and whether also those whose repetition does harm and which LivePerson may have
 * processed already.
 */
export interface RetryPolicy {
  readonly schedule: Schedule.Schedule<unknown, ConnectorError>
  readonly evenIfProcessed: boolean
}

/** The policy in force. Provide another for a whole program, or use the combinators below for one call. */
export const Policy = Context.Reference<RetryPolicy>("@effect-liveperson/core/Retry/Policy", {
  defaultValue: () => ({ schedule: recommended, evenIfProcessed: false })
})

type Combinator = <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Repeats by another schedule. */
export const withSchedule = (schedule: Schedule.Schedule<unknown, ConnectorError>): Combinator =>
  Effect.updateService(Policy, (policy) => ({ ...policy, schedule }))

/** Never repeats. */
export const off: Combinator = withSchedule(byTag({}))

/**
 * Also repeats what may have been processed already. The agent may then see a message twice; in return, a message whose
 * answer was lost is not given up.
 */
export const evenIfProcessed: Combinator = Effect.updateService(Policy, (policy) => ({
  ...policy,
  evenIfProcessed: true
}))
