import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { ConnectorError } from "../ConnectorError.ts"
import { kept } from "./kept.ts"

const calls = Metric.counter("liveperson_operations", {
  description: "Operations of the Connector API, by operation, account and outcome",
  incremental: true
})

const durations = Metric.timer("liveperson_operation_duration", {
  description: "How long operations of the Connector API took, repetitions and waits included"
})

const outcomeOf = <A>(exit: Exit.Exit<A, ConnectorError>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  const error = Cause.findErrorOption(exit.cause)
  return Option.isSome(error) ? error.value._tag : Cause.hasInterrupts(exit.cause) ? "interrupted" : "defect"
}

const callsBy = kept((labels) => Metric.withAttributes(calls, labels))
const durationsBy = kept((labels) => Metric.withAttributes(durations, labels))

/**
 * Makes an effect an operation that can be watched: a span by its name, with the outcome, a count and a duration.
 * Nothing in them identifies a consumer.
 */
export const observed =
  (operation: string, attributes: { readonly "liveperson.account": string } & Record<string, string>) =>
  <A, E extends ConnectorError, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const labels = [
      ["operation", operation],
      ["account", attributes["liveperson.account"]]
    ] as const
    return self.pipe(
      Effect.onExit((exit) => {
        const outcome = outcomeOf(exit)
        return Effect.flatMap(Effect.annotateCurrentSpan({ "liveperson.outcome": outcome }), () =>
          Metric.update(callsBy(...labels, ["outcome", outcome]), 1)
        )
      }),
      Effect.trackDuration(durationsBy(...labels)),
      Effect.withSpan(operation, { attributes }, { captureStackTrace: false })
    )
  }
