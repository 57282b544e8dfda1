/**
 * The manifest of an app installation: what LivePerson is told of a connector when it is installed, above all where to
 * post what.
 *
 * ```ts
 * import { Manifest } from "@effect-liveperson/core"
 *
 * const manifest = Manifest.make({ name: "sms-connector", endpoint: "https://connector.example/liveperson" })
 * ```
 *
 * Reference: section 6, and section 5.1 for how deliveries are repeated.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "./ConnectorError.ts"
import { decodeInput } from "./internal/issues.ts"

const text = (max: number) =>
  Schema.String.check(Schema.isMaxLength(max, { expected: `a text of at most ${max} characters` }))

const optional = (max: number) => Schema.optionalKey(text(max))

const Flag = Schema.optionalKey(Schema.Boolean)

/** Where LivePerson posts one kind of notification: an `https` URL, how often it tries again, and headers to send. */
export const Endpoint = Schema.Struct({
  endpoint: Schema.String.check(
    Schema.isPattern(/^https:\/\/[^\s]+$/, { expected: "a URL that begins with https://" })
  ),
  max_retries: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }, { expected: "a whole number from 0 to 5" }))
  ),
  headers: Schema.optionalKey(
    Schema.Array(Schema.Struct({ header_name: Schema.NonEmptyString, header_value: Schema.String }))
  )
})

const keys = [
  "ms.MessagingEventNotification.ContentEvent",
  "ms.MessagingEventNotification.RichContentEvent",
  "ms.MessagingEventNotification.AcceptStatusEvent",
  "ms.MessagingEventNotification.ChatStateEvent",
  "cqm.ExConversationChangeNotification"
] as const

/** The kinds of notification that an app can subscribe to. */
export type Key = (typeof keys)[number]

/** How deliveries that failed are repeated: for this many seconds, 2 to 259200, in order. */
export const Retry = Schema.Struct({
  retention_time: Schema.Int.check(
    Schema.isBetween({ minimum: 2, maximum: 259_200 }, { expected: "a whole number of seconds from 2 to 259200" })
  )
})

/** Where everything that is subscribed to goes. */
export const Webhooks = Schema.Struct({
  [keys[0]]: Schema.optionalKey(Endpoint),
  [keys[1]]: Schema.optionalKey(Endpoint),
  [keys[2]]: Schema.optionalKey(Endpoint),
  [keys[3]]: Schema.optionalKey(Endpoint),
  [keys[4]]: Schema.optionalKey(Endpoint),
  retry: Schema.optionalKey(Retry)
})

/** Which parts of an engagement may be set for the app. `consumer_identity` has to hold `"auth"`. */
export const Engagement = Schema.Struct({
  design_engagement: Flag,
  design_window: Flag,
  language_selection: Flag,
  entry_point: Schema.optionalKey(Schema.Array(Schema.Literals(["section", "url"]))),
  visitor_behavior: Schema.optionalKey(Schema.Array(Schema.String)),
  target_audience: Schema.optionalKey(Schema.Array(Schema.String)),
  goal: Schema.optionalKey(Schema.Array(Schema.String)),
  consumer_identity: Schema.Array(Schema.String).check(
    Schema.makeFilter((identities) => identities.includes("auth"), { expected: 'a list that holds "auth"' })
  )
})

/** A manifest. */
export const Manifest = Schema.Struct({
  client_name: text(128).check(Schema.isNonEmpty({ expected: "a text that is not empty" })),
  display_name: optional(128),
  description: optional(256),
  grant_types: Schema.optionalKey(
    Schema.Array(Schema.Literals(["client_credentials", "authorization_code", "refresh_token"]))
  ),
  redirect_uris: Schema.optionalKey(Schema.Array(text(128))),
  response_types: Schema.optionalKey(Schema.Array(Schema.Literals(["code", "token", "id_token", "id_token token"]))),
  scope: optional(128),
  logo_uri: optional(1024),
  capabilities: Schema.optionalKey(
    Schema.Struct({
      webhooks: Schema.optionalKey(Webhooks),
      engagement: Schema.optionalKey(Engagement)
    })
  ),
  quick_launch_enabled: Flag,
  entry_uri: optional(1024)
})
export type Manifest = typeof Manifest.Type

/** What {@link make} is told. */
export interface Options {
  /** The app's name: at most 128 characters. */
  readonly name: string
  readonly description?: string
  /** Where LivePerson posts to: an `https` URL. */
  readonly endpoint: string
  /** What to subscribe to: everything, unless it is said otherwise. */
  readonly subscribe?: ReadonlyArray<Key>
  /**
   * How deliveries that failed are repeated. By time, which keeps the order of a conversation: `retentionTime` seconds,
   * three days unless it is said otherwise. Or by number, without order: `maxRetries`, 0 to 5.
   */
  readonly retry?: { readonly retentionTime: number } | { readonly maxRetries: number }
  /** Headers to send with every delivery. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a connector needs of an engagement: any entry point, and consumers who are known by the connector. */
export const defaultEngagement: typeof Engagement.Type = {
  design_engagement: false,
  design_window: false,
  language_selection: true,
  entry_point: ["section", "url"],
  consumer_identity: ["auth"]
}

const decode = decodeInput(Manifest, "Manifest.make")
const decodeEndpoint = decodeInput(Endpoint, "Manifest.make")

/** A connector's manifest. Fails with `InvalidInput` when something in it is not as LivePerson wants it. */
export const make = ({
  description,
  endpoint,
  headers = {},
  name,
  retry = { retentionTime: 259_200 },
  subscribe = keys
}: Options): Effect.Effect<Manifest, InvalidInput> => {
  const target = {
    endpoint,
    ...("maxRetries" in retry ? { max_retries: retry.maxRetries } : {}),
    headers: Object.entries(headers).map(([header_name, header_value]) => ({ header_name, header_value }))
  }
  return Effect.flatMap(decodeEndpoint(target), (target) =>
    decode({
      client_name: name,
      ...(description === undefined ? {} : { description }),
      grant_types: ["client_credentials"],
      scope: "msg.consumer",
      capabilities: {
        webhooks: {
          ...Object.fromEntries(subscribe.map((key) => [key, target])),
          ...("retentionTime" in retry ? { retry: { retention_time: retry.retentionTime } } : {})
        },
        engagement: defaultEngagement
      },
      quick_launch_enabled: false
    })
  )
}
