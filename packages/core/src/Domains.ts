/**
 * Which host serves which of LivePerson's services for an account, from the Domain API.
 *
 * Hosts are looked up when first needed, refreshed every hour while nobody waits, and kept when a refresh fails: an
 * outage of the Domain API does not stop a running connector.
 *
 * ```ts
 * import { Domains } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const url = Domains.Domains.use((domains) => domains.get("asyncMessagingEnt"))
 * ```
 *
 * Reference: section 1.1.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import { type CallError, type InvalidInput, ServiceNotFound } from "./ConnectorError.ts"
import { call, defaultTimeout, read, refusalOf } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import * as Refreshing from "./internal/refreshing.ts"
import { retrying } from "./internal/retrying.ts"
import { BaseUris, type Service } from "./protocol/BaseUri.ts"
import { AccountId } from "./protocol/Ids.ts"

/**
 * `get` gives the base URL of a service, such as `"https://va.msg.liveperson.net"`, without a slash at its end.
 *
 * It fails with `ServiceNotFound` when the Domain API knows no such account or service, and otherwise as any call
 * does.
 */
export class Domains extends Context.Service<
  Domains,
  { readonly get: (service: Service) => Effect.Effect<string, CallError> }
>()("@effect-liveperson/core/Domains") {}

/** The Domain API's own address. */
export const defaultDomainApi = "https://api.liveperson.net"

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /**
   * The Domain API's address, by default `https://api.liveperson.net`. Services are called with the same scheme, so
   * that `http://127.0.0.1:8080` reaches a simulator that speaks no TLS.
   */
  readonly domainApi?: string | undefined
  /** How long an answer is used before it is refreshed: one hour. */
  readonly refreshEvery?: Duration.Input | undefined
  /** How long one request may take: ten seconds. */
  readonly timeout?: Duration.Input | undefined
}

const operation = "Domains.lookup"

const make = Effect.fnUntraced(function* (options: Options) {
  const accountId = yield* decodeInput(AccountId, "Domains.layer", "accountId")(options.accountId)
  const client = yield* HttpClient.HttpClient
  const domainApi = (options.domainApi ?? defaultDomainApi).replace(/\/+$/, "")
  const scheme = domainApi.startsWith("http://") ? "http" : "https"
  const refreshEvery = Duration.fromInputUnsafe(options.refreshEvery ?? "1 hour")

  const lookup = (service: Service) => {
    const notFound = new ServiceNotFound({ operation, account: accountId, service })
    return call(
      {
        operation,
        request: HttpClientRequest.get(
          `${domainApi}/api/account/${encodeURIComponent(accountId)}/service/${service}/baseURI.json`,
          { urlParams: { version: "1.0" }, acceptJson: true }
        ),
        secrets: [],
        timeout: options.timeout ?? defaultTimeout
      },
      (answer) => (answer.status === 404 ? notFound : refusalOf(answer))
    ).pipe(
      Effect.flatMap(read(BaseUris)),
      Effect.flatMap((baseUris) => {
        const found = baseUris.find((one) => one.service === service)
        return found === undefined ? Effect.fail(notFound) : Effect.succeed(`${scheme}://${found.baseURI}`)
      }),
      Effect.provideService(HttpClient.HttpClient, client),
      retrying(operation, "harmless"),
      observed(operation, { "liveperson.account": accountId, "liveperson.service": service }),
      Effect.map((value) => ({ value, freshFor: refreshEvery, validFor: Duration.infinity }))
    )
  }

  const hosts = yield* Refreshing.make({ lookup, capacity: 64 })
  return Domains.of({ get: hosts.get })
})

/** Looks hosts up in the Domain API. Fails with `InvalidInput` when the account id is empty. */
export const layer = (options: Options): Layer.Layer<Domains, InvalidInput, HttpClient.HttpClient> =>
  Layer.effect(Domains, make(options))

/**
 * Hosts that are known beforehand, as base URLs by service. A service that is not among them is `ServiceNotFound`.
 */
export const layerStatic = (
  baseUrls: { readonly [S in Service]?: string },
  accountId = "static"
): Layer.Layer<Domains> =>
  Layer.succeed(Domains, {
    get: (service) => {
      const url = baseUrls[service]
      return url === undefined
        ? Effect.fail(new ServiceNotFound({ operation, account: accountId, service }))
        : Effect.succeed(url.replace(/\/+$/, ""))
    }
  })

/** For tests: every service at `https://{service}.liveperson.test`, a name that nobody can own. */
export const layerTest: Layer.Layer<Domains> = Layer.succeed(Domains, {
  get: (service) => Effect.succeed(`https://${service.toLowerCase()}.liveperson.test`)
})
