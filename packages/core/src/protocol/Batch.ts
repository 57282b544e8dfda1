/**
 * CONVERSATION's batch: the profile, then the request for a conversation, then at most one first message.
 *
 * LivePerson processes the payloads in the order of the array; the ids play no part in it. Answers are matched by
 * `reqId`, never by position.
 *
 * Reference: CONVERSATION page; sections 2.2, 2.3 and 3.2.
 */
import * as Schema from "effect/Schema"
import { ConsumerRequestConversation } from "./ConsumerRequestConversation.ts"
import * as Payload from "./Payload.ts"
import { PublishFirstEvent } from "./PublishEvent.ts"
import { SetUserProfile } from "./SetUserProfile.ts"

/** The payloads of a batch, in LivePerson's order. The last one may be left out. */
export const batchPayloads = [SetUserProfile, ConsumerRequestConversation, PublishFirstEvent] as const

type Payloads = typeof batchPayloads

const [profile, conversation, message] = batchPayloads

const uniqueIds = Schema.makeFilter((batch: ReadonlyArray<{ readonly id: string } | undefined>) => {
  const ids = batch.map((request) => request?.id)
  const doubled = ids.findIndex((id, index) => ids.indexOf(id) < index)
  return doubled === -1
    ? undefined
    : { path: [doubled, "id"], issue: "Expected an id that no other request of the batch has" }
})

/** A batch as LivePerson takes it: one of its own samples gives two requests the same id. */
export const LenientBatch = Schema.Tuple([profile.request, conversation.request, Schema.optionalKey(message.request)])

export type LenientBatch = typeof LenientBatch.Type

/** The array that is posted to CONVERSATION. Each request has an id of its own, so that its answer can be told. */
export const Batch = LenientBatch.check(uniqueIds)
export type Batch = typeof Batch.Type

/** A batch as it may be written by hand: ids are plain texts, and what can be defaulted may be left out. */
export type BatchEncoded = typeof Batch.Encoded

type Successes = Payload.SuccessByType<Payloads[number]>

/** What LivePerson answers to a batch it accepted: one success per request, in the batch's order. */
export type BatchSuccess<B extends Batch> = {
  readonly [K in keyof B]: Exclude<B[K], undefined> extends { readonly type: infer Type extends keyof Successes }
    ? Successes[Type]
    : undefined
}

/** The array that CONVERSATION answers with. Fields it does not name are ignored. */
export const BatchResponse = Schema.Array(Payload.Response)
export type BatchResponse = typeof BatchResponse.Type

/** How many characters LivePerson allows one request's JSON to have. */
export const requestLimit = 5000
