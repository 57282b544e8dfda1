/**
 * How the quickstart fails: with one sentence for a person on standard error, and exit code 1.
 */
import type { ConnectorError } from "@effect-liveperson/core"
import { type Config, Data, Runtime, Schema, SchemaIssue } from "effect"
import type { HttpServerError } from "effect/http"

/** A failure in words for people. It has been told when the program ends, so the runtime does not log it again. */
export class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {
  override readonly [Runtime.errorReported] = false
  override readonly [Runtime.errorExitCode] = 1
}

/** What can go wrong besides what is a `Failure` already. */
type Expected = ConnectorError.ConnectorError | Config.ConfigError | HttpServerError.ServeError

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** The variable that is missing: no text is wrong for any of them. */
const variableOf = ({ cause }: Config.ConfigError): string =>
  Schema.isSchemaError(cause)
    ? format(cause.issue)
        .issues.flatMap(({ path }) => path ?? [])
        .join(".")
    : cause.message

/** Says what a person can do about it, where there is something; an error's own words otherwise. */
export const explain = (error: Expected): string => {
  switch (error._tag) {
    case "Unauthorized":
      return error.operation === "AppToken.fetch"
        ? "LivePerson did not accept the client id and secret. Check LP_CLIENT_ID and LP_CLIENT_SECRET."
        : error.message
    case "TransportError":
      return error.reason === "refused"
        ? `Nothing answers at ${error.host}: the connection was refused. Check LP_DOMAIN_API.`
        : error.message
    case "ServiceNotFound":
      return `LivePerson knows no account ${error.account}. Check LP_ACCOUNT_ID.`
    case "RequestRejected":
      return error.reason._tag === "ConversationAlreadyOpen"
        ? "This consumer already has an open conversation. Try another with --consumer."
        : error.message
    case "InvalidInput":
      return error.sent
        ? error.message
        : `${error.issues.map(({ expected, path }) => `${path}: ${expected}`).join("; ")}. Nothing was sent.`
    case "ConfigError":
      return `To talk to LivePerson, LP_ACCOUNT_ID, LP_CLIENT_ID and LP_CLIENT_SECRET must all be set; ${variableOf(error)} is not.`
    case "ServeError":
      return "The simulator could not be started: no port is free on 127.0.0.1."
    default:
      return error.message
  }
}

export const toFailure = (error: Expected | Failure): Failure =>
  error._tag === "Failure" ? error : new Failure({ message: explain(error) })
