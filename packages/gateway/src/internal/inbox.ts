/**
 * Where LivePerson's webhooks come in: kept before they are answered, and then the consumer's entity is told.
 */
import { Inbox } from "@effect-liveperson/core"
import { AccountId, type Notification } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { Desk } from "./desk.ts"
import * as Metrics from "./metrics.ts"
import { noticesOf } from "./notices.ts"
import { Store } from "./store.ts"

/** Keeps a notification. Where that fails LivePerson is told so, and posts it again. */
export const offer = Effect.fnUntraced(function* (notification: Notification, accountId: string) {
  const store = yield* Store
  const desk = yield* Desk
  const account = AccountId.make(accountId)
  const notices = yield* noticesOf(notification)
  const consumers = yield* store.receive(account, notices).pipe(
    // LivePerson takes the subscription away of an endpoint that takes longer than 2.5 seconds.
    Effect.timeout("2 seconds"),
    Effect.tapError((error) => Effect.logWarning("A notification could not be kept", error)),
    Effect.mapError(() => new Inbox.InboxFull())
  )
  yield* Metric.update(Metric.withAttributes(Metrics.notices, { account }), notices.length)
  yield* Effect.forEach(consumers, (consumer) => Effect.forkDetach(desk.notify({ account, consumer })), {
    discard: true
  })
})
