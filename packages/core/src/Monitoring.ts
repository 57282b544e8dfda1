/**
 * The Monitoring API: which campaign and engagement a consumer falls under, for conversations that are routed by
 * campaigns.
 *
 * It is public, so no token goes with it. What it gives pipes into `Conversation.withCampaign`.
 *
 * ```ts
 * import { Connector, Conversation, Monitoring } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const opened = Effect.gen(function* () {
 *   const engagement = yield* Monitoring.engagement({ entryPoints: ["tel://+15550100"] })
 *   return yield* Conversation.make({ firstName: "Ada" }).pipe(
 *     Conversation.withCampaign(engagement),
 *     Connector.open,
 *     Connector.onBehalfOf("sms:+15550100")
 *   )
 * })
 * ```
 *
 * Reference: section 7.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { type CallError, InvalidInput } from "./ConnectorError.ts"
import { Domains } from "./Domains.ts"
import { type Answer, call, defaultTimeout, read, refusalOf, unexpected } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import { textsOf } from "./internal/redact.ts"
import { retrying } from "./internal/retrying.ts"
import {
  EngagementRefusal,
  EngagementRequest,
  EngagementResponse,
  type EngagementDetails
} from "./protocol/Engagement.ts"
import { AccountId } from "./protocol/Ids.ts"

/**
 * What a consumer falls under. `visitorId` and `sessionId` are to be kept for the next time. Without `campaignId`
 * there is no engagement for them at the moment; `conversationId` is there when they have a conversation open.
 */
export interface Engagement extends Partial<EngagementDetails> {
  readonly visitorId: string
  readonly sessionId: string
}

/** What is told about the consumer, and the engagement that was given before if the visit goes on. */
export type Visit = (typeof EngagementRequest)["Encoded"] & {
  readonly previous?: Pick<Engagement, "visitorId" | "sessionId">
}

/** See {@link engagement}. */
export class Monitoring extends Context.Service<
  Monitoring,
  { readonly engagement: (visit: Visit) => Effect.Effect<Engagement, CallError> }
>()("@effect-liveperson/core/Monitoring") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /** The id of the connector's app installation: its client id. */
  readonly appInstallId: string
  /** How long one request may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

const operation = "Monitoring.engagement"

/** How long to wait while LivePerson loads an account that nobody asked about for a while; then the next one. */
const loadingDelays: ReadonlyArray<Duration.Input> = ["3 seconds", "10 seconds", "30 seconds", "90 seconds"]

const decodeRefusal = Schema.decodeUnknownOption(Schema.fromJsonString(EngagementRefusal))

/** The vid to go on with, if the answer says that the account is being loaded. */
const loading = (answer: Answer): Option.Option<{ readonly visitorId: string | undefined }> =>
  decodeRefusal(answer.text).pipe(
    Option.filter(({ internalCode }) => internalCode === 38 || internalCode === 20),
    Option.map(({ message }) => ({ visitorId: /\bvid: *([^\s,]+)/.exec(message ?? "")?.[1] }))
  )

/** What LivePerson's internal codes blame, with status 404. */
const blamed: Record<number, string> = { 18: "appInstallId", 37: "visitorId", 39: "sessionId" }

const refusal = (answer: Answer): CallError => {
  const { internalCode } = Option.getOrElse(decodeRefusal(answer.text), (): EngagementRefusal => ({}))
  const path = internalCode === undefined ? undefined : blamed[internalCode]
  return path === undefined
    ? refusalOf(answer)
    : new InvalidInput({
        operation,
        sent: true,
        issues: [{ path, expected: "expected one that LivePerson knows" }],
        accepted: []
      })
}

class Loading extends Data.TaggedError("Loading")<{
  readonly answer: Answer
  readonly visitorId: string | undefined
}> {}

const settings = Schema.Struct({ accountId: AccountId, appInstallId: Schema.NonEmptyString })

const make = Effect.fnUntraced(function* (options: Options) {
  const { accountId, appInstallId } = yield* decodeInput(
    settings,
    "Monitoring.layer"
  )({
    accountId: options.accountId,
    appInstallId: options.appInstallId
  })
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains

  const ask = Effect.fnUntraced(function* (
    body: EngagementRequest,
    visit: { readonly visitorId: string | undefined; readonly sessionId: string | undefined }
  ) {
    const host = yield* domains.get("smt")
    const path = `/api/account/${encodeURIComponent(accountId)}/app/${encodeURIComponent(appInstallId)}/engagement`
    const request = HttpClientRequest.post(`${host}${path}`, {
      urlParams: { v: "1.1", vid: visit.visitorId, sid: visit.sessionId, obh: "false" },
      acceptJson: true
    }).pipe(HttpClientRequest.bodyJsonUnsafe(body))
    const secrets = [...textsOf(body)]
    const answered = { operation, request, secrets, timeout: options.timeout ?? defaultTimeout }
    const answer = yield* call(answered, (answer) =>
      Option.match(loading(answer), {
        onNone: () => refusal(answer),
        onSome: ({ visitorId }) => new Loading({ answer, visitorId })
      })
    )
    const still = Option.getOrUndefined(loading(answer))
    if (still !== undefined) return yield* new Loading({ answer, ...still })
    const { engagementDetails = [], sessionId, visitorId } = yield* read(EngagementResponse)(answer)
    return { ...engagementDetails[0], sessionId, visitorId } satisfies Engagement
  })

  const patiently = (
    body: EngagementRequest,
    visit: Parameters<typeof ask>[1],
    delays = loadingDelays
  ): Effect.Effect<Engagement, CallError, HttpClient.HttpClient> =>
    Effect.catchTag(ask(body, visit), "Loading", ({ answer, visitorId = visit.visitorId }) => {
      const [delay, ...later] = delays
      return delay === undefined
        ? Effect.fail(unexpected(answer, "the account is still being loaded"))
        : Effect.delay(patiently(body, { ...visit, visitorId }, later), delay)
    })

  return Monitoring.of({
    engagement: ({ previous, ...visit }) =>
      decodeInput(
        EngagementRequest,
        operation
      )(visit).pipe(
        Effect.flatMap((body) => patiently(body, { visitorId: previous?.visitorId, sessionId: previous?.sessionId })),
        Effect.provideService(HttpClient.HttpClient, client),
        retrying(operation, "harmless"),
        observed(operation, { "liveperson.account": accountId })
      )
  })
})

/** Asks the Monitoring API. Fails with `InvalidInput` when an option is empty. */
export const layer = (options: Options): Layer.Layer<Monitoring, InvalidInput, HttpClient.HttpClient | Domains> =>
  Layer.effect(Monitoring, make(options))

/**
 * Which engagement a consumer falls under. The first answer begins a visit; give it as `previous` the next time, so that
 * the visit goes on.
 *
 * While LivePerson loads the account this waits, up to 3, 10, 30 and 90 seconds. Fails with `InvalidInput` when the
 * visit or the app installation is not known to LivePerson, or the input is not valid, and otherwise as any call does.
 */
export const engagement = (visit: Visit = {}): Effect.Effect<Engagement, CallError, Monitoring> =>
  Monitoring.use((monitoring) => monitoring.engagement(visit))
