/**
 * Everything that can go wrong between a connector and LivePerson: eight tagged errors and their union.
 *
 * Each names the operation that failed, reads as a sentence, and can cross a process boundary through its schema. None
 * carries a secret, a token or the text of a message.
 *
 * ```ts
 * import { Connector, Conversation } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const opened = Conversation.make({ firstName: "Ada" }).pipe(
 *   Connector.open,
 *   Effect.catchTag("RateLimited", (error) => Effect.fail(`busy, again in ${error.retryAfter}`)),
 *   Effect.catchReason("RequestRejected", "ConversationAlreadyOpen", () => Effect.succeed("already talking"))
 * )
 * ```
 *
 * Reference: sections 1.5, 1.6 and 2.4.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { ConversationId, Sequence } from "./protocol/Ids.ts"

/** The operation that failed, such as `"SendApi.conversation"` or `"AppToken.fetch"`: also the name of its span. */
const operation = Schema.String

/** What LivePerson did accept of a batch that failed. */
export const Accepted = Schema.Struct({
  type: Schema.String,
  conversationId: Schema.optionalKey(ConversationId),
  sequence: Schema.optionalKey(Sequence)
})
export type Accepted = typeof Accepted.Type

const accepted = Schema.Array(Accepted)

/** One thing that is wrong with an input: where, and what would be right. */
export const Issue = Schema.Struct({ path: Schema.String, expected: Schema.String })
export type Issue = typeof Issue.Type

/** Whether LivePerson can have processed a request whose answer never came. */
export const Processed = Schema.Literals(["no", "unknown"])
export type Processed = typeof Processed.Type

const sentence = (...parts: ReadonlyArray<string | undefined | false>): string =>
  parts.filter((part) => typeof part === "string" && part !== "").join(" ")

const conversationIn = (accepted: ReadonlyArray<Accepted>): ConversationId | undefined =>
  accepted.find((one) => one.conversationId !== undefined)?.conversationId

const keeping = (accepted: ReadonlyArray<Accepted>): string | undefined => {
  const id = conversationIn(accepted)
  return id === undefined ? undefined : `Conversation ${id} was opened.`
}

/**
 * The input is wrong: our schema refused it (`sent` is false, nothing left the program), or LivePerson answered 400.
 *
 * `issues` name each wrong field. `title`, `details`, `msg` and `errorCode` are LivePerson's words where it gave any;
 * `payload` is the type of the batch's payload that it refused, and `accepted` what it took before that.
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", {
  operation,
  sent: Schema.Boolean,
  issues: Schema.Array(Issue),
  title: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.String),
  msg: Schema.optionalKey(Schema.String),
  errorCode: Schema.optionalKey(Schema.Int),
  payload: Schema.optionalKey(Schema.String),
  accepted
}) {
  /** The conversation that was opened all the same, if one was. */
  get conversationId(): ConversationId | undefined {
    return conversationIn(this.accepted)
  }

  override get message(): string {
    const issues = this.issues.map((issue) => `${issue.path}: ${issue.expected}`).join("; ")
    return this.sent
      ? sentence(
          `${this.operation}: LivePerson refused`,
          this.payload === undefined ? "the input." : `${this.payload}.`,
          this.title,
          this.details,
          this.msg,
          issues,
          keeping(this.accepted)
        )
      : `${this.operation}: the input is not valid, and nothing was sent. ${issues}`
  }
}

/**
 * LivePerson answered 401.
 *
 * `errorCode` is LivePerson's (40102: AppJWT expired or invalid, 40103: ConsumerJWS invalid, 40104: ConsumerJWS
 * missing, 40105: AppJWT missing), and `token` the one it speaks of. From Sentinel it means that the client id or
 * secret is wrong.
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", {
  operation,
  errorCode: Schema.optionalKey(Schema.Int),
  token: Schema.optionalKey(Schema.Literals(["AppJWT", "ConsumerJWS"])),
  title: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return sentence(
      `${this.operation}: LivePerson did not accept the credentials`,
      this.errorCode === undefined ? "(401)." : `(401, code ${this.errorCode}).`,
      this.title,
      this.details
    )
  }
}

/** The longest wait that still is a number of milliseconds in JSON. */
const longest = Duration.millis(Number.MAX_SAFE_INTEGER)

const Wait = Schema.DurationFromMillis.check(
  Schema.makeFilter((wait) => !Duration.isNegative(wait) && Duration.isLessThanOrEqualTo(wait, longest), {
    expected: "a duration that is not negative, and not endless"
  })
)

/** LivePerson answered 429. `retryAfter` is how long it asked to wait, if it said. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  operation,
  retryAfter: Schema.optionalKey(Wait)
}) {
  override get message(): string {
    return sentence(
      `${this.operation}: too many requests (429).`,
      this.retryAfter !== undefined && `LivePerson asks to wait ${Duration.format(this.retryAfter)}.`
    )
  }
}

/** LivePerson answered 5xx. */
export class ServerError extends Schema.TaggedError<ServerError>()("ServerError", {
  operation,
  status: Schema.Int
}) {
  override get message(): string {
    return `${this.operation}: LivePerson had an error of its own (${this.status}).`
  }
}

/** Why no answer came. */
export const TransportReason = Schema.Literals(["refused", "dns", "tls", "reset", "timeout", "unsendable", "other"])
export type TransportReason = typeof TransportReason.Type

const transportSentences: Record<TransportReason, string> = {
  refused: "the connection was refused",
  dns: "the host name could not be resolved",
  tls: "no trusted TLS connection could be made",
  reset: "the connection was closed before the answer was complete",
  timeout: "no answer came in time",
  unsendable: "the request could not be made",
  other: "the connection failed"
}

/**
 * No answer came. `host` is who was called, and `processed` whether the request can have been processed all the same:
 * `"no"` when it never left, `"unknown"` when it may have arrived.
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  operation,
  host: Schema.String,
  reason: TransportReason,
  processed: Processed
}) {
  override get message(): string {
    return sentence(
      `${this.operation}: ${transportSentences[this.reason]} (${this.host}).`,
      this.processed === "unknown" && "Whether LivePerson processed the request is unknown."
    )
  }
}

/** The consumer has a conversation open; LivePerson keeps one per consumer. */
export const ConversationAlreadyOpen = Schema.TaggedStruct("ConversationAlreadyOpen", {})

/** The conversation is closed and takes no more. */
export const ConversationClosed = Schema.TaggedStruct("ConversationClosed", {})

/** LivePerson's words are not among those it is known to use. */
export const Other = Schema.TaggedStruct("Other", {})

/** Why a request was rejected. */
export const Reason = Schema.Union([ConversationAlreadyOpen, ConversationClosed, Other])
export type Reason = typeof Reason.Type

const reasonSentences: Record<Reason["_tag"], string> = {
  ConversationAlreadyOpen: "the consumer already has an open conversation.",
  ConversationClosed: "the conversation is closed.",
  Other: "LivePerson rejected it."
}

/**
 * The input was fine, but the state forbids it, or LivePerson answered 200 and one payload's own code was not OK.
 *
 * `payload` is the type of the rejected payload, `code` and `msg` LivePerson's words for it, and `accepted` what the
 * same batch did achieve: the id of a conversation that was opened is never lost.
 */
export class RequestRejected extends Schema.TaggedError<RequestRejected>()("RequestRejected", {
  operation,
  reason: Reason,
  payload: Schema.String,
  code: Schema.String,
  msg: Schema.optionalKey(Schema.String),
  accepted
}) {
  /** The conversation that was opened all the same, if one was. */
  get conversationId(): ConversationId | undefined {
    return conversationIn(this.accepted)
  }

  override get message(): string {
    return sentence(
      `${this.operation}: ${this.payload} was rejected (${this.code}): ${reasonSentences[this.reason._tag]}`,
      this.reason._tag === "Other" && this.msg,
      keeping(this.accepted)
    )
  }
}

/**
 * The answer is outside the protocol: an HTML page, truncated JSON, a status nobody documents, an answer missing or
 * given twice. `problem` says which; `excerpt` is the beginning of the body with everything that was sent blacked out.
 * `accepted` is what could be read all the same.
 */
export class UnexpectedResponse extends Schema.TaggedError<UnexpectedResponse>()("UnexpectedResponse", {
  operation,
  status: Schema.Int,
  contentType: Schema.optionalKey(Schema.String),
  problem: Schema.String,
  excerpt: Schema.String,
  accepted
}) {
  /** The conversation that was opened all the same, if one was. */
  get conversationId(): ConversationId | undefined {
    return conversationIn(this.accepted)
  }

  override get message(): string {
    return sentence(
      `${this.operation}: an answer that is not LivePerson's protocol (${this.status}): ${this.problem}.`,
      keeping(this.accepted)
    )
  }
}

/** The Domain API knows no such account, or the account has no such service. */
export class ServiceNotFound extends Schema.TaggedError<ServiceNotFound>()("ServiceNotFound", {
  operation,
  account: Schema.String,
  service: Schema.String
}) {
  override get message(): string {
    return `${this.operation}: LivePerson knows no service ${this.service} for account ${this.account}. Is the account id right?`
  }
}

/** Every error of this library. */
export const ConnectorError = Schema.Union([
  InvalidInput,
  Unauthorized,
  RateLimited,
  ServerError,
  TransportError,
  RequestRejected,
  UnexpectedResponse,
  ServiceNotFound
])
export type ConnectorError = typeof ConnectorError.Type

/** What a call can fail with that sends no payload: domains and tokens. */
export type CallError = Exclude<ConnectorError, RequestRejected>

/**
 * Whether LivePerson can have processed the request that failed with this error, so that repeating it could do it
 * twice.
 *
 * A 502 or 504 is a gateway speaking for a server whose answer it did not get, so it counts; the other 5xx are
 * LivePerson's own word that the request failed.
 */
export const mayHaveBeenProcessed = (error: ConnectorError): boolean => {
  switch (error._tag) {
    case "TransportError":
      return error.processed === "unknown"
    case "ServerError":
      return error.status === 502 || error.status === 504
    case "UnexpectedResponse":
      return true
    default:
      return false
  }
}
