/** Either way to a simulator: a test that is told how to send says the same of both. */
import { Effect, Schema } from "effect"
import { accountId, type Answer, ask, profile, request, say, type Sent, tokenOf } from "./support.ts"

export type Send<E, R> = (sent: Sent) => Effect.Effect<Answer, E, R>

export const signInBy = Effect.fnUntraced(function* <E, R>(send: Send<E, R>, name = "Ada", account = accountId) {
  const Authorization = tokenOf(yield* send(ask.app(account)))
  const named = JSON.stringify({ ext_consumer_id: name })
  const consumer = tokenOf(yield* send(ask.consumer({ Authorization }, named, account)))
  return { Authorization, "X-LP-ON-BEHALF": consumer }
})

const Opened = Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])

/** A consumer with a conversation, in which nothing was said. */
export const openedBy = Effect.fnUntraced(function* <E, R>(send: Send<E, R>, name = "Ada", account = accountId) {
  const headers = yield* signInBy(send, name, account)
  const batch = JSON.stringify([profile(), request({ body: { channelType: "MESSAGING", brandId: account } })])
  const { body } = yield* send(ask.conversation(headers, batch, account))
  const id = Schema.decodeUnknownSync(Opened)(body)[1].body.conversationId
  return { headers, id, says: (text: string) => send(ask.send(headers, JSON.stringify(say(id, text)), account)) }
})
