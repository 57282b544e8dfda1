import * as Effect from "effect/Effect"
import { type ConnectorError, mayHaveBeenProcessed } from "../ConnectorError.ts"
import type * as Payload from "../protocol/Payload.ts"
import { Policy } from "../Retry.ts"

/**
 * Repeats an operation by the policy in force. Only its own errors count: a token that could not be fetched was
 * repeated where it was fetched.
 */
export const retrying =
  (operation: string, repeat: Payload.Repeat) =>
  <A, E extends ConnectorError, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Policy, (policy) =>
      Effect.retry(self, {
        schedule: policy.schedule,
        while: (error) =>
          error.operation === operation &&
          (repeat === "harmless" || policy.evenIfProcessed || !mayHaveBeenProcessed(error))
      })
    )
