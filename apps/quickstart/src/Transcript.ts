/**
 * The dialogue, as it is told: the consumer's words as they are sent, and what comes back by webhook: the agent's words,
 * that they are typing, what they have read, how the conversation ends.
 */
import { Inbox, Notification, type Protocol } from "@effect-liveperson/core"
import { Console, Effect, Option, Queue } from "effect"
import { cyan, dim } from "./Style.ts"

/** Tells what somebody said or did. */
export const line = (who: string, what: string) => Console.log(`    ${cyan(who.padEnd(10))} ${what}`)

const eventOf = ({ change }: Inbox.Delivery): Option.Option<Protocol.MessagingEvent> =>
  change._tag === "MessagingEvent" && Notification.isForConsumer(change) ? Option.some(change) : Option.none()

/** Tells what the inbox has, and hands on what the agent says, so that the consumer can wait for it. */
export const make = Effect.gen(function* () {
  const answers = yield* Queue.unbounded<string>()
  const closed = yield* Queue.unbounded<string>()

  const told = Inbox.run({
    Text: (event, delivery) =>
      Option.isNone(eventOf(delivery))
        ? Effect.void
        : Effect.andThen(line("agent", event.message), Queue.offer(answers, event.message)),
    ChatState: (event, delivery) =>
      Option.isSome(eventOf(delivery)) && event.chatState === "COMPOSING"
        ? line("agent", dim("is typing …"))
        : Effect.void,
    AcceptStatus: (_event, delivery) =>
      Option.match(Option.flatMap(eventOf(delivery), Notification.readUpTo), {
        onNone: () => Effect.void,
        onSome: (sequence) => line("agent", dim(`has read up to sequence ${sequence}`))
      }),
    ConversationChange: (change) =>
      Option.match(Notification.closeReason(change), {
        onNone: () => Effect.void,
        onSome: (reason) =>
          Effect.andThen(
            line("LivePerson", dim(`the conversation is closed by the ${reason}`)),
            Queue.offer(closed, reason)
          )
      }),
    orElse: () => Effect.void
  })

  return { told, answered: Queue.take(answers), closed: Queue.take(closed) }
})
