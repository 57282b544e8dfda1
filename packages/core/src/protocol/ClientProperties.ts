/**
 * The `Client-Properties` header: what the consumer's client is and what it can show.
 *
 * A feature that is switched on for CONVERSATION must be repeated on every SEND after it. AUTO_MESSAGES is for automatic
 * messages, RICH_CONTENT for structured content, QUICK_REPLIES for quick replies, MULTI_DIALOG for post-conversation
 * surveys, SECURE_FORMS for forms, PHOTO_SHARING and FILE_SHARING for files.
 *
 * Reference: sections 1.3 and 3.8.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

const text = (max: number) =>
  Schema.optionalKey(Schema.String.check(Schema.isMaxLength(max, { expected: `a text of at most ${max} characters` })))

const Ipv4 = Schema.String.check(
  Schema.isPattern(/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/, { expected: "an IPv4 address" })
)

/** The features that are documented or were seen. Any other text may be sent as well. */
export const features = [
  "AUTO_MESSAGES",
  "CO_APP",
  "CO_BROWSE",
  "FILE_SHARING",
  "MARKDOWN_HYPERLINKS",
  "MULTI_DIALOG",
  "PHOTO_SHARING",
  "QUICK_REPLIES",
  "RICH_CONTENT",
  "SECURE_FORMS"
] as const

type Feature = (typeof features)[number] | (string & {})

const spelling = ".ClientProperties" as const

/** LivePerson's schema spells the type otherwise than its documents and its clients do. Both are read. */
const Type = Schema.Literals([spelling, ".ams.headers.ClientProperties"]).pipe(
  Schema.decodeTo(
    Schema.tag(spelling),
    SchemaTransformation.transform({
      decode: () => spelling,
      encode: (type): typeof spelling | ".ams.headers.ClientProperties" => type
    })
  ),
  Schema.withDecodingDefaultKey(Effect.succeed(spelling))
)

export const ClientProperties = Schema.Struct({
  type: Type,
  appId: text(64),
  appVersion: text(32),
  ipAddress: Schema.optionalKey(Ipv4),
  deviceFamily: Schema.optionalKey(Schema.Literals(["DESKTOP", "TABLET", "MOBILE", "OTHER"])),
  os: Schema.optionalKey(Schema.Literals(["WINDOWS", "LINUX", "OSX", "ANDROID", "IOS", "OTHER"])),
  osVersion: text(64),
  osName: text(64),
  integration: Schema.optionalKey(Schema.Literals(["WEB_SDK", "MOBILE_SDK", "BRAND_SDK"])),
  integrationVersion: text(64),
  browser: text(64),
  browserVersion: text(64),
  timeZone: text(64),
  deviceManufacture: text(64),
  deviceModel: text(64),
  features: Schema.optionalKey(Schema.Array(Schema.String))
})

/** Client properties as they are written by hand: `type` may be left out. */
export interface ClientPropertiesInput extends Omit<(typeof ClientProperties)["Encoded"], "features"> {
  readonly features?: ReadonlyArray<Feature>
}
