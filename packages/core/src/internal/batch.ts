/**
 * CONVERSATION's two languages: a batch as JSON text, and an answer as what became of each of its requests.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Accepted, type ConnectorError, InvalidInput, type Reason, RequestRejected } from "../ConnectorError.ts"
import { Batch, batchPayloads, type BatchSuccess } from "../protocol/Batch.ts"
import { ConsumerRequestConversation } from "../protocol/ConsumerRequestConversation.ts"
import { ErrorBody, ErrorResponse } from "../protocol/ErrorResponse.ts"
import * as Payload from "../protocol/Payload.ts"
import { PublishFirstEvent } from "../protocol/PublishEvent.ts"
import { type Answer, refusalOf, unexpected, wordsOf } from "./call.ts"
import { invalid, issuesOf, strict } from "./issues.ts"
import { redact } from "./redact.ts"

const encode = Schema.encodeUnknownEffect(Batch, strict)

/** The JSON of a batch, or what is wrong with it. Each request may have `limit` characters. */
export const toJson = (operation: string, batch: Batch, limit: number): Effect.Effect<string, InvalidInput> =>
  encode(batch).pipe(
    Effect.mapError((error) => invalid(operation, issuesOf(error))),
    Effect.flatMap((encoded) => {
      const requests = encoded.map((request) => JSON.stringify(request))
      const issues = requests.flatMap((request, index) =>
        request.length > limit
          ? [{ path: `[${index}]`, expected: `expected a request of at most ${limit} characters of JSON` }]
          : []
      )
      return issues.length === 0 ? Effect.succeed(`[${requests.join(",")}]`) : Effect.fail(invalid(operation, issues))
    })
  )

/** Read element by element: one that makes no sense must not hide a conversation that was opened beside it. */
const Elements = Schema.fromJsonString(Schema.Array(Schema.Json))
const decodeElements = Schema.decodeUnknownOption(Elements)
const decodeAnonymous = Schema.decodeUnknownOption(Payload.Response.mapFields(({ reqId: _, ...fields }) => fields))
const decodeResponse = Schema.decodeUnknownOption(Payload.Response)
const decodeAccepted = Schema.decodeUnknownOption(Accepted)
const decodeWords = Schema.decodeUnknownOption(ErrorBody)
const decodeErrorResponse = Schema.decodeUnknownOption(Schema.fromJsonString(ErrorResponse))

const states: ReadonlyArray<{ readonly says: string; readonly reason: Reason; readonly type: string }> = [
  {
    says: "already has open conversation",
    reason: { _tag: "ConversationAlreadyOpen" },
    type: ConsumerRequestConversation.type
  },
  { says: "conversation is close", reason: { _tag: "ConversationClosed" }, type: PublishFirstEvent.type }
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
  readonly accepted: ReadonlyArray<Accepted>
  readonly refused: Refused | undefined
  readonly problem: string | undefined
}

const wordsIn = (body: unknown): ErrorBody => Option.getOrElse(decodeWords(body), () => ({}))

const acceptedOf = (batch: Batch, elements: ReadonlyArray<unknown>): ReadonlyArray<Accepted> =>
  elements.flatMap((element) => {
    const answer = Option.getOrUndefined(decodeAnonymous(element))
    if (answer === undefined || !Payload.isOk(answer)) return []
    const id = Option.getOrUndefined(decodeResponse(element))?.reqId
    const type = batch.find((request) => request?.id === id)?.type ?? "unknown"
    const body = typeof answer.body === "object" && answer.body !== null ? answer.body : {}
    return [Option.getOrElse(decodeAccepted({ ...body, type }), () => ({ type }))]
  })

/** What became of each request. Answers are found by `reqId`, never by position. */
const report = (batch: Batch, elements: ReadonlyArray<unknown>): Report => {
  const responses = elements.flatMap((element) => Option.toArray(decodeResponse(element)))
  const values: Array<unknown> = []
  let refused: Refused | undefined
  let problem: string | undefined
  for (const request of batch) {
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
  return { values, accepted: acceptedOf(batch, elements), refused, problem }
}

const successes = new Map(
  batchPayloads.map((payload) => [
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

/** What a refusal of the whole call means: a 400 may carry the batch's array, or say that the state forbids it. */
export const refusalOfBatch =
  (batch: Batch) =>
  (answer: Answer): ConnectorError => {
    if (answer.status !== 400) return refusalOf(answer)
    const elements = Option.getOrUndefined(decodeElements(answer.text))
    if (elements === undefined) {
      const response = Option.getOrUndefined(decodeErrorResponse(answer.text))
      const state = stateIn(response?.body.msg)
      return response === undefined || state === undefined
        ? refusalOf(answer)
        : rejected(answer, { type: state.type, code: response.code ?? "400", words: response.body }, state.reason, [])
    }
    const { accepted, refused } = report(batch, elements)
    const state = stateIn(refused?.words.msg)
    if (refused !== undefined && state !== undefined) return rejected(answer, refused, state.reason, accepted)
    return new InvalidInput({
      operation: answer.operation,
      sent: true,
      issues: [],
      accepted,
      ...(refused === undefined ? {} : { payload: refused.type, ...wordsOf(refused.words, answer.secrets) })
    })
  }

/** Reads a successful answer: one success per request, in the batch's order. */
export const readSuccess =
  <B extends Batch>(batch: B) =>
  (answer: Answer): Effect.Effect<BatchSuccess<B>, ConnectorError> => {
    const elements = Option.getOrUndefined(decodeElements(answer.text))
    if (elements === undefined) return Effect.fail(unexpected(answer, "not a JSON array"))
    const { accepted, problem, refused, values } = report(batch, elements)
    if (refused !== undefined) {
      const reason = stateIn(refused.words.msg)?.reason ?? { _tag: "Other" }
      return Effect.fail(rejected(answer, refused, reason, accepted))
    }
    // `report` pushed one success per request, each read by the schema that `BatchSuccess` names for its type.
    return problem === undefined
      ? Effect.succeed(values as unknown as BatchSuccess<B>)
      : Effect.fail(unexpected(answer, problem, accepted))
  }
