/**
 * LivePerson's storage for files (its `swift` service), by the URLs that it signs: they live one minute, and no token
 * goes with them.
 *
 * `Connector.sendFile` and `Connector.downloadFile` do all of it; this is for those who want the steps.
 *
 * Reference: section 3.6.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import type { CallError, InvalidInput } from "./ConnectorError.ts"
import { Domains } from "./Domains.ts"
import { call, download } from "./internal/call.ts"
import { decodeInput } from "./internal/issues.ts"
import { observed } from "./internal/observed.ts"
import { retrying } from "./internal/retrying.ts"
import type { FileUrl } from "./protocol/Files.ts"
import { AccountId } from "./protocol/Ids.ts"

/**
 * - `put`: uploads a file of `size` bytes, chunk by chunk. Putting it again replaces it, so it is repeated as harmless.
 * - `get`: the bytes of a file as they come. Nothing is repeated once bytes have come.
 *
 * Both fail with `Unauthorized` when the URL is not valid any more.
 */
export class Storage extends Context.Service<
  Storage,
  {
    readonly put: (
      url: FileUrl,
      file: { readonly bytes: Stream.Stream<Uint8Array, unknown>; readonly size: number; readonly contentType: string }
    ) => Effect.Effect<void, CallError>
    readonly get: (url: FileUrl) => Stream.Stream<Uint8Array, CallError>
  }
>()("@effect-liveperson/core/Storage") {}

/** Options of {@link layer}. */
export interface Options {
  readonly accountId: string
  /** How long an upload may take, or a download until its first byte: one minute, as long as a URL lives. */
  readonly transferTimeout?: Duration.Input | undefined
}

const make = Effect.fnUntraced(function* (options: Options) {
  const accountId = yield* decodeInput(AccountId, "Storage.layer", "accountId")(options.accountId)
  const client = yield* HttpClient.HttpClient
  const domains = yield* Domains

  const callTo = (operation: string, method: "GET" | "PUT", { queryParams, relativePath }: FileUrl) =>
    Effect.map(domains.get("swift"), (host) => ({
      operation,
      // LivePerson's templates put a slash before a path that carries one: there is to be exactly one.
      request: HttpClientRequest.make(method)(`${host}/${relativePath.replace(/^\/+/, "")}`, {
        urlParams: {
          temp_url_sig: Redacted.make(queryParams.temp_url_sig),
          temp_url_expires: String(queryParams.temp_url_expires)
        }
      }),
      secrets: [queryParams.temp_url_sig],
      timeout: options.transferTimeout ?? "1 minute"
    }))

  return Storage.of({
    put: (url, { bytes, contentType, size }) =>
      callTo("Storage.put", "PUT", url).pipe(
        Effect.flatMap((put) =>
          call({ ...put, request: HttpClientRequest.setBody(put.request, HttpBody.stream(bytes, contentType, size)) })
        ),
        Effect.asVoid,
        Effect.provideService(HttpClient.HttpClient, client),
        retrying("Storage.put", "harmless"),
        observed("Storage.put", { "liveperson.account": accountId })
      ),
    get: (url) =>
      callTo("Storage.get", "GET", url).pipe(
        Effect.flatMap(download),
        Effect.provideService(HttpClient.HttpClient, client),
        retrying("Storage.get", "harmless"),
        observed("Storage.get", { "liveperson.account": accountId }),
        Stream.unwrap
      )
  })
})

/** Transfers files. Fails with `InvalidInput` when the account id is empty. */
export const layer = (options: Options): Layer.Layer<Storage, InvalidInput, HttpClient.HttpClient | Domains> =>
  Layer.effect(Storage, make(options))
