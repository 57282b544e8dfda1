/**
 * What may happen in a dialog, as LivePerson tells of it. Decoded events carry a `_tag`; LivePerson's JSON does not.
 *
 * Reference: section 5.3.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { Sequence } from "./Ids.ts"
import { kind } from "./kind.ts"

const Text = Schema.optionalKey(Schema.String)

/** JSON as it came, because nothing here recognises it. */
export const Unrecognized = Schema.Json.pipe(
  Schema.decodeTo(
    Schema.TaggedStruct("Unrecognized", { raw: Schema.Json }),
    SchemaTransformation.transform({
      decode: (raw) => ({ _tag: "Unrecognized" as const, raw }),
      encode: ({ raw }) => raw
    })
  )
)
export type Unrecognized = typeof Unrecognized.Type

const content = <ContentType extends string>(contentType: ContentType) => ({
  type: Schema.tag("ContentEvent"),
  contentType: Schema.tag(contentType)
})

const QuickReplies = Schema.optionalKey(Schema.Json)

/** A text message. */
export const TextReceived = Schema.Struct({
  ...kind("Text"),
  ...content("text/plain"),
  message: Schema.String,
  quickReplies: QuickReplies
})

/** A file in LivePerson's storage, to be had with `Connector.downloadFile(message.relativePath)`. */
export const FileReceived = Schema.Struct({
  ...kind("File"),
  type: Schema.tag("ContentEvent"),
  contentType: Schema.Literals(["hosted/file", "HostedFile"]),
  message: Schema.Struct({
    relativePath: Schema.String,
    caption: Text,
    fileType: Text,
    preview: Text
  })
})

/** An invitation to fill in a secure form. */
export const SecureFormInvitationReceived = Schema.Struct({
  ...kind("SecureFormInvitation"),
  ...content("forms/secure-invitation"),
  message: Schema.Struct({
    invitationId: Schema.String,
    title: Text,
    formId: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite]))
  })
})

/** That a secure form was filled in. */
export const SecureFormSubmissionReceived = Schema.Struct({
  ...kind("SecureFormSubmission"),
  ...content("forms/secure-submission"),
  message: Schema.Struct({ submissionId: Schema.String, invitationId: Schema.String })
})

/** Content of another kind, such as a file that lies outside LivePerson: known by its `contentType`, kept as it came. */
export const OtherContentReceived = Schema.Struct({
  ...kind("OtherContent"),
  type: Schema.tag("ContentEvent"),
  contentType: Schema.String.check(
    Schema.makeFilter(
      (type) =>
        !["text/plain", "hosted/file", "HostedFile", "forms/secure-invitation", "forms/secure-submission"].includes(
          type
        ),
      { expected: "a content type that is not one of the known ones" }
    )
  ),
  message: Schema.Json
})

const RichContent = Schema.Struct({
  ...kind("RichContent"),
  type: Schema.tag("RichContentEvent"),
  content: Schema.Json,
  quickReplies: QuickReplies
})

const parsed = Schema.fromJsonString(Schema.Json)
const parseContent = Schema.decodeUnknownOption(parsed)
const toText = Schema.encodeSync(parsed)

/** Structured content, under whichever of its three names and in whichever of its two forms it came (D21). */
export const RichContentReceived = Schema.Struct({
  type: Schema.tag("RichContentEvent"),
  content: Schema.optionalKey(Schema.Json),
  message: Schema.optionalKey(Schema.Json),
  Content: Schema.optionalKey(Schema.Json),
  quickReplies: QuickReplies
})
  .check(
    Schema.makeFilter(
      (event) => event.content !== undefined || event.message !== undefined || event.Content !== undefined,
      { expected: "structured content" }
    )
  )
  .pipe(
    Schema.decodeTo(
      Schema.toType(RichContent),
      SchemaTransformation.transform({
        decode: ({ Content, content = Content, message = content, quickReplies }) => {
          const found = content ?? message ?? null
          return {
            _tag: "RichContent" as const,
            type: "RichContentEvent" as const,
            content: typeof found === "string" ? Option.getOrElse(parseContent(found), () => found) : found,
            ...(quickReplies === undefined ? {} : { quickReplies })
          }
        },
        encode: ({ content, quickReplies, type }) => ({
          type,
          // A text that could be read as JSON is written as JSON, so that it comes back as the text it is.
          content: typeof content === "string" && Option.isSome(parseContent(content)) ? toText(content) : content,
          ...(quickReplies === undefined ? {} : { quickReplies })
        })
      })
    )
  )

/** What somebody is doing. */
export const ChatStateReceived = Schema.Struct({
  ...kind("ChatState"),
  type: Schema.tag("ChatStateEvent"),
  chatState: Schema.Literals(["ACTIVE", "INACTIVE", "GONE", "COMPOSING", "PAUSE", "BACKGROUND"])
})

/** What became of messages on somebody's side, by their numbers. */
export const AcceptStatusReceived = Schema.Struct({
  ...kind("AcceptStatus"),
  type: Schema.tag("AcceptStatusEvent"),
  status: Schema.Literals([
    ...(["ACCEPT", "READ", "ACCESS", "NACK", "ACTION"] as const),
    ...(["VIEWED", "ERROR", "ABORTED", "SUBMITTED"] as const)
  ]),
  sequenceList: Schema.Array(Sequence)
})

/** Whatever may happen in a dialog. */
export const ReceivedEvent = Schema.Union([
  TextReceived,
  FileReceived,
  SecureFormInvitationReceived,
  SecureFormSubmissionReceived,
  OtherContentReceived,
  RichContentReceived,
  ChatStateReceived,
  AcceptStatusReceived,
  Unrecognized
])
export type ReceivedEvent = typeof ReceivedEvent.Type
