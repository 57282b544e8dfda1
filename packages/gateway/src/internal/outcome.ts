/**
 * What became of a call, and what follows.
 */
import { ConnectorError } from "@effect-liveperson/core"
import type { ConversationId } from "@effect-liveperson/core/protocol"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Settings } from "../Settings.ts"

export type Failed = Data.TaggedEnum<{
  /** It was refused for what it is, and would be again; `isSure` unless the refusal itself is not to be understood. */
  Refused: {
    readonly error: ConnectorError.ConnectorError
    readonly conversationId: ConversationId | undefined
    readonly isSure: boolean
  }
  /** It was not processed, and can be tried again. */
  Later: { readonly error: ConnectorError.ConnectorError }
  /** The conversation takes no more. */
  Closed: {}
  /** The consumer has a conversation open already. */
  AlreadyOpen: {}
  /** It may have been processed. */
  Unknown: { readonly error: ConnectorError.ConnectorError; readonly conversationId: ConversationId | undefined }
}>
export const Failed = Data.taggedEnum<Failed>()

/** Tokens and hosts are fetched by operations of their own: where those fail, nothing was sent. */
const isOfTheCall = (operation: string): boolean => operation.startsWith("SendApi.")

/** Whether a refusal says anything about what is refused: a 400 that was cut short or is somebody else's does not. */
const isReasoned = ({ details, errorCode, issues, msg, sent, title }: ConnectorError.InvalidInput): boolean =>
  !sent || issues.length > 0 || [title, details, msg, errorCode].some((word) => word !== undefined)

export const failedBy = (error: ConnectorError.ConnectorError): Failed => {
  switch (error._tag) {
    case "InvalidInput":
      return Failed.Refused({ error, conversationId: error.conversationId, isSure: isReasoned(error) })
    case "RequestRejected":
      switch (error.reason._tag) {
        case "ConversationClosed":
          return Failed.Closed()
        case "ConversationAlreadyOpen":
          return Failed.AlreadyOpen()
        case "Other":
          return Failed.Refused({ error, conversationId: error.conversationId, isSure: true })
      }
    // falls through: every reason has returned
    case "UnexpectedResponse":
    case "TransportError":
    case "ServerError":
      return isOfTheCall(error.operation) && ConnectorError.mayHaveBeenProcessed(error)
        ? Failed.Unknown({
            error,
            conversationId: error._tag === "UnexpectedResponse" ? error.conversationId : undefined
          })
        : Failed.Later({ error })
    default:
      return Failed.Later({ error })
  }
}

/** How long to wait before the nth attempt: as long as LivePerson asks, or twice as long each time, and up to a tenth more. */
export const pauseOf = (
  error: ConnectorError.ConnectorError,
  nth: number,
  { pause: { first, longest } }: Settings
): Effect.Effect<Duration.Duration> => {
  const own = Duration.min(Duration.times(first, 2 ** Math.min(nth, 20)), longest)
  const asked = error._tag === "RateLimited" ? (error.retryAfter ?? Duration.zero) : Duration.zero
  return Effect.map(Random.next, (random) => Duration.times(Duration.max(own, asked), 1 + random / 10))
}
