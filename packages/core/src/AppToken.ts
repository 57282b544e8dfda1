/**
 * The AppJWT: the connector's own token, from Sentinel.
 *
 * Fetched when first needed, once for everyone who waits; it lives an hour and is renewed five minutes before its end,
 * while callers go on with the old one. A token that LivePerson refuses is dropped and fetched anew.
 *
 * Reference: section 1.4.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { CallError, InvalidInput } from "./ConnectorError.ts"
import { Domains } from "./Domains.ts"
import { call, defaultTimeout, read } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import * as Refreshing from "./internal/refreshing.ts"
import { retrying } from "./internal/retrying.ts"
import { AccountId } from "./protocol/Ids.ts"
import { AppJWT, AppJWTClaims, AppJWTResponse, claimsOf } from "./protocol/Tokens.ts"

/**
 * - `get`: the token to call LivePerson with.
 * - `drop`: forgets a token that LivePerson refused. True when `get` can then give another.
 *
 * `get` fails with `Unauthorized` when the client id or secret is wrong, and otherwise as any call does.
 */
export class AppToken extends Context.Service<
  AppToken,
  {
    readonly get: Effect.Effect<Redacted.Redacted<AppJWT>, CallError>
    readonly drop: (refused: Redacted.Redacted<AppJWT>) => Effect.Effect<boolean>
  }
>()("@effect-liveperson/core/AppToken") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  /** How long before its end a token is renewed: five minutes. */
  readonly refreshAhead?: Duration.Input | undefined
  /** How long one request may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

const operation = "AppToken.fetch"

/** How long a token is taken to live that does not say so itself. */
const documentedLifetime = Duration.hours(1)

const expiryOf = Schema.decodeOption(claimsOf(AppJWTClaims))

const Credentials = Schema.Struct({
  accountId: AccountId,
  clientId: Schema.NonEmptyString.annotate({ expected: "a text that is not empty" }),
  clientSecret: Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })
})

const make = Effect.fnUntraced(function* (options: Options) {
  const { accountId, clientId, clientSecret } = yield* decodeInput(
    Credentials,
    "AppToken.layer"
  )({
    accountId: options.accountId,
    clientId: options.clientId,
    clientSecret: Redacted.value(options.clientSecret)
  })
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains
  const refreshAhead = Duration.fromInputUnsafe(options.refreshAhead ?? "5 minutes")
  const body = HttpBody.urlParams(UrlParams.fromInput({ client_id: clientId, client_secret: clientSecret }))

  const fetch = domains.get("sentinel").pipe(
    Effect.flatMap((sentinel) =>
      call({
        operation,
        request: HttpClientRequest.post(`${sentinel}/sentinel/api/account/${encodeURIComponent(accountId)}/app/token`, {
          urlParams: { v: "1.0", grant_type: "client_credentials" },
          body,
          acceptJson: true
        }),
        secrets: [clientSecret],
        timeout: options.timeout ?? defaultTimeout
      })
    ),
    Effect.flatMap(read(AppJWTResponse)),
    Effect.provideService(HttpClient.HttpClient, client),
    retrying(operation, "harmless"),
    observed(operation, { "liveperson.account": accountId })
  )

  const lookup = Effect.fnUntraced(function* () {
    const { access_token } = yield* fetch
    const now = yield* Clock.currentTimeMillis
    const validFor = Option.match(expiryOf(access_token), {
      onNone: () => documentedLifetime,
      onSome: ({ exp }) => Duration.millis(Math.max(0, exp * 1000 - now))
    })
    return {
      value: Redacted.make(access_token, { label: "AppJWT" }),
      validFor,
      freshFor: Duration.subtract(validFor, refreshAhead)
    }
  })

  const tokens = yield* Refreshing.make({ lookup, capacity: 1 })
  return AppToken.of({
    get: tokens.get("app"),
    drop: (refused) => Effect.as(tokens.drop("app", refused), true)
  })
})

/** Fetches tokens from Sentinel. Fails with `InvalidInput` when an option is empty. */
export const layer = (options: Options): Layer.Layer<AppToken, InvalidInput, HttpClient.HttpClient | Domains> =>
  Layer.effect(AppToken, make(options))

/** A token that was obtained elsewhere. It is used as it is: when LivePerson refuses it, the call fails. */
export const layerStatic = (token: Redacted.Redacted): Layer.Layer<AppToken, InvalidInput> =>
  Layer.effect(
    AppToken,
    Effect.map(decodeInput(AppJWT, "AppToken.layerStatic", "token")(Redacted.value(token)), (token) => ({
      get: Effect.succeed(Redacted.make(token, { label: "AppJWT" })),
      drop: () => Effect.succeed(false)
    }))
  )

/** For tests: a fixed token that no LivePerson accepts. */
export const layerTest: Layer.Layer<AppToken> = Layer.succeed(AppToken, {
  get: Effect.succeed(Redacted.make(AppJWT.make("test-app-jwt"), { label: "AppJWT" })),
  drop: () => Effect.succeed(false)
})
