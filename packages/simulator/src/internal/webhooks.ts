/**
 * Who is told what happens: the app by its webhooks, and scripts by a stream.
 */
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type * as State from "../State.ts"
import type { Deliver } from "../Webhooks.ts"
import { make as makeDeliveries } from "./deliveries.ts"
import { type Brand, ofChange, ofEvent } from "./notifications.ts"
import type { Faults } from "./faults.ts"
import type { Signer } from "./post.ts"
import type { Log } from "./wire.ts"
import type { Witness } from "./world/handlers.ts"

/** What a consumer published, and in which conversation. */
export interface ConsumerEvent extends State.ConsumerEvent {
  readonly conversationId: State.Conversation["id"]
}

/** Who else is told: of a conversation that changed, and of an endpoint that is otherwise than it was. */
export interface Told extends Pick<Witness, "touched"> {
  readonly stated: () => void
}

export const make = Effect.fnUntraced(function* (
  account: Signer & Brand,
  deliver: Deliver | undefined,
  faults: Faults,
  wire: Log,
  { stated, touched }: Told
) {
  const deliveries = yield* makeDeliveries(account, deliver, faults, wire, stated)
  const consumerEvents = yield* Effect.acquireRelease(PubSub.unbounded<ConsumerEvent>(), PubSub.shutdown)

  const witness: Witness = {
    published: (dialog, event, originatorId) => {
      const notice = ofEvent(dialog, event, originatorId, deliveries.isWanted)
      if (notice !== undefined) deliveries.offer(notice)
      if (event.by === "CONSUMER") {
        PubSub.publishUnsafe(consumerEvents, { ...event, conversationId: dialog.conversation.id })
      }
      touched(dialog.conversation)
    },
    changed: (conversation, at) => {
      if (deliveries.isWanted("cqm.ExConversationChangeNotification")) {
        deliveries.offer(ofChange(conversation, account, at))
      }
      touched(conversation)
    },
    touched
  }

  return { ...deliveries, witness, events: Stream.fromPubSub(consumerEvents) }
})
