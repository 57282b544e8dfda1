/**
 * The ConsumerJWS: a consumer's token, from the IDP. It says on whose behalf the connector speaks.
 *
 * It does not expire, so the tokens of the consumers seen last are kept (10,000 unless said otherwise), each fetched
 * once for everyone who waits. One that LivePerson refuses is dropped and fetched anew.
 *
 * Reference: section 1.4.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AppToken } from "./AppToken.ts"
import type { CallError, InvalidInput } from "./ConnectorError.ts"
import { Domains } from "./Domains.ts"
import { call, defaultTimeout, read } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import * as Refreshing from "./internal/refreshing.ts"
import { blames, renewing } from "./internal/renewing.ts"
import { retrying } from "./internal/retrying.ts"
import { AccountId, type ConsumerId } from "./protocol/Ids.ts"
import { ConsumerJWS, ConsumerJWSResponse } from "./protocol/Tokens.ts"

/**
 * - `get`: the token to speak with on a consumer's behalf.
 * - `drop`: forgets a token that LivePerson refused. True when `get` can then give another.
 */
export class ConsumerToken extends Context.Service<
  ConsumerToken,
  {
    readonly get: (consumer: ConsumerId) => Effect.Effect<Redacted.Redacted<ConsumerJWS>, CallError>
    readonly drop: (consumer: ConsumerId, refused: Redacted.Redacted<ConsumerJWS>) => Effect.Effect<boolean>
  }
>()("@effect-liveperson/core/ConsumerToken") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /** How many consumers' tokens are kept: 10,000. */
  readonly capacity?: number | undefined
  /** How long one request may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

const operation = "ConsumerToken.fetch"

const redacted = (token: ConsumerJWS) => Redacted.make(token, { label: "ConsumerJWS" })

const make = Effect.fnUntraced(function* (options: Options) {
  const accountId = yield* decodeInput(AccountId, "ConsumerToken.layer", "accountId")(options.accountId)
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains
  const appToken = yield* AppToken

  const withAppToken = renewing(appToken.get, (error, token) =>
    blames(error, "AppJWT") ? appToken.drop(token) : Effect.succeed(false)
  )

  const lookup = (consumer: ConsumerId) =>
    withAppToken((token) =>
      Effect.flatMap(domains.get("idp"), (idp) =>
        call({
          operation,
          request: HttpClientRequest.post(`${idp}/api/account/${encodeURIComponent(accountId)}/consumer`, {
            urlParams: { v: "1.0" },
            headers: { authorization: Redacted.value(token) },
            acceptJson: true
          }).pipe(HttpClientRequest.bodyJsonUnsafe({ ext_consumer_id: consumer })),
          secrets: [Redacted.value(token), consumer],
          timeout: options.timeout ?? defaultTimeout
        })
      )
    ).pipe(
      Effect.flatMap(read(ConsumerJWSResponse)),
      Effect.provideService(HttpClient.HttpClient, client),
      retrying(operation, "harmless"),
      observed(operation, { "liveperson.account": accountId }),
      Effect.map(({ token }) => ({
        value: redacted(token),
        freshFor: Duration.infinity,
        validFor: Duration.infinity
      }))
    )

  const tokens = yield* Refreshing.make({ lookup, capacity: options.capacity ?? 10_000 })
  return ConsumerToken.of({
    get: tokens.get,
    drop: (consumer, refused) => Effect.as(tokens.drop(consumer, refused), true)
  })
})

/** Fetches tokens from the IDP. Fails with `InvalidInput` when the account id is empty. */
export const layer = (
  options: Options
): Layer.Layer<ConsumerToken, InvalidInput, HttpClient.HttpClient | Domains | AppToken> =>
  Layer.effect(ConsumerToken, make(options))

/** Tokens that were obtained elsewhere. They are used as they are: when LivePerson refuses one, the call fails. */
export const layerStatic = (
  get: (consumer: ConsumerId) => Effect.Effect<Redacted.Redacted<ConsumerJWS>, CallError>
): Layer.Layer<ConsumerToken> => Layer.succeed(ConsumerToken, { get, drop: () => Effect.succeed(false) })

/** For tests: a token per consumer that no LivePerson accepts. */
export const layerTest: Layer.Layer<ConsumerToken> = layerStatic((consumer) =>
  Effect.succeed(redacted(ConsumerJWS.make(`test-consumer-jws:${consumer}`)))
)
