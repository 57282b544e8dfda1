/**
 * What an app subscribes to, in the words of its manifest, and what became of the deliveries.
 *
 * ```ts
 * import { Simulator, type Webhooks } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const subscription: Webhooks.Webhooks = {
 *   "ms.MessagingEventNotification.ContentEvent": { endpoint: "http://127.0.0.1:3000/liveperson" },
 *   retry: { retention_time: 3600 }
 * }
 *
 * const subscribed = Simulator.Simulator.use((simulator) => simulator.subscribe(subscription))
 * ```
 *
 * Reference: sections 5.1 and 6.
 */
import { webhooksTo, WebhookKey, WebhookRetry, WebhookTarget } from "@effect-liveperson/core/protocol"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"

/** The kinds of notification that an app can subscribe to. */
export const Key = WebhookKey
export type Key = typeof Key.Type

/**
 * Where the notifications of a kind go, how often one that failed is posted again, and which headers it carries.
 *
 * LivePerson posts to `https` alone. The simulator posts to `http` as well, so that a connector needs no certificate
 * to be tested.
 */
export const Endpoint = Schema.Struct({
  ...WebhookTarget.fields,
  endpoint: Schema.String.check(Schema.isPattern(/^https?:\/\/\S+$/, { expected: "a URL" }))
})

/** The `webhooks` of a manifest, and the algorithm that the account's deliveries are signed with: `"sha1"`. */
export const Webhooks = Schema.Struct({
  ...webhooksTo(Endpoint),
  retry: Schema.optionalKey(WebhookRetry),
  algorithm: Schema.optionalKey(Schema.Literals(["sha1", "sha256"]))
})
export type Webhooks = typeof Webhooks.Type

/** What is posted. The signature is over these very bytes. */
export interface Posted {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * What posts: a client, or a function that answers with the status that the endpoint would answer. To fail is to break
 * the connection.
 */
export type Deliver = HttpClient.HttpClient | ((posted: Posted) => Effect.Effect<number, unknown>)

/**
 * How the endpoint of a key is doing: `Failed` since a delivery failed, `InTransition` while it answers again and there
 * are notifications that wait, `Recovered` when there are none any more, and `Up` otherwise.
 */
export const State = Schema.Literals(["Up", "Failed", "InTransition", "Recovered"])
export type State = typeof State.Type
