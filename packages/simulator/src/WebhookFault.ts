/**
 * What can be made to go wrong with the deliveries to webhooks. LivePerson promises to deliver at least once, and
 * neither order nor uniqueness; here each of its ways of not keeping more than that can be asked for.
 *
 * ```ts
 * import { Simulator, WebhookFault } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const stormy = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   yield* simulator.webhookFault(WebhookFault.duplicate(3))
 *   yield* simulator.webhookFault(WebhookFault.reorder(2), { key: "ms.MessagingEventNotification.ContentEvent" })
 * })
 * ```
 *
 * Reference: section 5.1.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

const Positive = Schema.Int.check(Schema.isGreaterThan(0))

/**
 * What happens to one notification:
 *
 * - `Loss`: it is never posted.
 * - `Duplicate`: it is posted `copies` times.
 * - `Delay`: it is posted later, and with it those of its conversation that come after it.
 * - `Reorder`: it is held back until the next `after` notifications of its conversation were posted.
 * - `WrongSignature`: it is signed with another secret. Its repetitions are signed as they should be.
 */
export const WebhookFault = Schema.TaggedUnion({
  Loss: {},
  Duplicate: { copies: Positive },
  Delay: { duration: Schema.DurationFromMillis },
  Reorder: { after: Positive },
  WrongSignature: {}
})
export type WebhookFault = typeof WebhookFault.Type

/** Never posts it. */
export const loss = (): WebhookFault => WebhookFault.cases.Loss.make({})

/** Posts it several times: twice unless it is said otherwise. */
export const duplicate = (copies = 2): WebhookFault => WebhookFault.cases.Duplicate.make({ copies })

/** Posts it after a while, in order. */
export const delay = (duration: Duration.Input): WebhookFault =>
  WebhookFault.cases.Delay.make({ duration: Duration.fromInputUnsafe(duration) })

/** Posts it after the notification of its conversation that follows, or after so many of them. */
export const reorder = (after = 1): WebhookFault => WebhookFault.cases.Reorder.make({ after })

/** Signs it with another secret. */
export const wrongSignature = (): WebhookFault => WebhookFault.cases.WrongSignature.make({})
