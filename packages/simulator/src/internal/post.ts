/**
 * One post of one notification: signed, sent, and waited for as long as LivePerson waits.
 */
import * as Effect from "effect/Effect"
import type * as Headers from "effect/http/Headers"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { createHmac } from "node:crypto"
import type { Status } from "../Wire.ts"
import type { Deliver, Endpoint, Posted, Webhooks } from "../Webhooks.ts"
import type { Notice } from "./notifications.ts"

/** The app whose secret signs, and what it is known by. */
export interface Signer {
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
  { account, body }: Notice,
  { algorithm = "sha1", forged }: Pick<Webhooks, "algorithm"> & { readonly forged: boolean }
): Posted => {
  const secret = Redacted.value(signer.clientSecret)
  return {
    url: endpoint,
    headers: {
      ...Object.fromEntries(headers.map(({ header_name, header_value }) => [header_name.toLowerCase(), header_value])),
      "content-type": "application/json",
      "x-liveperson-account-id": account,
      "x-liveperson-client-id": signer.clientId,
      "x-liveperson-signature": sign(algorithm, forged ? `not ${secret}` : secret, body)
    },
    body
  }
}

/** The whole answer has to be there within this time. */
const patience = "5 seconds"

/** What an endpoint answered, as far as it is known. */
interface Answered {
  readonly status: Exclude<Status, "waiting">
  readonly response?: { readonly headers: Headers.Headers; readonly body: string }
}

const utf8 = new TextDecoder()

const answerBy = (deliver: Deliver, posted: Posted): Effect.Effect<Answered, unknown> => {
  if (!HttpClient.isHttpClient(deliver)) return Effect.map(deliver(posted), (status) => ({ status }))
  return deliver
    .post(posted.url, {
      headers: posted.headers,
      body: HttpBody.uint8Array(posted.body, "application/json")
    })
    .pipe(
      // Read to its end, so that the connection can be used again.
      Effect.flatMap(({ arrayBuffer, headers, status }) =>
        Effect.map(arrayBuffer, (body) => ({ status, response: { headers, body: utf8.decode(body) } }))
      ),
      // The headers carry a signature and whatever else the subscription says: nothing for a span to keep.
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
    )
}

/** Posts, and says what came of it. */
export const post = (deliver: Deliver | undefined, posted: Posted): Effect.Effect<Answered> =>
  deliver === undefined
    ? Effect.succeed({ status: "dropped" })
    : Effect.suspend(() => answerBy(deliver, posted)).pipe(
        Effect.timeoutOption(patience),
        Effect.map(Option.getOrElse((): Answered => ({ status: "timeout" }))),
        Effect.catchCause(() => Effect.succeed<Answered>({ status: "dropped" }))
      )
