/**
 * What the connector itself said, as it comes back: LivePerson notifies an app of its own consumers' events as well. By
 * its echo a message is known to have arrived, also one whose answer was lost.
 *
 * Provide {@link layerMemory} beside the webhook endpoint, which then lets it hear; ask with {@link confirm}.
 *
 * ```ts
 * import { Connector, Echo, Message } from "@effect-liveperson/core"
 * import { Effect, Option } from "effect"
 *
 * const conversation = "8602832d-dce1-446b-8445-0d51f5926a42"
 * const message = Message.text("It was due on Monday")
 *
 * const once = Connector.send(conversation, message).pipe(
 *   Effect.catchTag("TransportError", (error) =>
 *     error.processed === "no"
 *       ? Connector.send(conversation, message)
 *       : Effect.flatMap(Echo.confirm({ target: conversation, message }, { within: "10 seconds" }), (arrived) =>
 *           Option.isSome(arrived) ? Effect.succeed(arrived.value) : Connector.send(conversation, message)
 *         )
 *   )
 * )
 * ```
 *
 * Reference: section 5.1, and sections 4 and 5.3 for the numbers.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import { dialogOf, type Sent, type Target } from "./internal/connector.ts"
import type { Message } from "./Message.ts"
import { isEcho } from "./Notification.ts"
import { ConversationId } from "./protocol/Ids.ts"
import type { MessagingEvent, Notification } from "./protocol/Notification.ts"

/**
 * - `hear`: takes note of the consumers' events in a notification. The webhook endpoint calls it.
 * - `seen`: the first event heard, so far or from now on, of which this is true.
 */
export class Echo extends Context.Service<
  Echo,
  {
    readonly hear: (notification: Notification) => Effect.Effect<void>
    readonly seen: (isIt: (event: MessagingEvent) => boolean) => Effect.Effect<MessagingEvent>
  }
>()("@effect-liveperson/core/Echo") {}

/** Options of {@link layerMemory}. */
export interface Options {
  /** How many events are remembered, for those who ask later: 10,000, the last ones. */
  readonly capacity?: number | undefined
}

interface Waiting {
  readonly isIt: (event: MessagingEvent) => boolean
  readonly found: Deferred.Deferred<MessagingEvent>
}

/** Hears in memory: what was heard by another process is not known here. */
export const layerMemory = (options: Options = {}): Layer.Layer<Echo> =>
  Layer.sync(Echo, () => {
    const capacity = options.capacity ?? 10_000
    const heard = new Set<MessagingEvent>()
    const waiting = new Set<Waiting>()

    const note = (event: MessagingEvent) => {
      heard.add(event)
      const [oldest] = heard
      if (heard.size > capacity && oldest !== undefined) heard.delete(oldest)
      for (const { found, isIt } of waiting) if (isIt(event)) Deferred.doneUnsafe(found, Effect.succeed(event))
    }

    return {
      hear: (notification) =>
        Effect.sync(() => {
          if (notification._tag !== "MessagingEventNotification") return
          for (const change of notification.body.changes) {
            if (change._tag === "MessagingEvent" && isEcho(change)) note(change)
          }
        }),
      seen: (isIt) =>
        Effect.suspend(() => {
          for (const event of heard) if (isIt(event)) return Effect.succeed(event)
          const one: Waiting = { isIt, found: Deferred.makeUnsafe() }
          waiting.add(one)
          return Effect.ensuring(
            Deferred.await(one.found),
            Effect.sync(() => waiting.delete(one))
          )
        })
    }
  })

/** What is to be confirmed: something that was sent, or something of which it is not known whether it was. */
export type Expected =
  | Sent
  | {
      readonly target: Target
      readonly message: Message
      /** The number of the last event of the dialog that is known: only what came after it counts. */
      readonly after?: number
    }

const isSame = (sent: Message["event"], { event }: MessagingEvent): boolean => {
  switch (event._tag) {
    case "Text":
      // LivePerson may end a text with a line of its own.
      return "message" in sent && typeof sent.message === "string" && sent.message.trimEnd() === event.message.trimEnd()
    case "File":
      return (
        "message" in sent &&
        typeof sent.message === "object" &&
        "relativePath" in sent.message &&
        sent.message.relativePath === event.message.relativePath
      )
    case "SecureFormSubmission":
      return (
        "message" in sent &&
        typeof sent.message === "object" &&
        "submissionId" in sent.message &&
        sent.message.submissionId === event.message.submissionId
      )
    case "RichContent":
      return "content" in sent && Equal.equals(sent.content, event.content)
    case "ChatState":
      return "chatState" in sent && sent.chatState === event.chatState
    case "AcceptStatus":
      return (
        "sequenceList" in sent && sent.status === event.status && Equal.equals(sent.sequenceList, event.sequenceList)
      )
    default:
      return false
  }
}

const matching = (expected: Expected): ((event: MessagingEvent) => boolean) => {
  if (!("target" in expected)) {
    const { dialogId, sequence } = expected
    return (event) => sequence !== undefined && event.dialogId === dialogId && event.sequence === sequence
  }
  const dialogId = dialogOf(expected.target)
  const after = expected.after ?? -1
  return (event) =>
    event.dialogId === dialogId &&
    (event.sequence === undefined || event.sequence > after) &&
    isSame(expected.message.event, event)
}

const sentOf = ({ conversationId, dialogId, sequence }: MessagingEvent): Sent => ({
  conversationId: conversationId ?? ConversationId.make(dialogId),
  dialogId,
  sequence
})

/**
 * Waits until a message has come back, and tells which one it is: `Some` when it has arrived, `None` when it has not come back
 * in time (30 seconds, unless it is said otherwise). What was sent is known by its number. What may have been sent is
 * known by its content; say `after` which number, so that the same words said earlier do not count.
 */
export const confirm = (
  expected: Expected,
  options: { readonly within?: Duration.Input } = {}
): Effect.Effect<Option.Option<Sent>, never, Echo> =>
  Echo.use((echo) => Effect.map(echo.seen(matching(expected)), sentOf)).pipe(
    Effect.timeoutOption(options.within ?? "30 seconds")
  )
