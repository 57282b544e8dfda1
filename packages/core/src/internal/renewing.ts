import * as Effect from "effect/Effect"
import type { ConnectorError, Unauthorized } from "../ConnectorError.ts"

/** Whether a 401 says that this token is at fault. One that says nothing may mean either. */
export const blames = (error: Unauthorized, token: NonNullable<Unauthorized["token"]>): boolean =>
  error.token === token || (error.token === undefined && error.errorCode === undefined)

/**
 * Calls with tokens, and once more with new ones if LivePerson refuses them and `drop` says that others can be had.
 * What was refused with 401 was not processed, so repeating it does no harm.
 */
export const renewing =
  <Tokens, E1 extends ConnectorError>(
    acquire: Effect.Effect<Tokens, E1>,
    drop: (error: Unauthorized, tokens: Tokens) => Effect.Effect<boolean>
  ) =>
  <A, E extends ConnectorError, R>(use: (tokens: Tokens) => Effect.Effect<A, E, R>): Effect.Effect<A, E | E1, R> =>
    Effect.flatMap(acquire, (tokens) =>
      Effect.catch(use(tokens), (error): Effect.Effect<A, E | E1, R> =>
        error._tag === "Unauthorized"
          ? Effect.flatMap(drop(error, tokens), (another) =>
              another ? Effect.flatMap(acquire, use) : Effect.fail(error)
            )
          : Effect.fail(error)
      )
    )
