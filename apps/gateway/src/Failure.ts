/**
 * How the gateway fails to start: with one sentence for a person on standard error, and exit code 1.
 */
import { Data, Predicate, Runtime, Schema, SchemaIssue } from "effect"

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

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  // A variable has text, so what has another type is not there.
  leafHook: (issue) =>
    issue._tag === "InvalidType" ? "expected a value, and there is none" : SchemaIssue.defaultLeafHook(issue)
})

/** Which variable is not as it has to be, and what it has to be. */
const variableIn = (error: { readonly message: string }): string => {
  const cause = causeOf(error)
  if (!Schema.isSchemaError(cause)) return inOneLine(error.message)
  const one = ({ message, path }: ReturnType<typeof format>["issues"][number]) =>
    `${(path ?? []).join(".")}: ${message.replace(/^Expected/, "expected")}`
  return format(cause.issue).issues.map(one).join("; ")
}

/** Why the gateway does not start. */
export const toFailure = (error: { readonly _tag: string; readonly message: string }): Failure => {
  switch (error._tag) {
    case "ConfigError":
      return new Failure({ message: `The environment is not as it has to be: ${variableIn(error)}.` })
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
