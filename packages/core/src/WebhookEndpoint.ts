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
import * as Context from "effect/Context"
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
import { kept } from "./internal/kept.ts"
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

const deliveriesBy = kept((labels) => Metric.withAttributes(deliveries, labels))

const answer = (outcome: string, status: number) =>
  Effect.as(Metric.update(deliveriesBy(["outcome", outcome]), 1), HttpServerResponse.empty({ status }))

const isTooLarge = (error: HttpServerError): boolean =>
  error.reason._tag === "RequestParseError" && error.reason.reason === "BodyTooLarge"

/** The body, if it is not larger than what is read. */
const bodyOf = (request: HttpServerRequest.HttpServerRequest, limit: number) => {
  const announced = Number(request.headers["content-length"] ?? 0)
  if (announced > limit) return Effect.fail(new BodyTooLarge({ limit }))
  return request.arrayBuffer.pipe(
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.mapError((error) => (isTooLarge(error) ? new BodyTooLarge({ limit }) : new NotJson())),
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(limit))
  )
}

/** Lets the connector hear its own words, where somebody listens for them. */
const heard = (notification: Notification) =>
  Effect.flatMap(
    Effect.serviceOption(Echo),
    Option.match({ onNone: () => Effect.void, onSome: (echo) => echo.hear(notification) })
  )

/**
 * Answers one request, whose notification goes to an inbox of one's own, such as a database: LivePerson is answered 200
 * once the `offer` has succeeded, and 503 where it fails. `accountId` is the account that the delivery is verified for.
 */
export const appTo = <R>(
  offer: (notification: Notification, accountId: string) => Effect.Effect<void, InboxFull, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest | Webhook | R> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    if (request.method !== "POST") return HttpServerResponse.empty({ status: 405, headers: { allow: "POST" } })
    const webhook = yield* Webhook
    return yield* bodyOf(request, webhook.bodyLimit).pipe(
      Effect.flatMap((body) => webhook.receive({ headers: request.headers, body })),
      Effect.flatMap((notification) =>
        Effect.andThen(offer(notification, request.headers[headerNames.accountId] ?? ""), heard(notification))
      ),
      Effect.matchEffect({
        onSuccess: () => answer("ok", 200),
        onFailure: (error) => answer(error._tag, statuses[error._tag])
      })
    )
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
      const services = Context.make(Webhook, yield* Webhook).pipe(Context.add(Inbox, yield* Inbox))
      const echo = Option.map(yield* Effect.serviceOption(Echo), (echo) => Context.make(Echo, echo))
      const context = Context.merge(
        services,
        Option.getOrElse(echo, () => Context.empty())
      )
      yield* router.add("POST", path, Effect.provide(app, context))
    })
  )

/**
 * The endpoint as a plain function from `Request` to `Response`, for servers that are not Effect's: Hono, Express by an
 * adapter, workers. `dispose` closes what the layer opened.
 */
export const toWebHandler = <Provided, E>(layer: Layer.Layer<Webhook | Inbox | Provided, E>) =>
  HttpEffect.toWebHandlerLayer(app, layer)
