/**
 * The manifest of an app installation, in LivePerson's words.
 *
 * Reference: section 6.
 */
import * as Schema from "effect/Schema"

const text = (max: number) =>
  Schema.String.check(Schema.isMaxLength(max, { expected: `a text of at most ${max} characters` }))

const optional = (max: number) => Schema.optionalKey(text(max))

const Flag = Schema.optionalKey(Schema.Boolean)

/** Where LivePerson posts one kind of notification: an `https` URL, how often it tries again, and headers to send. */
export const WebhookTarget = Schema.Struct({
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

/** The kinds of notification that an app can subscribe to. */
export const WebhookKey = Schema.Literals([
  "ms.MessagingEventNotification.ContentEvent",
  "ms.MessagingEventNotification.RichContentEvent",
  "ms.MessagingEventNotification.AcceptStatusEvent",
  "ms.MessagingEventNotification.ChatStateEvent",
  "cqm.ExConversationChangeNotification"
])
export type WebhookKey = typeof WebhookKey.Type

const [content, richContent, acceptStatus, chatState, conversation] = WebhookKey.literals

/** What is subscribed to, each kind with its own target. */
export const webhooksTo = <Target extends Schema.Top>(target: Target) => ({
  [content]: Schema.optionalKey(target),
  [richContent]: Schema.optionalKey(target),
  [acceptStatus]: Schema.optionalKey(target),
  [chatState]: Schema.optionalKey(target),
  [conversation]: Schema.optionalKey(target)
})

/** How deliveries that failed are repeated: for this many seconds, 2 to 259200, in order. */
export const WebhookRetry = Schema.Struct({
  retention_time: Schema.Int.check(
    Schema.isBetween({ minimum: 2, maximum: 259_200 }, { expected: "a whole number of seconds from 2 to 259200" })
  )
})

/** Where everything that is subscribed to goes. */
export const Webhooks = Schema.Struct({
  ...webhooksTo(WebhookTarget),
  retry: Schema.optionalKey(WebhookRetry)
})

/** Which parts of an engagement may be set for the app. `consumer_identity` has to hold `"auth"`. */
export const EngagementCapability = Schema.Struct({
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
      engagement: Schema.optionalKey(EngagementCapability)
    })
  ),
  quick_launch_enabled: Flag,
  entry_uri: optional(1024)
})
export type Manifest = typeof Manifest.Type
