/**
 * The languages of CONVERSATION and SEND: requests as JSON text, and an answer as what became of each request.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Accepted, type ConnectorError, InvalidInput, type Reason, RequestRejected } from "../ConnectorError.ts"
import { batchPayloads } from "../protocol/Batch.ts"
import { ConsumerRequestConversation } from "../protocol/ConsumerRequestConversation.ts"
import { ErrorBody, ErrorResponse } from "../protocol/ErrorResponse.ts"
import * as Payload from "../protocol/Payload.ts"
import { PublishEvent } from "../protocol/PublishEvent.ts"
import { sendPayloads } from "../protocol/Send.ts"
import { type Answer, refusalOf, unexpected, wordsOf } from "./call.ts"
import { redact } from "./redact.ts"

/** What is asked of LivePerson in one call: the requests that answers are told by. */
export type Requests = ReadonlyArray<{ readonly id: string; readonly type: string } | undefined>

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))
const decodeAnonymous = Schema.decodeUnknownOption(Payload.Response.mapFields(({ reqId: _, ...fields }) => fields))
const decodeResponse = Schema.decodeUnknownOption(Payload.Response)
const decodeAccepted = Schema.decodeUnknownOption(Accepted)
const decodeWords = Schema.decodeUnknownOption(ErrorBody)
const decodeErrorResponse = Schema.decodeUnknownOption(ErrorResponse)

const states: ReadonlyArray<{ readonly says: string; readonly reason: Reason; readonly type: string }> = [
  {
    says: "already has open conversation",
    reason: { _tag: "ConversationAlreadyOpen" },
    type: ConsumerRequestConversation.type
  },
  { says: "conversation is close", reason: { _tag: "ConversationClosed" }, type: PublishEvent.type }
]

/** What LivePerson is known to say when the input is fine and the state forbids it. */
const stateIn = (msg: string | undefined) => states.find((state) => msg?.toLowerCase().includes(state.says))

interface Refused {
  readonly type: string
  readonly code: string
  readonly words: ErrorBody
}

interface Report {
  readonly values: ReadonlyArray<unknown>
  /** What was accepted, which is asked for where something was not. */
  readonly accepted: () => ReadonlyArray<Accepted>
  readonly refused: Refused | undefined
  readonly problem: string | undefined
}

const wordsIn = (body: unknown): ErrorBody => Option.getOrElse(decodeWords(body), () => ({}))

const acceptedOf = (requests: Requests, elements: ReadonlyArray<unknown>): ReadonlyArray<Accepted> =>
  elements.flatMap((element) => {
    const answer = Option.getOrUndefined(decodeAnonymous(element))
    if (answer === undefined || !Payload.isOk(answer)) return []
    const id = Option.getOrUndefined(decodeResponse(element))?.reqId
    const type = requests.find((request) => request?.id === id)?.type ?? "unknown"
    const body = typeof answer.body === "object" && answer.body !== null ? answer.body : {}
    return [Option.getOrElse(decodeAccepted({ ...body, type }), () => ({ type }))]
  })

/** What became of each request. Answers are found by `reqId`, never by position. */
const report = (requests: Requests, elements: ReadonlyArray<unknown>): Report => {
  const responses = elements.flatMap((element) => Option.toArray(decodeResponse(element)))
  const values: Array<unknown> = []
  let refused: Refused | undefined
  let problem: string | undefined
  for (const request of requests) {
    if (request === undefined) continue
    const { id, type } = request
    const mine = responses.filter((response) => response.reqId === id)
    const [response] = mine
    if (response === undefined) {
      problem ??= `no answer to ${type} (reqId ${id})`
    } else if (mine.length > 1) {
      problem ??= `${mine.length} answers to ${type} (reqId ${id})`
    } else if (!Payload.isOk(response)) {
      refused ??= { type, code: response.code, words: wordsIn(response.body) }
    } else {
      const value = successOf(type)(response.body ?? {})
      if (Option.isNone(value)) problem ??= `an answer to ${type} that is not its success (reqId ${id})`
      else values.push(value.value)
    }
  }
  return { values, accepted: () => acceptedOf(requests, elements), refused, problem }
}

const successes = new Map(
  [...batchPayloads, ...sendPayloads].map((payload) => [
    payload.type as string,
    Schema.decodeUnknownOption(payload.success as Payload.Any["success"])
  ])
)

const successOf = (type: string) => successes.get(type) ?? (() => Option.none())

const rejected = (
  answer: Answer,
  { code, type, words }: Refused,
  reason: Reason,
  accepted: ReadonlyArray<Accepted>
) => {
  const { msg } = wordsOf(words, answer.secrets)
  return new RequestRejected({
    operation: answer.operation,
    reason,
    payload: type,
    code: redact(code, answer.secrets),
    accepted,
    ...(msg === undefined ? {} : { msg })
  })
}

/** An array, or the one element that LivePerson may send without its brackets. */
const elementsOf = (json: unknown): ReadonlyArray<unknown> => (Array.isArray(json) ? json : [json])

/**
 * What a refusal of the whole call means: a 400 may carry the answers to its requests, or say that the state forbids
 * it.
 */
export const refusalOfRequests =
  (requests: Requests) =>
  (answer: Answer): ConnectorError => {
    const json = answer.status === 400 ? Option.getOrUndefined(decodeJson(answer.text)) : undefined
    if (json === undefined) return refusalOf(answer)
    const { refused, ...reported } = report(requests, elementsOf(json))
    const accepted = reported.accepted()
    const whole = Option.getOrUndefined(decodeErrorResponse(json))
    const words = refused?.words ?? whole?.body
    const state = stateIn(words?.msg)
    if (words !== undefined && state !== undefined) {
      const type = refused?.type ?? (requests.length === 1 ? requests[0]?.type : undefined) ?? state.type
      return rejected(answer, { type, code: refused?.code ?? whole?.code ?? "400", words }, state.reason, accepted)
    }
    return refused === undefined && accepted.length === 0
      ? refusalOf(answer)
      : new InvalidInput({
          operation: answer.operation,
          sent: true,
          issues: [],
          accepted,
          ...(refused === undefined ? {} : { payload: refused.type, ...wordsOf(refused.words, answer.secrets) })
        })
  }

/** Reads a successful answer: one success per request, in the order of the requests. */
export const readSuccesses =
  (requests: Requests) =>
  (answer: Answer): Effect.Effect<ReadonlyArray<unknown>, ConnectorError> => {
    const json = Option.getOrUndefined(decodeJson(answer.text))
    if (json === undefined) return Effect.fail(unexpected(answer, "not JSON"))
    const { accepted, problem, refused, values } = report(requests, elementsOf(json))
    if (refused !== undefined) {
      const reason = stateIn(refused.words.msg)?.reason ?? { _tag: "Other" }
      return Effect.fail(rejected(answer, refused, reason, accepted()))
    }
    return problem === undefined ? Effect.succeed(values) : Effect.fail(unexpected(answer, problem, accepted()))
  }
