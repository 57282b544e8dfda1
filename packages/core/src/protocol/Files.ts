/**
 * `ms.GenerateURLForUploadFile` and `ms.GenerateURLForDownloadFile`: where a file may be put, and where it may be had.
 *
 * The URLs lead to LivePerson's storage (the `swift` service) and live one minute; no token goes with them.
 *
 * Reference: sections 3.5 and 3.6.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Payload from "./Payload.ts"

/** How many bytes a file may have: 3 MB. */
export const fileSizeLimit = 3 * 1024 * 1024

/** What a consumer may upload. */
export const FileType = Schema.Literals(["JPG", "JPEG", "PNG", "GIF"])
export type FileType = typeof FileType.Type

const FileSize = Schema.Union([
  Schema.Int,
  Schema.String.check(Schema.isPattern(/^\d{1,15}$/, { expected: "digits" }))
]).pipe(
  Schema.decodeTo(
    Schema.Int.check(
      Schema.isBetween({ minimum: 1, maximum: fileSizeLimit }, { expected: "a size of 1 byte to 3 MB" })
    ),
    SchemaTransformation.transform({ decode: (size) => Number(size), encode: (size): string | number => String(size) })
  )
)

/** Where a file is, and what proves for a minute that one may get at it. */
export const FileUrl = Schema.Struct({
  relativePath: Schema.NonEmptyString,
  queryParams: Schema.Struct({
    temp_url_sig: Schema.String,
    temp_url_expires: Schema.Union([Schema.String, Schema.Finite])
  })
})
export type FileUrl = typeof FileUrl.Type

/** Asks where a file of this type and this many bytes may be put. */
export const GenerateURLForUploadFile = Payload.make("ms.GenerateURLForUploadFile", {
  body: Schema.Struct({ fileSize: FileSize, fileType: FileType }),
  success: FileUrl,
  repeat: "harmless"
})

/** Asks where a file may be had, by the path that its message told. */
export const GenerateURLForDownloadFile = Payload.make("ms.GenerateURLForDownloadFile", {
  body: Schema.Struct({ relativePath: Schema.NonEmptyString }),
  success: FileUrl,
  repeat: "harmless"
})
