/** The simulator's own API by its generated client, over the socket. */
import { ControlApi, NodeSimulator, State } from "@effect-liveperson/simulator"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"

export const control = Effect.gen(function* () {
  return yield* HttpApiClient.make(ControlApi.ControlApi, { baseUrl: yield* NodeSimulator.url })
}).pipe(Effect.provide(FetchHttpClient.layer))

export type Control = Effect.Success<typeof control>

export const { account: AccountId, consumer: ConsumerId, id: ConversationId } = State.Conversation.fields

/** Does what a consumer does. */
export const consume = Effect.fnUntraced(function* (consumer: string, payload: ControlApi.ConsumerAction) {
  const { consumers } = yield* control
  return yield* consumers.act({ params: { consumer: ConsumerId.make(consumer) }, query: {}, payload })
})

/** A conversation that a consumer has opened. */
export const openBy = Effect.fnUntraced(function* (consumer: string, text = "Hi") {
  const { conversationId } = yield* consume(consumer, { _tag: "Open", text })
  return yield* Effect.fromNullishOr(conversationId)
})

/** Does what an agent does. */
export const actIn = Effect.fnUntraced(function* (id: string, payload: ControlApi.AgentAction) {
  const { conversations } = yield* control
  return yield* conversations.act({ params: { id: ConversationId.make(id) }, query: {}, payload })
})

export const lookAt = Effect.fnUntraced(function* (id: string) {
  const { conversations } = yield* control
  return yield* conversations.get({ params: { id: ConversationId.make(id) } })
})
