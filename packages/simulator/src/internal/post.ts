/**
 * One post of one notification: signed, sent, and waited for as long as LivePerson waits.
 */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { createHmac } from "node:crypto"
import type { Deliver, Delivery, Endpoint, Posted, Webhooks } from "../Webhooks.ts"
import type { Notice } from "./notifications.ts"

/** The app whose secret signs, and what it is known by. */
export interface Signer {
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
}

/** The signature of section 5.1. At once, so that a test's clock has nothing to wait for that it does not know of. */
const sign = (algorithm: "sha1" | "sha256", secret: string, body: Uint8Array): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest("base64")}`

/** The request that carries a notification to an endpoint, signed by the app or, where it is `forged`, by another. */
export const prepare = (
  signer: Signer,
  { endpoint, headers = [] }: typeof Endpoint.Type,
  { body }: Notice,
  { algorithm = "sha1", forged }: Pick<Webhooks, "algorithm"> & { readonly forged: boolean }
): Posted => {
  const secret = Redacted.value(signer.clientSecret)
  return {
    url: endpoint,
    headers: {
      ...Object.fromEntries(headers.map(({ header_name, header_value }) => [header_name.toLowerCase(), header_value])),
      "content-type": "application/json",
      "x-liveperson-account-id": signer.accountId,
      "x-liveperson-client-id": signer.clientId,
      "x-liveperson-signature": sign(algorithm, forged ? `not ${secret}` : secret, body)
    },
    body
  }
}

/** The whole answer has to be there within this time. */
const patience = "5 seconds"

const statusBy = (deliver: Deliver, posted: Posted): Effect.Effect<number, unknown> => {
  if (!HttpClient.isHttpClient(deliver)) return deliver(posted)
  return deliver
    .post(posted.url, {
      headers: posted.headers,
      body: HttpBody.uint8Array(posted.body, "application/json")
    })
    .pipe(
      // Read to its end, so that the connection can be used again.
      Effect.tap((response) => response.arrayBuffer),
      Effect.map(({ status }) => status),
      // The headers carry a signature and whatever else the subscription says: nothing for a span to keep.
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
    )
}

/** Posts, and says what came of it. */
export const post = (
  deliver: Deliver | undefined,
  posted: Posted
): Effect.Effect<Exclude<Delivery["status"], "waiting">> =>
  deliver === undefined
    ? Effect.succeed("dropped")
    : Effect.suspend(() => statusBy(deliver, posted)).pipe(
        Effect.timeoutOption(patience),
        Effect.map(Option.getOrElse(() => "timeout" as const)),
        Effect.catchCause(() => Effect.succeed("dropped" as const))
      )
