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
import type { InvalidInput } from "./ConnectorError.ts"
import { decodeInput } from "./internal/issues.ts"
import { type EngagementCapability, Manifest, WebhookKey, WebhookTarget } from "./protocol/Manifest.ts"

/** What {@link make} is told. */
export interface Options {
  /** The app's name: at most 128 characters. */
  readonly name: string
  readonly description?: string
  /** Where LivePerson posts to: an `https` URL. */
  readonly endpoint: string
  /** What to subscribe to: everything, unless it is said otherwise. */
  readonly subscribe?: ReadonlyArray<WebhookKey>
  /**
   * How deliveries that failed are repeated. By time, which keeps the order of a conversation: `retentionTime` seconds,
   * three days unless it is said otherwise. Or by number, without order: `maxRetries`, 0 to 5.
   */
  readonly retry?: { readonly retentionTime: number } | { readonly maxRetries: number }
  /** Headers to send with every delivery. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a connector needs of an engagement: any entry point, and consumers who are known by the connector. */
export const defaultEngagement: typeof EngagementCapability.Type = {
  design_engagement: false,
  design_window: false,
  language_selection: true,
  entry_point: ["section", "url"],
  consumer_identity: ["auth"]
}

const decode = decodeInput(Manifest, "Manifest.make")
const decodeEndpoint = decodeInput(WebhookTarget, "Manifest.make")

/** A connector's manifest. Fails with `InvalidInput` when something in it is not as LivePerson wants it. */
export const make = ({
  description,
  endpoint,
  headers = {},
  name,
  retry = { retentionTime: 259_200 },
  subscribe = WebhookKey.literals
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
