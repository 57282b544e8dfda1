/**
 * What a channel gives the gateway to deliver, and what is known of the consumer when a conversation has to be opened.
 *
 * ```ts
 * import { Content } from "@effect-liveperson/gateway"
 *
 * const said = Content.text("Hi, my parcel is late")
 * ```
 */
import { CampaignId, EngagementId, SkillId, textLimit, UserProfile } from "@effect-liveperson/core/protocol"
import * as Schema from "effect/Schema"

/** A text, or a file of at most 3 MB. */
export const Content = Schema.TaggedUnion({
  Text: {
    text: Schema.NonEmptyString.check(
      Schema.isMaxLength(textLimit, { expected: `a text of at most ${textLimit} characters` })
    )
  },
  File: {
    fileType: Schema.String,
    bytes: Schema.Uint8ArrayFromBase64.check(
      Schema.makeFilter((bytes) => bytes.length <= 3 * 1024 * 1024, { expected: "a file of at most 3 MB" })
    ),
    caption: Schema.optionalKey(Schema.String)
  }
})
export type Content = typeof Content.Type

/** A plain text. */
export const text = (text: string): Content => Content.cases.Text.make({ text })

/** How a conversation is opened, where the message finds none open: the consumer's profile, and where it is routed. */
export const Opening = Schema.Struct({
  profile: Schema.optionalKey(UserProfile),
  skillId: Schema.optionalKey(SkillId),
  campaignId: Schema.optionalKey(CampaignId),
  engagementId: Schema.optionalKey(EngagementId)
})
export type Opening = typeof Opening.Type
