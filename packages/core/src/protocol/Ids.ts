/**
 * The identifiers of the protocol, branded so that one cannot stand where another belongs.
 *
 * Ids are opaque texts: LivePerson's own example uses `"2,"`. Some of its documents write numbers where others write
 * text; those ids are read from either and always sent as text.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

const Identifier = Schema.String.check(Schema.isBetweenLength(1, 64, { expected: "a text of 1 to 64 characters" }))

const Named = Schema.NonEmptyString.annotate({ expected: "a text that is not empty" })

/** A text that some of LivePerson's documents write as a number: read from both, sent as text. */
const TextOrNumber = Schema.Union([Schema.String, Schema.Int])
  .annotate({ expected: "a text, or a whole number" })
  .pipe(
    Schema.decodeTo(
      Schema.String,
      SchemaTransformation.transform({ decode: (id) => String(id), encode: (id): string | number => id })
    )
  )

/** The LivePerson site id, also called brand id: the `{accountid}` in every URL. Not empty. */
export const AccountId = Named.pipe(Schema.brand("AccountId"))
export type AccountId = typeof AccountId.Type

/** The connector's own name for a consumer (`ext_consumer_id`), such as `"sms:+15550100"`. Not empty. */
export const ConsumerId = Named.pipe(Schema.brand("ConsumerId"))
export type ConsumerId = typeof ConsumerId.Type

/**
 * What a response names its request by: 1 to 64 characters, unique within a batch.
 * Read from text or number, because several of LivePerson's samples write a number.
 */
export const RequestId = Schema.Union([Schema.String, Schema.Int]).pipe(
  Schema.decodeTo(
    Identifier,
    SchemaTransformation.transform({ decode: (id) => String(id), encode: (id): string | number => id })
  ),
  Schema.brand("RequestId")
)
export type RequestId = typeof RequestId.Type

/** A conversation, as LivePerson names it: 1 to 64 characters. */
export const ConversationId = Identifier.pipe(Schema.brand("ConversationId"))
export type ConversationId = typeof ConversationId.Type

/** A dialog of a conversation. The MAIN dialog's id is the conversation's. */
export const DialogId = Identifier.pipe(Schema.brand("DialogId"))
export type DialogId = typeof DialogId.Type

/** A skill, as text; `"-1"` is any skill. */
export const SkillId = TextOrNumber.pipe(Schema.brand("SkillId"))
export type SkillId = typeof SkillId.Type

/** A campaign, as the Monitoring API or the campaign's page names it. */
export const CampaignId = TextOrNumber.pipe(Schema.brand("CampaignId"))
export type CampaignId = typeof CampaignId.Type

/** An engagement of a campaign. */
export const EngagementId = TextOrNumber.pipe(Schema.brand("EngagementId"))
export type EngagementId = typeof EngagementId.Type

/** The Monitoring API's `contextId`, which a conversation's context carries. */
export const InteractionContextId = TextOrNumber.pipe(Schema.brand("InteractionContextId"))
export type InteractionContextId = typeof InteractionContextId.Type

/** The number of an event in its dialog, counted from 0. Numbers may be missing in between. */
export const Sequence = Schema.Natural
export type Sequence = typeof Sequence.Type
