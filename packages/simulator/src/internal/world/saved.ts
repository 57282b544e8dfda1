/**
 * A conversation as it is kept between runs: what the agent sees, and what LivePerson notes for itself.
 */
import * as Schema from "effect/Schema"
import * as State from "../../State.ts"
import type { Conversation } from "./conversation.ts"

const {
  closedAt: _closed,
  dialogs: _dialogs,
  messages: _messages,
  openedAt: _opened,
  state: _state,
  ...seen
} = State.Conversation.fields

export const SavedConversation = Schema.Struct({
  ...seen,
  lpConsumerId: Schema.String,
  dialogs: Schema.Array(
    Schema.Struct({
      ...State.Dialog.fields,
      creationTs: Schema.Finite,
      next: Schema.Natural,
      updateTs: Schema.Finite,
      end: Schema.optional(
        Schema.Struct({ ts: Schema.Finite, by: State.CloseReason, cause: Schema.String, untold: Schema.Boolean })
      )
    })
  ),
  ledger: Schema.Struct({
    first: Schema.Boolean,
    startTs: Schema.Finite,
    askedTs: Schema.Finite,
    updateTs: Schema.Finite,
    endTs: Schema.optional(Schema.Finite)
  })
})
export type SavedConversation = typeof SavedConversation.Type

export const save = (conversation: Conversation): SavedConversation => ({
  ...conversation,
  dialogs: conversation.dialogs.map(({ conversation: _conversation, ...dialog }) => dialog)
})

export const load = (saved: SavedConversation): Conversation => {
  const { agentId, closeReason, csat, dialogs, events, ledger, skillId, ttr } = saved
  // What was undefined when it was written is not there when it is read.
  const absent = { agentId, closeReason, csat, skillId, ttr, clientProperties: saved.clientProperties }
  const conversation: Conversation = {
    ...saved,
    ...absent,
    dialogs: [],
    events: events.map((said) => ({ ...said, sequence: said.sequence, clientProperties: said.clientProperties })),
    ledger: { ...ledger, endTs: ledger.endTs }
  }
  for (const { end, ...dialog } of dialogs) {
    conversation.dialogs.push({ ...dialog, conversation, end: end === undefined ? undefined : { ...end } })
  }
  return conversation
}
