import type { HttpClientError } from "effect/http/HttpClientError"
import * as Predicate from "effect/Predicate"
import type { Processed, TransportReason } from "../ConnectorError.ts"

interface Verdict {
  readonly reason: TransportReason
  readonly processed: Processed
}

const unsent = (reason: TransportReason): Verdict => ({ reason, processed: "no" })
const unknown = (reason: TransportReason): Verdict => ({ reason, processed: "unknown" })

/** What the platforms' own error codes say. A code that can also occur on an open connection says "unknown". */
const verdicts: Record<string, Verdict> = {
  ECONNREFUSED: unsent("refused"),
  ConnectionRefused: unsent("refused"),
  EHOSTUNREACH: unsent("refused"),
  ENETUNREACH: unsent("refused"),
  UND_ERR_CONNECT_TIMEOUT: unsent("timeout"),
  ENOTFOUND: unsent("dns"),
  EAI_AGAIN: unsent("dns"),
  CERT_HAS_EXPIRED: unsent("tls"),
  CERT_NOT_YET_VALID: unsent("tls"),
  DEPTH_ZERO_SELF_SIGNED_CERT: unsent("tls"),
  SELF_SIGNED_CERT_IN_CHAIN: unsent("tls"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unsent("tls"),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unsent("tls"),
  ERR_TLS_CERT_ALTNAME_INVALID: unsent("tls"),
  EPROTO: unknown("tls"),
  ETIMEDOUT: unknown("timeout"),
  UND_ERR_HEADERS_TIMEOUT: unknown("timeout"),
  UND_ERR_BODY_TIMEOUT: unknown("timeout"),
  ECONNRESET: unknown("reset"),
  EPIPE: unknown("reset"),
  UND_ERR_SOCKET: unknown("reset")
}

const verdictOf = (cause: unknown, depth = 0): Verdict | undefined => {
  if (!Predicate.isObject(cause) || depth > 5) return undefined
  const code = Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : undefined
  const known = code === undefined ? undefined : verdicts[code]
  return known ?? (Predicate.hasProperty(cause, "cause") ? verdictOf(cause.cause, depth + 1) : undefined)
}

/** Why a call got no answer, and whether it can have been processed. Without a sign that it never left, it may have. */
export const explain = (error: HttpClientError): Verdict => {
  switch (error.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return unsent("unsendable")
    case "TransportError":
      return verdictOf(error.reason) ?? unknown("other")
    default:
      return unknown("reset")
  }
}
