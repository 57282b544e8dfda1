/**
 * What an operator may say of an app: its manifest, read as generously as LivePerson's own clients and documents write
 * it (D49, D50).
 *
 * Reference: section 6.
 */
import { EngagementCapability, Manifest, webhooksTo, WebhookRetry } from "@effect-liveperson/core/protocol"
import * as Schema from "effect/Schema"
import { Endpoint, type Webhooks } from "../../Webhooks.ts"

/** A list, that some tables call a text. */
const Listed = Schema.optionalKey(Schema.Union([Schema.Array(Schema.String), Schema.String]))

const Engagement = Schema.Struct({
  ...EngagementCapability.fields,
  visitor_behavior: Listed,
  target_audience: Listed,
  goal: Listed
})

/** A table calls the changes of conversations so. */
const misnamed = "ms.MessagingEventNotification.ExConversationChangeNotification"

const Subscriptions = Schema.Struct({
  ...webhooksTo(Endpoint),
  [misnamed]: Schema.optionalKey(Endpoint),
  retry: Schema.optionalKey(WebhookRetry)
})

/** A client that reads an app and saves it again writes `null` where the app has no such capability. */
const capability = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** A manifest as it is posted and put. Fields that are not named are kept. */
export const Posted = Schema.Struct({
  ...Manifest.fields,
  enabled: Schema.optionalKey(Schema.Boolean),
  capabilities: capability(
    Schema.Struct({
      webhooks: capability(Subscriptions),
      engagement: capability(Engagement),
      engagements: capability(Engagement)
    })
  )
})

const decode = Schema.decodeUnknownSync(Posted)

const isObject = Schema.is(Schema.JsonObject)

/** What a manifest that was kept subscribes to. */
export const webhooksOf = (manifest: Schema.JsonObject): Webhooks => {
  const { [misnamed]: changes, ...webhooks } = decode(manifest).capabilities?.webhooks ?? {}
  return changes === undefined ? webhooks : { "cqm.ExConversationChangeNotification": changes, ...webhooks }
}

/** A manifest that subscribes to something else. */
export const subscribedTo = (
  manifest: Schema.JsonObject,
  { algorithm: _algorithm, ...webhooks }: Webhooks
): Schema.JsonObject => {
  const { capabilities } = manifest
  return { ...manifest, capabilities: { ...(isObject(capabilities) ? capabilities : {}), webhooks } }
}

export const isSubscribed = (webhooks: Webhooks): boolean =>
  Object.keys(webhooks).some((key) => key !== "retry" && key !== "algorithm")

/** The manifest of the app that the simulator is started with. */
export const initial: Schema.JsonObject = {
  client_name: "Simulator",
  description: "The app that the simulator was started with",
  grant_types: ["client_credentials"],
  scope: "msg.consumer",
  logo_uri: "",
  capabilities: {}
}
