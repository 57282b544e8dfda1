/**
 * `cm.ConsumerRequestConversation`: the consumer asks for a conversation.
 *
 * Reference: CONVERSATION page; section 3.2.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AccountId, CampaignId, ConversationId, EngagementId, InteractionContextId, SkillId } from "./Ids.ts"
import * as Payload from "./Payload.ts"

/** How soon the brand promises to answer. */
export const TtrDefName = Schema.Literals(["NORMAL", "URGENT", "PRIORITIZED", "CUSTOM"])
export type TtrDefName = typeof TtrDefName.Type

/** Which campaign and engagement the conversation belongs to. */
export const CampaignInfo = Schema.Struct({
  campaignId: Schema.optionalKey(CampaignId),
  engagementId: Schema.optionalKey(EngagementId)
})
export type CampaignInfo = typeof CampaignInfo.Type

/**
 * Where the consumer came from, in the Monitoring API's words: its `visitorId`, its `sessionId`, its `contextId` as
 * `interactionContextId`, and the language (an IETF tag such as `en-US`) that the engagement is configured for.
 */
export const SharkContext = Schema.Struct({
  visitorId: Schema.optionalKey(Schema.String),
  sessionId: Schema.optionalKey(Schema.String),
  interactionContextId: Schema.optionalKey(InteractionContextId),
  type: Schema.tag("SharkContext").pipe(Schema.withDecodingDefaultKey(Effect.succeed("SharkContext" as const))),
  lang: Schema.optionalKey(Schema.String),
  features: Schema.optionalKey(Schema.Array(Schema.String))
})
export type SharkContext = typeof SharkContext.Type

/**
 * Requests a conversation. LivePerson keeps one open conversation per consumer and refuses a second.
 *
 * `brandId` is the account; `channelType` is always `"MESSAGING"`; a campaign is preferred over a `skillId`.
 * Answered with the id of the conversation.
 */
export const ConsumerRequestConversation = Payload.make("cm.ConsumerRequestConversation", {
  body: Schema.Struct({
    ttrDefName: Schema.optionalKey(Schema.NullOr(TtrDefName)),
    campaignInfo: Schema.optionalKey(CampaignInfo),
    conversationContext: Schema.optionalKey(SharkContext),
    channelType: Schema.tag("MESSAGING").pipe(Schema.withDecodingDefaultKey(Effect.succeed("MESSAGING" as const))),
    brandId: AccountId,
    skillId: Schema.optionalKey(SkillId)
  }),
  success: Schema.Struct({ conversationId: ConversationId }),
  repeat: "harmful"
})
