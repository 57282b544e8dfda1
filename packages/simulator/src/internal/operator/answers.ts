/**
 * What an operator is answered, and who they are.
 *
 * Assumed throughout: the reference gives no error bodies of these services, so that every one says in a sentence what
 * is wrong.
 */
import type { AccountId } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { Refused, reply, type Reply } from "../reply.ts"

/** The account that an operator is signed in to. */
export interface Operator {
  readonly account: AccountId
}

export const refuse = (reply: Reply): Effect.Effect<never, Refused> => Effect.fail(new Refused({ reply }))

export const unauthorized = (error: string): Reply => reply(401, { error })

export const notFound = (error: string): Reply => reply(404, { error })

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const keyOf = (part: PropertyKey | { readonly key: PropertyKey }) => String(typeof part === "object" ? part.key : part)

const invalid = (error: Schema.SchemaError): Reply =>
  reply(400, {
    error: "The body is not as it should be",
    issues: format(error.issue).issues.map(({ message, path = [] }) => ({ path: path.map(keyOf), message }))
  })

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Json))

/** Reads a request's JSON by a schema, or refuses it with a 400 that says what is wrong, and where. */
export const bodyOf = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const json = parse(yield* request.text)
    if (Result.isFailure(json)) return yield* refuse(reply(400, { error: "The body is not JSON" }))
    const body = decode(json.success)
    return Result.isFailure(body) ? yield* refuse(invalid(body.failure)) : { body: body.success, json: json.success }
  })
}

/** How the account configuration tells the version of what it answers, and is told of what a change was made to. */
export const revisionHeader = "ac-revision"
