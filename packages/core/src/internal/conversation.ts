/**
 * What a conversation is made of before it is opened, and the batch that opens it.
 */
import { type Pipeable, Prototype } from "effect/Pipeable"
import type { BatchEncoded } from "../protocol/Batch.ts"
import type { ConsumerRequestConversation } from "../protocol/ConsumerRequestConversation.ts"
import type { ConversationId, DialogId, Sequence } from "../protocol/Ids.ts"
import type { Metadata } from "../protocol/Metadata.ts"
import type { CustomerInfo, PersonalInfo, UserProfile } from "../protocol/SetUserProfile.ts"

export const TypeId = "~@effect-liveperson/core/Conversation"

export type Request = (typeof ConsumerRequestConversation.body)["Encoded"]

export type MetadataInput = (typeof Metadata)["Encoded"]

export type Profile = (typeof UserProfile)["Encoded"]

export interface Opened {
  /** The conversation's id. */
  readonly id: ConversationId
  /** The id of its MAIN dialog, which is the same text. */
  readonly dialogId: DialogId
}

export interface OpenedWithMessage extends Opened {
  /** The message's number in the dialog. Undefined if LivePerson left it out, which its schema allows. */
  readonly sequence: Sequence | undefined
}

export interface Campaign {
  readonly campaignId?: string | number
  readonly engagementId?: string | number
  readonly visitorId?: string
  readonly sessionId?: string
  /** The Monitoring API's `contextId`. */
  readonly contextId?: string | number
}

export interface Parts {
  readonly profile: Profile
  readonly customerInfo?: (typeof CustomerInfo)["Encoded"]["info"]
  readonly personalInfo?: (typeof PersonalInfo)["Encoded"]["personal"]
  readonly campaign?: Campaign
  readonly context?: Omit<NonNullable<Request["conversationContext"]>, "type">
  readonly request: Pick<Request, "ttrDefName" | "skillId">
  readonly brandId?: string
  readonly message?: string
  readonly metadata?: ReadonlyArray<MetadataInput>
}

export interface Conversation<out A extends Opened> extends Pipeable {
  readonly [TypeId]: { readonly parts: Parts; readonly result: (opened: OpenedWithMessage) => A }
}

export const of = <A extends Opened>(parts: Parts, result: (opened: OpenedWithMessage) => A): Conversation<A> =>
  Object.assign(Object.create(Prototype), { [TypeId]: { parts, result } })

const campaignInfoOf = ({ campaignId, engagementId }: Campaign): Pick<Request, "campaignInfo"> =>
  campaignId === undefined && engagementId === undefined
    ? {}
    : {
        campaignInfo: {
          ...(campaignId === undefined ? {} : { campaignId }),
          ...(engagementId === undefined ? {} : { engagementId })
        }
      }

const contextOf = ({ campaign = {}, context }: Parts): Pick<Request, "conversationContext"> => {
  const { contextId, sessionId, visitorId } = campaign
  const conversationContext = {
    ...(visitorId === undefined ? {} : { visitorId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(contextId === undefined ? {} : { interactionContextId: contextId }),
    ...context
  }
  return context === undefined && Object.keys(conversationContext).length === 0 ? {} : { conversationContext }
}

const attributesOf = ({ customerInfo, personalInfo, profile }: Parts) => [
  ...(profile.authenticatedData?.lp_sdes ?? []),
  ...(customerInfo === undefined ? [] : [{ type: "ctmrinfo", info: customerInfo } as const]),
  ...(personalInfo === undefined ? [] : [{ type: "personal", personal: personalInfo } as const])
]

/** LivePerson's order and one order of fields, however the conversation was piped. Not checked yet. */
export const toBatch = (self: Conversation<Opened>, accountId: string): BatchEncoded => {
  const { parts } = self[TypeId]
  const { brandId, message, metadata, profile, request } = parts
  const lp_sdes = attributesOf(parts)
  const profileRequest = {
    id: "1",
    type: "userprofile.SetUserProfile",
    body: lp_sdes.length === 0 ? profile : { ...profile, authenticatedData: { lp_sdes } }
  } as const
  const conversationRequest = {
    id: "2",
    type: "cm.ConsumerRequestConversation",
    body: { ...campaignInfoOf(parts.campaign ?? {}), ...contextOf(parts), ...request, brandId: brandId ?? accountId }
  } as const
  return message === undefined
    ? [profileRequest, conversationRequest]
    : [
        profileRequest,
        conversationRequest,
        {
          id: "3",
          type: "ms.PublishEvent",
          body: { event: { type: "ContentEvent", contentType: "text/plain", message } },
          ...(metadata === undefined ? {} : { metadata })
        }
      ]
}
