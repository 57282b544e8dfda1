/**
 * `ms.PublishEvent`: something the consumer says.
 *
 * Reference: CONVERSATION page; section 3.3.
 */
import * as Schema from "effect/Schema"
import { Sequence } from "./Ids.ts"
import * as Payload from "./Payload.ts"

/** A plain text message. The whole request that carries it may have 5000 characters. */
export const TextEvent = Schema.Struct({
  type: Schema.tag("ContentEvent"),
  contentType: Schema.tag("text/plain"),
  message: Schema.String
})
export type TextEvent = typeof TextEvent.Type

/**
 * The consumer's first message, published by the batch that opens the conversation. It names no dialog, because there
 * is none yet.
 *
 * Answered with the message's number in the conversation, which LivePerson's own schema allows to be left out.
 */
export const PublishFirstEvent = Payload.make("ms.PublishEvent", {
  body: Schema.Struct({ event: TextEvent }),
  success: Schema.Struct({ sequence: Schema.optionalKey(Sequence) }),
  repeat: "harmful"
})
