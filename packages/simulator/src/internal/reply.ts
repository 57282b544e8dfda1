import type * as Schema from "effect/Schema"

/** An endpoint's answer, before faults have their way with it. */
export interface Reply {
  readonly status: number
  readonly body: Schema.Json
}

export const ok = (body: Schema.Json): Reply => ({ status: 200, body })

/** LivePerson's answer to a request that makes no sense. */
export const badRequest = (msg = "Bad Request"): Reply => ({
  status: 400,
  body: { code: "BAD_REQUEST", body: { msg } }
})

const authError = (status: number, errorCode: number, title: string, details: string): Reply => ({
  status,
  body: { kind: "resp", code: status, body: { title, details, errorCode }, type: ".ReqBody$ErrorResp" }
})

/** The refusals of section 1.5. */
export const refusals = {
  brandMissing: authError(401, 40001, "Missing parameter", "Brand Id is missing"),
  appInvalid: authError(401, 40102, "Invalid AppJWT", "AppJWT is expired or invalid"),
  consumerInvalid: authError(401, 40103, "Invalid ConsumerJWS", "ConsumerJWS is invalid"),
  consumerMissing: authError(401, 40104, "ConsumerJWS is missing", "X_ON_BEHALF_HEADER is missing"),
  appMissing: authError(401, 40105, "AppJWT is missing", "AUTHORIZATION header is missing")
}
