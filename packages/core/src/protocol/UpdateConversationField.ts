/**
 * `cm.UpdateConversationField`: changes what a conversation is: whether it is open, how urgent, how it was rated.
 *
 * Reference: section 3.4.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { TtrDefName } from "./ConsumerRequestConversation.ts"
import { ConversationId, DialogId, SkillId } from "./Ids.ts"
import * as Payload from "./Payload.ts"

/** Closes the conversation and all its dialogs at once. No post-conversation survey starts. */
export const ConversationStateField = Schema.Struct({
  field: Schema.tag("ConversationStateField"),
  conversationState: Schema.tag("CLOSE")
})

/** Closes the whole conversation by its stage. No post-conversation survey starts. */
export const StageField = Schema.Struct({ field: Schema.tag("Stage"), conversationState: Schema.tag("CLOSE") })

/** Closes one dialog. When it is the MAIN one, a post-conversation survey starts where the account has one. */
export const DialogChange = Schema.Struct({
  field: Schema.tag("DialogChange"),
  type: Schema.tag("UPDATE"),
  dialog: Schema.Struct({
    dialogId: DialogId,
    state: Schema.tag("CLOSE"),
    closedCause: Schema.optionalKey(Schema.String)
  })
})

/** How content the consumer was: 1 to 5, and whether the matter was resolved. */
export const CSATRate = Schema.Struct({
  field: Schema.tag("CSATRate"),
  csatRate: Schema.Literals([1, 2, 3, 4, 5]),
  csatResolutionConfirmation: Schema.Boolean,
  status: Schema.Literals(["FILLED", "PARTIALLY_FILLED", "SKIPPED"])
})

/** How urgent the conversation is: `value` is the time to respond, in seconds. */
export const TTRField = Schema.Struct({
  field: Schema.tag("TTRField"),
  ttrType: TtrDefName,
  value: Schema.Natural
})

/** Hands the conversation to another skill. */
export const SkillField = Schema.Struct({ field: Schema.tag("Skill"), type: Schema.tag("UPDATE"), skill: SkillId })

export const ConversationField = Schema.Union([
  ConversationStateField,
  StageField,
  DialogChange,
  CSATRate,
  TTRField,
  SkillField
])
export type ConversationField = typeof ConversationField.Type

/** A message for people: over HTTP in an object, on other transports by itself. */
export const Msg = Schema.Union([Schema.Struct({ msg: Schema.optionalKey(Schema.String) }), Schema.String]).pipe(
  Schema.decodeTo(
    Schema.Struct({ msg: Schema.optionalKey(Schema.String) }),
    SchemaTransformation.transform({
      decode: (answer) => (typeof answer === "string" ? { msg: answer } : answer),
      encode: (answer): { readonly msg?: string } | string => answer
    })
  )
)

/** Changes one field of a conversation, or several at once. Saying the same twice changes nothing more. */
export const UpdateConversationField = Payload.make("cm.UpdateConversationField", {
  body: Schema.Struct({
    conversationId: ConversationId,
    conversationField: Schema.Union([ConversationField, Schema.NonEmptyArray(ConversationField)])
  }),
  success: Msg,
  repeat: "harmless"
})
