import * as Data from "effect/Data"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Schema from "effect/Schema"

/** An endpoint's answer, before faults have their way with it. */
export type Reply = HttpServerResponse.HttpServerResponse

export const reply = (status: number, body: Schema.Json): Reply => HttpServerResponse.jsonUnsafe(body, { status })

export const ok = (body: Schema.Json): Reply => reply(200, body)

/** LivePerson's answer to a request that makes no sense. */
export const badRequest = (msg = "Bad Request"): Reply => reply(400, { code: "BAD_REQUEST", body: { msg } })

const authError = (body: { readonly title: string; readonly details: string; readonly errorCode?: number }): Reply =>
  reply(401, { kind: "resp", code: 401, body, type: ".ReqBody$ErrorResp" })

/** The refusals of section 1.5. */
export const refusals = {
  appInvalid: authError({ title: "Invalid AppJWT", details: "AppJWT is expired or invalid", errorCode: 40102 }),
  consumerInvalid: authError({ title: "Invalid ConsumerJWS", details: "ConsumerJWS is invalid", errorCode: 40103 }),
  consumerMissing: authError({
    title: "ConsumerJWS is missing",
    details: "X_ON_BEHALF_HEADER is missing",
    errorCode: 40104
  }),
  appMissing: authError({ title: "AppJWT is missing", details: "AUTHORIZATION header is missing", errorCode: 40105 }),
  // Assumed: the reference gives the status and no body. Every known errorCode would blame a token, so there is none.
  foreign: authError({ title: "Unauthorized", details: "The conversation is another consumer's" })
}

/** A call that is refused as a whole. */
export class Refused extends Data.TaggedError("Refused")<{ readonly reply: Reply }> {}

/** A payload that is refused in its own answer, which carries its `reqId`. */
export class Rejected extends Data.TaggedError("Rejected")<{ readonly msg: string }> {}
