/**
 * The way out: the channel that consumers are on. Implement it with one function, or take one that is ready:
 * {@link layerWebhook} posts signed webhooks, {@link layerConsole} prints.
 *
 * ```ts
 * import { Channel } from "@effect-liveperson/gateway"
 * import { Effect } from "effect"
 *
 * const Sms = Channel.layer(({ consumer, happening }) =>
 *   happening._tag === "Text" ? Effect.log(`${consumer} is sent ${happening.text.length} characters`) : Effect.void
 * )
 * ```
 *
 * An event is told at least once. Those of a consumer are told one after the other, in order: the next one waits until
 * this one was taken, or refused for good.
 */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Event } from "./Event.ts"

/** The channel does not take an event now. It is told again, for as long as it takes. */
export class ChannelUnavailable extends Schema.TaggedError<ChannelUnavailable>()("ChannelUnavailable", {
  problem: Schema.String
}) {
  override get message(): string {
    return `The channel does not take an event now: ${this.problem}.`
  }
}

/** The channel will never take this event. It is put aside, and the next one is told. */
export class ChannelRefused extends Schema.TaggedError<ChannelRefused>()("ChannelRefused", {
  problem: Schema.String
}) {
  override get message(): string {
    return `The channel refuses an event: ${this.problem}.`
  }
}

export class Channel extends Context.Service<
  Channel,
  { readonly tell: (event: Event) => Effect.Effect<void, ChannelUnavailable | ChannelRefused> }
>()("@effect-liveperson/gateway/Channel") {}

/** A channel that is a function. */
export const layer = <R = never>(
  tell: (event: Event) => Effect.Effect<void, ChannelUnavailable | ChannelRefused, R>
): Layer.Layer<Channel, never, R> =>
  Layer.effect(
    Channel,
    Effect.map(Effect.context<R>(), (context) => ({ tell: (event) => Effect.provideContext(tell(event), context) }))
  )

/** Prints what happens, without what is said. */
export const layerConsole: Layer.Layer<Channel> = layer(({ consumer, happening, id }) =>
  Console.log(`${consumer}: ${happening._tag} (${id})`)
)

const encodeEvent = Schema.encodeEffect(Schema.fromJsonString(Event))
const utf8 = new TextEncoder()

/** The headers of a webhook: when it was signed, in epoch seconds, and the signature over that, a dot and the body. */
export const headerNames = {
  id: "x-gateway-id",
  timestamp: "x-gateway-timestamp",
  signature: "x-gateway-signature"
} as const

/** Options of {@link layerWebhook}. */
export interface WebhookOptions {
  readonly url: string
  /** What is signed with, by HMAC-SHA256. */
  readonly secret: Redacted.Redacted
  /** How long an answer may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

/**
 * Posts events as JSON, each signed anew. Any 2xx takes it; 4xx except 401, 403, 404, 408 and 429 refuses it for good; on
 * everything else it is posted again.
 */
export const layerWebhook = (options: WebhookOptions): Layer.Layer<Channel, never, HttpClient.HttpClient> =>
  Layer.effect(
    Channel,
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const mac = yield* Mac.Mac
      const key = yield* Effect.orDie(Mac.key(Mac.hmacSha256, utf8.encode(Redacted.value(options.secret))))
      const tell = Effect.fn("Channel.tell")(function* (event: Event) {
        const body = yield* Effect.orDie(encodeEvent(event))
        const timestamp = String(Math.floor((yield* Clock.currentTimeMillis) / 1000))
        const tag = yield* Effect.orDie(mac.sign(key, utf8.encode(`${timestamp}.${body}`)))
        const { status } = yield* HttpClientRequest.post(options.url).pipe(
          HttpClientRequest.bodyText(body, "application/json"),
          HttpClientRequest.setHeaders({
            [headerNames.id]: event.id,
            [headerNames.timestamp]: timestamp,
            [headerNames.signature]: `sha256=${Base64.encode(tag)}`
          }),
          client.execute,
          Effect.timeout(options.timeout ?? "10 seconds"),
          Effect.mapError(({ _tag }) => new ChannelUnavailable({ problem: _tag }))
        )
        if (status >= 200 && status < 300) return
        if (status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status)) {
          return yield* new ChannelRefused({ problem: `it answered ${status}` })
        }
        return yield* new ChannelUnavailable({ problem: `it answered ${status}` })
      })
      return { tell: (event) => Effect.scoped(tell(event)) }
    })
  ).pipe(Layer.provide(Mac.layerWebCrypto), Layer.provide(SecureRandom.layerWebCrypto))
