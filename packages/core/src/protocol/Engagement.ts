/**
 * The Monitoring API's `engagement`: which campaign and engagement a consumer falls under.
 *
 * It is public: no token goes with it. Ids come as numbers and leave as text, as CONVERSATION wants them.
 *
 * Reference: section 7.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { CampaignId, ConversationId, EngagementId, InteractionContextId } from "./Ids.ts"
import { CustomerInfo, PersonalInfo } from "./SetUserProfile.ts"

/** Who the consumer is, as the brand's identity provider names them. */
export const EngagementIdentity = Schema.Struct({
  iss: Schema.optionalKey(Schema.String),
  acr: Schema.Literals(["0", "loa1"]),
  sub: Schema.optionalKey(Schema.String)
})

/** What is told about the consumer; every field may be left out. */
export const EngagementRequest = Schema.Struct({
  identities: Schema.optionalKey(Schema.Array(EngagementIdentity)),
  clientProperties: Schema.optionalKey(
    Schema.Struct({
      type: Schema.optionalKey(Schema.String),
      appVersion: Schema.optionalKey(Schema.String),
      deviceFamily: Schema.optionalKey(Schema.Literals(["DESKTOP", "TABLET", "MOBILE"])),
      ipAddress: Schema.optionalKey(Schema.String),
      os: Schema.optionalKey(Schema.Literals(["WINDOWS", "MAC_OSX", "LINUX", "IOS", "ANDROID"])),
      osVersion: Schema.optionalKey(Schema.String),
      osName: Schema.optionalKey(Schema.String)
    })
  ),
  entryPoints: Schema.optionalKey(Schema.Array(Schema.String)),
  engagementAttributes: Schema.optionalKey(Schema.Array(Schema.Union([CustomerInfo, PersonalInfo])))
})
export type EngagementRequest = typeof EngagementRequest.Type

/** One engagement that the consumer may be offered. */
export const EngagementDetails = Schema.Struct({
  campaignId: CampaignId,
  engagementId: EngagementId,
  engagementRevision: Schema.optionalKey(Schema.Finite),
  contextId: Schema.optionalKey(InteractionContextId),
  conversationId: Schema.optionalKey(ConversationId),
  status: Schema.optionalKey(Schema.String),
  language: Schema.optionalKey(Schema.String)
})
export type EngagementDetails = typeof EngagementDetails.Type

const DetailsList = Schema.Union([Schema.Array(EngagementDetails), EngagementDetails]).pipe(
  Schema.decodeTo(
    Schema.Array(Schema.toType(EngagementDetails)),
    SchemaTransformation.transform({
      decode: (details) => ("campaignId" in details ? [details] : details),
      encode: (details): ReadonlyArray<EngagementDetails> | EngagementDetails => details
    })
  )
)

/** The Monitoring API's answer. Without `engagementDetails` there is no engagement for this consumer. */
export const EngagementResponse = Schema.Struct({
  sessionId: Schema.String,
  visitorId: Schema.String,
  pageId: Schema.optionalKey(Schema.String),
  engagementDetails: Schema.optionalKey(DetailsList)
})
export type EngagementResponse = typeof EngagementResponse.Type

/** What the Monitoring API says when it has no answer (yet): 38 and 20 say that the account is being loaded. */
export const EngagementRefusal = Schema.Struct({
  internalCode: Schema.optionalKey(Schema.Int),
  message: Schema.optionalKey(Schema.String)
})
export type EngagementRefusal = typeof EngagementRefusal.Type
