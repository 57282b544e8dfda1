/**
 * What was said in a conversation, as its history tells it: texts, files, structured content and forms, and what became
 * of them. What the simulator's history has no name for is left out of it.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as State from "../../State.ts"
import { type Conversation, snapshot } from "../world/conversation.ts"

/** A conversation, with what only its history tells. */
export interface Kept extends State.Conversation {
  /** LivePerson's name for the consumer. */
  readonly lpConsumerId: string
  readonly openedAt: number
  readonly closedAt: number | undefined
}

export const kept = (conversation: Conversation): Kept => {
  const { ledger, lpConsumerId } = conversation
  return { ...snapshot(conversation), lpConsumerId, openedAt: ledger.startTs, closedAt: ledger.endTs }
}

/** A time as this service writes it, such as `2016-08-29 14:30:24.565+0000`. */
export const written = (millis: number): string =>
  DateTime.formatIso(DateTime.makeUnsafe(millis)).replace("T", " ").replace("Z", "+0000")

/** A time in both the forms that every record has. */
export const at = (millis: number) => ({ time: written(millis), timeL: millis })

const content = <T extends string, M extends Schema.Constraint>(contentType: T, message: M) =>
  Schema.Struct({
    type: Schema.Literal("ContentEvent"),
    contentType: Schema.Literal(contentType),
    message,
    quickReplies: Schema.optionalKey(Schema.Json)
  })

const Said = Schema.Union([
  content("text/plain", Schema.String),
  content("hosted/file", Schema.JsonObject),
  content("forms/secure-invitation", Schema.JsonObject),
  content("forms/secure-submission", Schema.JsonObject),
  Schema.Struct({
    type: Schema.Literal("RichContentEvent"),
    content: Schema.Json,
    quickReplies: Schema.optionalKey(Schema.Json)
  })
])

const decodeSaid = Schema.decodeUnknownOption(Said)

const dataOf = (said: typeof Said.Type): readonly [type: string, data: Schema.JsonObject] => {
  if (said.type === "RichContentEvent") {
    const { content } = said
    return [
      "RICH_CONTENT",
      { richContent: { content: typeof content === "string" ? content : JSON.stringify(content) } }
    ]
  }
  switch (said.contentType) {
    case "text/plain":
      return ["TEXT_PLAIN", { msg: { text: said.message } }]
    case "hosted/file":
      return ["HOSTED_FILE", { file: said.message }]
    case "forms/secure-invitation":
      return ["SECURE_FORM_INVITATION", { formInvitation: said.message }]
    case "forms/secure-submission":
      return ["SECURE_FORM_SUBMIT", { formSubmission: said.message }]
  }
}

const messageId = (dialogId: string, sequence: number): string => `ms::dialog:${dialogId}::msg:${sequence}`

const isConsumer = ({ by }: State.Event): boolean => by === "CONSUMER"

/** Assumed: an agent who is not assigned any more is not known by an id. */
const participant = (conversation: Kept, event: State.Event): string =>
  isConsumer(event) ? conversation.lpConsumerId : (conversation.agentId ?? "undefined")

/** What was said, in order. */
export const messageRecords = (conversation: Kept) =>
  conversation.events.flatMap((event) => {
    const said = decodeSaid(event.event)
    if (Option.isNone(said) || event.sequence === undefined) return []
    const [type, data] = dataOf(said.value)
    const { quickReplies } = said.value
    return [
      {
        type,
        messageData: {
          ...data,
          ...(quickReplies !== undefined && { quickReplies: { content: JSON.stringify(quickReplies) } })
        },
        messageId: messageId(event.dialogId, event.sequence),
        audience: event.messageAudience,
        seq: event.sequence,
        dialogId: event.dialogId,
        participantId: participant(conversation, event),
        ...at(event.at),
        sentBy: isConsumer(event) ? "Consumer" : "Agent",
        ...(event.metadata.length > 0 && { contextData: { rawMetadata: JSON.stringify(event.metadata) } })
      }
    ]
  })

const decodeStatus = Schema.decodeUnknownOption(
  Schema.Struct({
    type: Schema.Literal("AcceptStatusEvent"),
    status: Schema.String,
    sequenceList: Schema.Array(Schema.Int)
  })
)

/** What became of what was said, in order. */
export const messageStatuses = (conversation: Kept) =>
  conversation.events.flatMap((event) =>
    Option.match(decodeStatus(event.event), {
      onNone: () => [],
      onSome: ({ sequenceList, status }) =>
        sequenceList.map((seq) => ({
          messageId: messageId(event.dialogId, seq),
          seq,
          dialogId: event.dialogId,
          ...at(event.at),
          participantId: participant(conversation, event),
          participantType: isConsumer(event) ? "Consumer" : "Agent",
          messageDeliveryStatus: status
        }))
    })
  )
