/**
 * What LivePerson says when it refuses a whole call: `title`, `details` and `errorCode` when the tokens are wrong, `msg`
 * when the request is. Everything is optional, because its documents do not agree on what is always there.
 *
 * Reference: sections 1.5 and 2.4.
 */
import * as Schema from "effect/Schema"
import { Code } from "./Payload.ts"

export const ErrorBody = Schema.Struct({
  title: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.String),
  msg: Schema.optionalKey(Schema.String),
  errorCode: Schema.optionalKey(Schema.Int)
})
export type ErrorBody = typeof ErrorBody.Type

/** The body of a refusal: LivePerson's own envelope, read generously. */
export const ErrorResponse = Schema.Struct({
  code: Schema.optionalKey(Code),
  body: ErrorBody
})
export type ErrorResponse = typeof ErrorResponse.Type
