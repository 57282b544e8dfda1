/**
 * Where LivePerson posts to: answers as soon as a delivery is verified and in the inbox, so that no handler can keep
 * LivePerson waiting. It takes an app's subscription away whose endpoint needs more than 2.5 seconds for two minutes.
 *
 * | answer | when |
 * | ------ | ---- |
 * | 200 | the notification is in the inbox |
 * | 400 | it is signed and makes no sense |
 * | 401 | it is not signed by one of the apps |
 * | 413 | it is too large to read |
 * | 503 | the inbox is full; LivePerson posts it again |
 *
 * ```ts
 * import { Inbox, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
 * import { Layer, Redacted } from "effect"
 *
 * const apps = [{ accountId: "12345678", clientId: "my-app", clientSecret: Redacted.make("secret") }] as const
 *
 * const Live = Layer.merge(Webhook.layer({ apps }), Inbox.layerMemory())
 *
 * const Route = WebhookEndpoint.route("/liveperson").pipe(Layer.provide(Live))
 *
 * const { handler } = WebhookEndpoint.toWebHandler(Live)
 * ```
 *
 * Reference: section 5.1.
 */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { HttpServerError } from "effect/http/HttpServerError"
import type * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import { Echo } from "./Echo.ts"
import { Inbox, type InboxFull } from "./Inbox.ts"
import type { Notification } from "./protocol/Notification.ts"
import { BodyTooLarge, headerNames, NotJson, Webhook, type WebhookError } from "./Webhook.ts"

const deliveries = Metric.counter("liveperson_webhook_deliveries", {
  description: "Deliveries to the webhook endpoint, by outcome",
  incremental: true
})

const statuses: Record<(WebhookError | InboxFull)["_tag"], number> = {
  UnknownApp: 401,
  SignatureMissing: 401,
  SignatureInvalid: 401,
  BodyTooLarge: 413,
  NotJson: 400,
  NotANotification: 400,
  InboxFull: 503
}

/** What is answered, and counted, for each outcome. */
const answer = (outcome: string, status: number) => {
  const counted = Metric.withAttributes(deliveries, { outcome })
  return Effect.as(Metric.update(counted, 1), HttpServerResponse.empty({ status }))
}

const accepted = answer("ok", 200)
const rejected = Record.map(statuses, (status, outcome) => answer(outcome, status))

const answers = {
  onSuccess: () => accepted,
  onFailure: ({ _tag }: WebhookError | InboxFull) => rejected[_tag]
}

const notAllowed = HttpServerResponse.empty({ status: 405, headers: { allow: "POST" } })

const isTooLarge = (error: HttpServerError): boolean =>
  error.reason._tag === "RequestParseError" && error.reason.reason === "BodyTooLarge"

/** The body, if it is not larger than what is read. What was announced is not believed: not every server holds it. */
const bodyOf = (request: HttpServerRequest.HttpServerRequest, limit: number) =>
  Number(request.headers["content-length"]) > limit
    ? Effect.fail(new BodyTooLarge({ limit }))
    : request.arrayBuffer.pipe(
        Effect.map((buffer) => new Uint8Array(buffer)),
        Effect.mapError((error) => (isTooLarge(error) ? new BodyTooLarge({ limit }) : new NotJson())),
        Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(limit))
      )

/** What a notification goes to. */
type Offer<R> = (notification: Notification, accountId: string) => Effect.Effect<void, InboxFull, R>

const respond = <R>(
  request: HttpServerRequest.HttpServerRequest,
  webhook: Webhook["Service"],
  offer: Offer<R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> => {
  if (request.method !== "POST") return Effect.succeed(notAllowed)
  return bodyOf(request, webhook.bodyLimit).pipe(
    Effect.flatMap((body) => webhook.receive({ headers: request.headers, body })),
    Effect.flatMap((notification) => offer(notification, request.headers[headerNames.accountId] ?? "")),
    Effect.matchEffect(answers)
  )
}

/** Lets the connector hear its own words as well, where somebody listens for them. */
const heard = <R>(echo: Option.Option<Echo["Service"]>, offer: Offer<R>): Offer<R> =>
  Option.match(echo, {
    onNone: () => offer,
    onSome:
      ({ hear }) =>
      (notification, accountId) =>
        Effect.andThen(offer(notification, accountId), hear(notification))
  })

/**
 * Answers one request, whose notification goes to an inbox of one's own, such as a database: LivePerson is answered 200
 * once the `offer` has succeeded, and 503 where it fails. `accountId` is the account that the delivery is verified for.
 */
export const appTo = <R>(
  offer: Offer<R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest | Webhook | R> =>
  Effect.gen(function* () {
    const echo = yield* Effect.serviceOption(Echo)
    return yield* respond(yield* HttpServerRequest.HttpServerRequest, yield* Webhook, heard(echo, offer))
  })

/** Answers one request. {@link route} and {@link toWebHandler} serve it. */
export const app: Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  never,
  HttpServerRequest.HttpServerRequest | Webhook | Inbox
> = appTo((notification) => Inbox.use((inbox) => inbox.offer(notification)))

/** The endpoint as a route of an `HttpRouter`, at a path such as `"/liveperson"`. */
export const route = (path: HttpRouter.PathInput): Layer.Layer<never, never, HttpRouter.HttpRouter | Webhook | Inbox> =>
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      const webhook = yield* Webhook
      const offer = heard(yield* Effect.serviceOption(Echo), (yield* Inbox).offer)
      yield* router.add("POST", path, (request) => respond(request, webhook, offer))
    })
  )

/**
 * The endpoint as a plain function from `Request` to `Response`, for servers that are not Effect's: Hono, Express by an
 * adapter, workers. `dispose` closes what the layer opened.
 */
export const toWebHandler = <Provided, E>(layer: Layer.Layer<Webhook | Inbox | Provided, E>) =>
  HttpEffect.toWebHandlerLayer(app, layer)
