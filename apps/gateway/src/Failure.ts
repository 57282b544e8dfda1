/**
 * How the gateway fails to start: with one sentence for a person on standard error, and exit code 1.
 */
import { Data, Predicate, Runtime } from "effect"

/** A failure in words for people. It has been told when the program ends, so the runtime does not log it again. */
export class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {
  override readonly [Runtime.errorReported] = false
  override readonly [Runtime.errorExitCode] = 1
}

const causeOf = (error: unknown): unknown =>
  Predicate.hasProperty(error, "cause") && error.cause !== undefined ? causeOf(error.cause) : error

const codeOf = (error: unknown): string => {
  const cause = causeOf(error)
  return Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? ` (${cause.code})` : ""
}

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim()

/** Why the gateway does not start. */
export const toFailure = (error: { readonly _tag: string; readonly message: string }): Failure => {
  switch (error._tag) {
    case "ConfigError":
      return new Failure({ message: `The environment is not as it has to be: ${inOneLine(error.message)}` })
    case "SqlError":
    case "MigrationError":
      return new Failure({
        message: `The database does not answer${codeOf(error)}: is DATABASE_URL right, and is it running?`
      })
    case "ServeError":
    case "SocketServerError":
      return new Failure({
        message: `A port cannot be listened on${codeOf(error)}: see GATEWAY_PORT, GATEWAY_RUNNER_PORT and GATEWAY_SIMULATOR_PORT.`
      })
    default:
      return new Failure({ message: inOneLine(error.message) })
  }
}
