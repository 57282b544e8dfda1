/**
 * How the binary fails: with one sentence for a person on standard error, and exit code 1.
 */
import type * as CliError from "effect/cli/CliError"
import * as Data from "effect/Data"
import type { ServeError } from "effect/http/HttpServerError"
import * as Predicate from "effect/Predicate"
import * as Runtime from "effect/Runtime"
import type { StateError } from "../../Simulator.ts"

/** A failure in words for people. It has been told when the program ends, so the runtime does not log it again. */
export class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {
  override readonly [Runtime.errorReported] = false
  override readonly [Runtime.errorExitCode] = 1
}

/** What does not print, and breaks lines: nothing that a sentence holds. */
const inOneLine = (text: string) => text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim()

const flagged = (kind: "flag" | "argument", option: string) => (kind === "flag" ? `--${option}` : option)

const ofCli = (error: CliError.CliError): string => {
  switch (error._tag) {
    case "UnrecognizedOption": {
      const [suggestion] = error.suggestions
      return suggestion === undefined
        ? `There is no flag ${error.option}.`
        : `There is no flag ${error.option}: did you mean ${suggestion}?`
    }
    case "InvalidValue": {
      const flag = flagged(error.kind, error.option)
      const choices = error.expected.split(" | ")
      const expected = choices.length === 1 ? error.expected : `one of ${choices.join(", ")}`
      if (error.value === "") return `${flag} needs a value.`
      if (/^\d+ occurrences$/.test(error.value)) return `${flag} can be given only once.`
      return `${flag} has to be ${expected}, not ${JSON.stringify(error.value)}.`
    }
    case "UnexpectedArgument":
      return `There is nothing to do with ${error.arguments.map((argument) => JSON.stringify(argument)).join(", ")}: it takes flags alone.`
    default:
      return error.message
  }
}

/** The first thing that is wrong with a command line. */
export const ofCommandLine = (error: CliError.CliError): Failure => {
  const first = error._tag === "ShowHelp" ? (error.errors[0] ?? error) : error
  return new Failure({ message: `${inOneLine(ofCli(first))} See --help.` })
}

const codeOf = (cause: unknown) =>
  Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined

/** Why the simulator does not listen. */
export const ofListening = (
  { cause }: ServeError,
  { host, port }: { readonly host: string; readonly port: number }
) => {
  const code = codeOf(cause)
  const message = () => {
    switch (code) {
      case "EADDRINUSE":
        return `Port ${port} of ${host} is taken: choose another with --port, or 0 for any that is free.`
      case "EACCES":
        return `Port ${port} is not for everyone to listen on: choose one from 1024 up with --port.`
      case "EADDRNOTAVAIL":
        return `${host} is not an address of this machine: --host is 127.0.0.1, 0.0.0.0 for all of its addresses, or one of them.`
      case "ENOTFOUND":
      case "EAI_AGAIN":
        return `${host} is not a host that this machine knows.`
      default:
        return `Port ${port} of ${host} cannot be listened on${code === undefined ? "" : ` (${code})`}.`
    }
  }
  return new Failure({ message: message() })
}

/** Why there is no state to go on with. */
export const ofState = ({ message }: StateError, directory = "") =>
  new Failure({ message: `${message.replace(/\.$/, "")} (in ${directory}): choose another directory with --data.` })
