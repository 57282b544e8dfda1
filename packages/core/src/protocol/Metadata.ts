/**
 * What may be said about a request beside its body: the envelope's `metadata`.
 *
 * LivePerson's schema knows four kinds, its documents more, and the wire more still. Those that are documented are
 * checked; any other `type` passes as it is.
 *
 * Reference: section 3.3.8.
 */
import * as Schema from "effect/Schema"

const Text64 = Schema.String.check(Schema.isMaxLength(64, { expected: "a text of at most 64 characters" }))
const Text256 = Schema.String.check(Schema.isMaxLength(256, { expected: "a text of at most 256 characters" }))
const Probability = Schema.Finite.check(
  Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a number from 0 to 1" })
)

/** Names an element of structured content or a quick reply; sent back with the answer to it. */
export const ExternalId = Schema.Struct({ type: Schema.tag("ExternalId"), id: Text64 })

/** Why something was done, such as `escalated_by_user`. */
export const ActionReason = Schema.Struct({
  type: Schema.tag("ActionReason"),
  reason: Schema.optionalKey(Text64),
  reasonId: Schema.optionalKey(Text64)
})

/** What a bot made of the conversation. */
export const BotResponse = Schema.Struct({
  type: Schema.tag("BotResponse"),
  externalConversationId: Schema.optionalKey(Text64),
  businessCases: Schema.optionalKey(Schema.Array(Text256)),
  intents: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        id: Text256,
        name: Schema.optionalKey(Text256),
        confidence: Schema.optionalKey(Schema.Union([Probability, Text64])),
        confidenceScore: Schema.optionalKey(Probability)
      })
    ).check(Schema.isMaxLength(16, { expected: "at most 16 intents" }))
  )
})

/** The consumer's answer to a question of a post-conversation survey. */
export const SurveyAnswer = Schema.Struct({
  type: Schema.tag("Answer"),
  questionId: Schema.String,
  id: Schema.String,
  provider: Schema.optionalKey(Schema.String),
  groupId: Schema.optionalKey(Schema.String)
})

const Known = [ExternalId, ActionReason, BotResponse, SurveyAnswer] as const

const known: ReadonlySet<string> = new Set(Known.map((member) => member.fields.type.schema.literal))

/** A kind of metadata that this library does not know, as it is. */
export const OtherMetadata = Schema.StructWithRest(
  Schema.Struct({
    type: Schema.String.check(
      Schema.makeFilter((type) => !known.has(type), { expected: "a type that is not one of the known ones" })
    )
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)

/** One entry of a request's `metadata`. */
export const Metadata = Schema.Union([...Known, OtherMetadata])
export type Metadata = typeof Metadata.Type
