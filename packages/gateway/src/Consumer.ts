/**
 * A consumer of an account as an entity of the cluster: its persisted messages are the consumer's mailbox.
 *
 * What this stands on, as `effect/cluster` and its SQL storage have it (version 4.1):
 *
 * - A persisted message is stored when the client's `discard` call returns. One with a primary key that is there already
 *   is not stored again; the first one counts.
 * - Messages of an entity are read in the order in which they were stored, and its handlers run one at a time in that
 *   order. Of two that are stored at the same time either may be the first; one that is stored after another call has
 *   returned comes after it.
 * - A message is read again until its reply is stored: after its process was killed, as soon as somebody has its shard;
 *   after its handler died, when the entity was built anew. So a handler may run any number of times, and nothing is
 *   lost. Handlers of this entity never fail: they end, or they die and run again.
 * - A shard is one runner's by a lease. A process that is stopped for longer than its lease does not know that it lost
 *   it until it asks, so the lease alone does not keep two runners from working for one consumer. `internal/store` has
 *   a number per consumer that grows each time that the entity is built, and only the owner of the last one can mark a
 *   message as being sent.
 */
import { AccountId, ConsumerId } from "@effect-liveperson/core/protocol"
import * as ClusterSchema from "effect/cluster/ClusterSchema"
import * as Entity from "effect/cluster/Entity"
import * as Rpc from "effect/rpc/Rpc"
import * as Schema from "effect/Schema"
import { Content, Opening } from "./Content.ts"

/** Whose mailbox it is. */
export const Address = Schema.Struct({ account: AccountId, consumer: ConsumerId })
export type Address = typeof Address.Type

/** The id of the entity: the account is escaped, so that no two addresses have the same. */
export const idOf = ({ account, consumer }: Address): string => `${encodeURIComponent(account)}/${consumer}`

/** The address that an entity's id stands for. */
export const addressOf = (id: string): Address => {
  const at = id.indexOf("/")
  return {
    account: AccountId.make(decodeURIComponent(id.slice(0, at))),
    consumer: ConsumerId.make(id.slice(at + 1))
  }
}

/** The channel's own id of a message: the same id is the same message. */
export const MessageId = Schema.NonEmptyString.check(
  Schema.isMaxLength(200, { expected: "an id of at most 200 characters" })
)
export type MessageId = typeof MessageId.Type

/** A message on its way to LivePerson. `replay` counts how often it was taken out of the dead letters. */
export const Message = Schema.Struct({
  id: MessageId,
  content: Content,
  opening: Schema.optionalKey(Opening),
  replay: Schema.Natural
})
export type Message = typeof Message.Type

/** Delivers a message, once. */
export const Deliver = Rpc.make("Deliver", {
  payload: Message.fields,
  primaryKey: ({ id, replay }) => (replay === 0 ? id : `${id} ${replay}`)
}).annotate(ClusterSchema.Persisted, true)

/** Closes the open conversation, if there is one, after everything that was delivered before. */
export const Close = Rpc.make("Close", {
  payload: { id: MessageId },
  primaryKey: ({ id }) => id
}).annotate(ClusterSchema.Persisted, true)

/** Tells that the consumer is typing, or no longer. Never stored: late it would be wrong. */
export const Typing = Rpc.make("Typing", { payload: { on: Schema.Boolean } })

/** Something for the consumer is in the inbox. Never stored: the inbox is. */
export const Notify = Rpc.make("Notify")

/** See the module. */
export const Consumer = Entity.make("Consumer", [Deliver, Close, Typing, Notify])
