/**
 * How many calls an account may make: LivePerson throttles, and says so with 429.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { Place } from "../Wire.ts"
import type { Reply } from "./reply.ts"

const tooMany = (retryAfter: Duration.Duration): Reply =>
  HttpServerResponse.empty({
    status: 429,
    headers: { "retry-after": String(Math.max(1, Math.ceil(Duration.toSeconds(retryAfter)))) }
  })

/** Assumed: the limit is on CONVERSATION and SEND together, and on every account by itself. */
const counted: ReadonlySet<Place> = new Set(["conversation", "send"])

/** What an account is answered that made more calls in this second than it may. */
export const make = Effect.fnUntraced(
  function* (limit: number | undefined) {
    const limiter = yield* RateLimiter.RateLimiter
    return (endpoint: Place, account: string | undefined): Effect.Effect<Reply | undefined> =>
      limit === undefined || account === undefined || !counted.has(endpoint)
        ? Effect.undefined
        : limiter.consume({ key: account, limit, window: "1 second", onExceeded: "fail" }).pipe(
            Effect.as(undefined),
            Effect.catchReason("RateLimiterError", "RateLimitExceeded", ({ retryAfter }) =>
              Effect.succeed(tooMany(retryAfter))
            ),
            Effect.orDie
          )
  },
  Effect.provide(RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory)))
)
