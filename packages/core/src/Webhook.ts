/**
 * From what was posted to a webhook to what LivePerson said: verified and decoded in one step, so that nothing is read
 * that LivePerson did not sign.
 *
 * The signature is over the raw bytes. A body that was parsed and written again has another signature as soon as an
 * emoji is in it, so give {@link receive} the bytes as they came.
 *
 * ```ts
 * import { Webhook } from "@effect-liveperson/core"
 * import { Effect, Redacted } from "effect"
 *
 * const App = Webhook.layer({
 *   apps: [{ accountId: "12345678", clientId: "my-app", clientSecret: Redacted.make("secret") }]
 * })
 *
 * const received = (headers: Record<string, string>, body: Uint8Array) =>
 *   Webhook.receive({ headers, body }).pipe(
 *     Effect.catchTag("SignatureInvalid", () => Effect.fail("somebody else")),
 *     Effect.provide(App)
 *   )
 * ```
 *
 * Reference: sections 5.1 and 5.2.
 */
import * as Context from "effect/Context"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Headers from "effect/http/Headers"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "./ConnectorError.ts"
import { decodeInput, issuesOf } from "./internal/issues.ts"
import { AccountId } from "./protocol/Ids.ts"
import { Notification } from "./protocol/Notification.ts"

/** The headers of a delivery. */
export const headerNames = {
  accountId: "x-liveperson-account-id",
  clientId: "x-liveperson-client-id",
  signature: "x-liveperson-signature"
} as const

/** The delivery is not for any of the apps that this endpoint knows. */
export class UnknownApp extends Schema.TaggedError<UnknownApp>()("UnknownApp", {}) {
  override get message(): string {
    return `No app is known for this ${headerNames.accountId} and ${headerNames.clientId}.`
  }
}

/** The delivery is not signed. */
export class SignatureMissing extends Schema.TaggedError<SignatureMissing>()("SignatureMissing", {}) {
  override get message(): string {
    return `There is no ${headerNames.signature}.`
  }
}

/** The signature is not that of any of the app's secrets over these bytes. */
export class SignatureInvalid extends Schema.TaggedError<SignatureInvalid>()("SignatureInvalid", {}) {
  override get message(): string {
    return "The signature is not that of the app's secret over the body."
  }
}

/** The body has more bytes than this endpoint reads. */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", { limit: Schema.Int }) {
  override get message(): string {
    return `The body has more than ${this.limit} bytes.`
  }
}

/** The body is signed, and no JSON. */
export class NotJson extends Schema.TaggedError<NotJson>()("NotJson", {}) {
  override get message(): string {
    return "The body is not JSON."
  }
}

/** The body is signed JSON, and no notification. */
export class NotANotification extends Schema.TaggedError<NotANotification>()("NotANotification", {
  problem: Schema.String
}) {
  override get message(): string {
    return `The body is not a notification: ${this.problem}.`
  }
}

/** Why a delivery is not accepted. */
export type WebhookError = UnknownApp | SignatureMissing | SignatureInvalid | BodyTooLarge | NotJson | NotANotification

/** What was posted: its headers, whatever their case, and its body, byte by byte. */
export interface Posted {
  readonly headers: Headers.Input
  readonly body: Uint8Array
}

/** See {@link receive}. `bodyLimit` is how many bytes a body may have. */
export class Webhook extends Context.Service<
  Webhook,
  {
    readonly receive: (posted: Posted) => Effect.Effect<Notification, WebhookError>
    readonly bodyLimit: number
  }
>()("@effect-liveperson/core/Webhook") {}

/** An app that deliveries come for. While a secret is being replaced, the old one and the new one both count. */
export interface App {
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted | readonly [Redacted.Redacted, ...ReadonlyArray<Redacted.Redacted>]
}

/** Options of {@link layer}. */
export interface Options {
  readonly apps: readonly [App, ...ReadonlyArray<App>]
  /** How many bytes a body may have: 1 MB. */
  readonly bodyLimit?: number | undefined
}

const utf8 = new TextEncoder()

const algorithms = { sha1: Mac.hmacSha1, sha256: Mac.hmacSha256 } as const

type Algorithm = keyof typeof algorithms

const isAlgorithm = (name: string | undefined): name is Algorithm => name === "sha1" || name === "sha256"

const decodeText = new TextDecoder("utf-8", { fatal: true })

const decodeNotification = Schema.decodeUnknownEffect(Notification)

const parse = (body: Uint8Array): Effect.Effect<unknown, NotJson> =>
  Effect.try({ try: (): unknown => JSON.parse(decodeText.decode(body)), catch: () => new NotJson() })

/**
 * Reads a notification that nobody vouches for. Only for bodies whose origin is known otherwise, such as recordings.
 */
export const decodeUnverified = (body: Uint8Array): Effect.Effect<Notification, NotJson | NotANotification> =>
  Effect.flatMap(parse(body), (json) =>
    Effect.mapError(decodeNotification(json), (error) => {
      const [issue] = issuesOf(error)
      return new NotANotification({ problem: issue === undefined ? "?" : `${issue.path} ${issue.expected}`.trim() })
    })
  )

const App = Schema.Struct({
  accountId: AccountId,
  clientId: Schema.NonEmptyString,
  secrets: Schema.NonEmptyArray(Schema.NonEmptyString)
})

const make = Effect.fnUntraced(function* (options: Options) {
  const mac = yield* Mac.Mac
  const bodyLimit = options.bodyLimit ?? 1024 * 1024

  const keysOf = Effect.fnUntraced(function* (app: App, index: number) {
    const { clientSecret } = app
    const { accountId, clientId, secrets } = yield* decodeInput(
      App,
      "Webhook.layer",
      `apps[${index}]`
    )({
      accountId: app.accountId,
      clientId: app.clientId,
      secrets: (Redacted.isRedacted(clientSecret) ? [clientSecret] : clientSecret).map(Redacted.value)
    })
    const bytes = secrets.map((secret) => utf8.encode(secret))
    const keys = (algorithm: Algorithm) =>
      Effect.orDie(Effect.forEach(bytes, (secret) => Mac.key(algorithms[algorithm], secret)))
    return [`${accountId} ${clientId}`, { sha1: yield* keys("sha1"), sha256: yield* keys("sha256") }] as const
  })

  const apps = new Map<string, Record<Algorithm, ReadonlyArray<Mac.Key>>>(yield* Effect.forEach(options.apps, keysOf))

  const receive = Effect.fnUntraced(function* ({ body, headers: input }: Posted) {
    if (body.length > bodyLimit) return yield* new BodyTooLarge({ limit: bodyLimit })
    const headers = Headers.isHeaders(input) ? input : Headers.fromInput(input)
    const app = apps.get(`${headers[headerNames.accountId]} ${headers[headerNames.clientId]}`)
    if (app === undefined) return yield* new UnknownApp()
    const signature = headers[headerNames.signature]
    if (signature === undefined || signature === "") return yield* new SignatureMissing()
    const at = signature.indexOf("=")
    const algorithm = signature.slice(0, at)
    const tag = Base64.decode(signature.slice(at + 1))
    if (!isAlgorithm(algorithm) || Result.isFailure(tag)) return yield* new SignatureInvalid()
    let genuine = false
    for (const key of app[algorithm]) genuine = (yield* Effect.orDie(mac.verify(key, tag.success, body))) || genuine
    if (!genuine) return yield* new SignatureInvalid()
    return yield* decodeUnverified(body)
  })

  return Webhook.of({ receive, bodyLimit })
})

/** HMACs by WebCrypto, which every platform has. */
const webCrypto = Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** Verifies deliveries for these apps. Fails with `InvalidInput` when an id or a secret is empty. */
export const layer = (options: Options): Layer.Layer<Webhook, InvalidInput> =>
  Layer.effect(Webhook, make(options)).pipe(Layer.provide(webCrypto))

/** {@link layer} with HMACs of one's own, such as `NodeCrypto.layerMac`, which is quicker on Node. */
export const layerMac = (options: Options): Layer.Layer<Webhook, InvalidInput, Mac.Mac> =>
  Layer.effect(Webhook, make(options))

/**
 * Verifies and decodes a delivery.
 *
 * Fails with `UnknownApp`, `SignatureMissing` or `SignatureInvalid` when LivePerson did not send it to one of the apps,
 * with `BodyTooLarge` when it is too large to read, and with `NotJson` or `NotANotification` when it is signed and makes
 * no sense. What is signed and merely new decodes to an `Unrecognized` or an `OtherNotification`.
 */
export const receive = (posted: Posted): Effect.Effect<Notification, WebhookError, Webhook> =>
  Webhook.use((webhook) => webhook.receive(posted))

/**
 * Signs a body as LivePerson does: the headers of the delivery, for tests of one's own endpoint. Fails with
 * `InvalidInput` when the secret is empty.
 */
export const sign = Effect.fnUntraced(function* (options: {
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly body: Uint8Array
  /** `"sha1"`, LivePerson's default, or `"sha256"` as on accounts that were switched over. */
  readonly algorithm?: Algorithm
}) {
  const algorithm = options.algorithm ?? "sha1"
  const secret = yield* decodeInput(
    Schema.NonEmptyString,
    "Webhook.sign",
    "clientSecret"
  )(Redacted.value(options.clientSecret))
  const tag = yield* Effect.gen(function* () {
    const mac = yield* Mac.Mac
    const key = yield* Mac.key(algorithms[algorithm], utf8.encode(secret))
    return yield* mac.sign(key, options.body)
  }).pipe(Effect.orDie, Effect.provide(webCrypto))
  return {
    [headerNames.accountId]: options.accountId,
    [headerNames.clientId]: options.clientId,
    [headerNames.signature]: `${algorithm}=${Base64.encode(tag)}`
  }
})
