/**
 * One HTTP call, from request to text: every way it can end without a good answer is a typed error. What the answer
 * says is for the caller to read, with {@link read}.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  type Accepted,
  type CallError,
  InvalidInput,
  RateLimited,
  ServerError,
  TransportError,
  Unauthorized,
  UnexpectedResponse
} from "../ConnectorError.ts"
import { type ErrorBody, ErrorResponse } from "../protocol/ErrorResponse.ts"
import { issuesOf } from "./issues.ts"
import { redact } from "./redact.ts"
import { explain } from "./transport.ts"

/** A call that is to be made. `secrets` is what no error about it may repeat; it is gone through when there is one. */
export interface Call {
  readonly operation: string
  readonly request: HttpClientRequest.HttpClientRequest
  readonly secrets: Iterable<string>
  readonly timeout: Duration.Input
}

/** What came back, read to the end. */
export interface Answer extends Call {
  readonly status: number
  readonly text: string
  readonly contentType: string | undefined
  readonly retryAfter: Duration.Duration | undefined
}

/** How long a call may take, from the first byte sent to the last one received, unless the program says otherwise. */
export const defaultTimeout: Duration.Input = "10 seconds"

const hostOf = (url: string): string => /^[a-z]+:\/\/([^/?#@]+)/i.exec(url)?.[1] ?? "no valid host"

const retryAfterOf = (headers: Headers.Headers, now: number): Duration.Duration | undefined => {
  const header = headers["retry-after"]
  if (header === undefined) return undefined
  const asked = Result.map(Headers.parseRetryAfter(header), (value) =>
    value._tag === "Duration"
      ? value.duration
      : Duration.millis(Math.max(0, DateTime.toEpochMillis(value.dateTime) - now))
  )
  return Result.isSuccess(asked) ? Duration.min(asked.success, Duration.millis(Number.MAX_SAFE_INTEGER)) : undefined
}

/**
 * - Headers that carry tokens are blacked out where a program's spans or logs record headers.
 * - A redirect is not followed: it would carry tokens and messages to a host that the Domain API did not name.
 * - LivePerson is not told the ids of the program's traces.
 */
const discreetly = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateContext(self, (context: Context.Context<R>) =>
    context.pipe(
      Context.add(Headers.CurrentRedactedNames, [
        ...Context.get(context, Headers.CurrentRedactedNames),
        "x-lp-on-behalf"
      ]),
      Context.add(FetchHttpClient.RequestInit, {
        ...Context.getOrUndefined(context, FetchHttpClient.RequestInit),
        redirect: "manual"
      }),
      Context.add(HttpClient.TracerPropagationEnabled, false)
    )
  )

const failure = (call: Call) => (error: HttpClientError) =>
  new TransportError({ operation: call.operation, host: hostOf(call.request.url), ...explain(error) })

const inTime =
  (call: Call) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | TransportError, R> =>
    Effect.timeoutOrElse(self, {
      duration: call.timeout,
      orElse: () =>
        Effect.fail(
          new TransportError({
            operation: call.operation,
            host: hostOf(call.request.url),
            reason: "timeout",
            processed: "unknown"
          })
        )
    })

const answerOf = Effect.fnUntraced(function* (call: Call, response: HttpClientResponse) {
  const text = yield* response.text
  const now = yield* Clock.currentTimeMillis
  return {
    ...call,
    status: response.status,
    text,
    contentType: response.headers["content-type"],
    retryAfter: retryAfterOf(response.headers, now)
  } satisfies Answer
})

/** Makes the call. Fails only when no complete answer came. */
const exchange = (call: Call): Effect.Effect<Answer, TransportError, HttpClient.HttpClient> =>
  HttpClient.execute(call.request).pipe(
    Effect.flatMap((response) => answerOf(call, response)),
    Effect.mapError(failure(call)),
    inTime(call),
    discreetly
  )

/** An error about an answer that is not what the protocol says. */
export const unexpected = (answer: Answer, problem: string, accepted: ReadonlyArray<Accepted> = []) =>
  new UnexpectedResponse({
    operation: answer.operation,
    status: answer.status,
    ...(answer.contentType === undefined ? {} : { contentType: redact(answer.contentType, answer.secrets) }),
    problem,
    excerpt: redact(answer.text, answer.secrets),
    accepted
  })

const decodeErrorResponse = Schema.decodeUnknownOption(Schema.fromJsonString(ErrorResponse))

/** LivePerson's own words in a refusal, as far as it gave any. */
export const wordsOf = (body: ErrorBody, secrets: Iterable<string>): ErrorBody => {
  const clean = (key: "title" | "details" | "msg") => {
    const text = body[key]
    return text === undefined ? {} : { [key]: redact(text, secrets) }
  }
  return {
    ...clean("title"),
    ...clean("details"),
    ...clean("msg"),
    ...(body.errorCode === undefined ? {} : { errorCode: body.errorCode })
  }
}

const tokenOf: Record<number, "AppJWT" | "ConsumerJWS"> = {
  40102: "AppJWT",
  40103: "ConsumerJWS",
  40104: "ConsumerJWS",
  40105: "AppJWT"
}

type Refusal = (operation: string, words: ErrorBody, answer: Answer) => CallError

const refusals: Record<number, Refusal> = {
  400: (operation, words) => new InvalidInput({ operation, sent: true, issues: [], accepted: [], ...words }),
  401: (operation, { msg: _, ...words }) => {
    const token = words.errorCode === undefined ? undefined : tokenOf[words.errorCode]
    return new Unauthorized({ operation, ...words, ...(token === undefined ? {} : { token }) })
  },
  429: (operation, _words, { retryAfter }) =>
    new RateLimited({ operation, ...(retryAfter === undefined ? {} : { retryAfter }) })
}

const serverError: Refusal = (operation, _words, { status }) => new ServerError({ operation, status })

const undocumented: Refusal = (_operation, _words, answer) => unexpected(answer, "a status outside the protocol")

/** What an answer that is not a success means. The status decides; the body only adds LivePerson's words. */
export const refusalOf = (answer: Answer): CallError => {
  const body = Option.match(decodeErrorResponse(answer.text), { onNone: () => ({}), onSome: ({ body }) => body })
  const refusal = refusals[answer.status] ?? (answer.status >= 500 ? serverError : undocumented)
  return refusal(answer.operation, wordsOf(body, answer.secrets), answer)
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/**
 * Makes the call and fails with what the status means, unless it is a success. `onRefusal` may know better what a
 * refusal means.
 */
export const call = <E = never>(
  call: Call,
  onRefusal: (answer: Answer) => CallError | E = refusalOf
): Effect.Effect<Answer, CallError | E, HttpClient.HttpClient> =>
  Effect.flatMap(exchange(call), (answer) =>
    isSuccess(answer.status) ? Effect.succeed(answer) : Effect.fail(onRefusal(answer))
  )

/**
 * Makes a call whose answer is too large to hold: the bytes as they come, once the status is known to be a success. The
 * timeout counts until then.
 */
export const download = (
  call: Call
): Effect.Effect<Stream.Stream<Uint8Array, TransportError>, CallError, HttpClient.HttpClient> =>
  HttpClient.execute(call.request).pipe(
    Effect.flatMap((response) =>
      isSuccess(response.status)
        ? Effect.succeed(Stream.mapError(response.stream, failure(call)))
        : Effect.flatMap(answerOf(call, response), (answer) => Effect.fail(refusalOf(answer)))
    ),
    Effect.catchTag("HttpClientError", (error) => Effect.fail(failure(call)(error))),
    inTime(call),
    discreetly
  )

/** Reads an answer's JSON by a schema. */
export const read = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema), { errors: "all" })
  return (answer: Answer): Effect.Effect<S["Type"], UnexpectedResponse> =>
    Effect.mapError(decode(answer.text), (error) => {
      const [issue] = issuesOf(error)
      return unexpected(
        answer,
        issue === undefined || issue.path === "" ? "not the JSON it should be" : `${issue.path}: ${issue.expected}`
      )
    })
}
