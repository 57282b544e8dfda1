/**
 * Signs tokens as LivePerson does (RS256, JWS compact form) and checks those it is shown.
 */
import {
  type AccountId,
  AppJWTClaims,
  claimsOf,
  type ConsumerId,
  ConsumerJWSClaims
} from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Digest from "effect/crypto/Digest"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Signature from "effect/crypto/Signature"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Hex from "effect/encoding/Hex"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const utf8 = new TextEncoder()

const header = Base64Url.encode(JSON.stringify({ alg: "RS256", typ: "JWT" }))

/** Tokens are numbered as they are issued, so that revoking is a matter of comparing numbers. */
const jti = Schema.Natural
const decodeAppClaims = Schema.decodeOption(claimsOf(Schema.Struct({ ...AppJWTClaims.fields, jti })))
const decodeConsumerClaims = Schema.decodeOption(claimsOf(Schema.Struct({ ...ConsumerJWSClaims.fields, jti })))

const crypto = Layer.merge(
  Signature.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
  Digest.layerWebCrypto
)

export const make = Effect.gen(function* () {
  const signature = yield* Signature.Signature
  const digest = yield* Digest.Digest
  const keys = yield* signature.generateKeyPair(Signature.rsaPkcs1v15Sha256)
  const issued = { app: 0, consumer: 0 }
  const revokedBelow = { app: 0, consumer: 0 }

  const sign = Effect.fnUntraced(function* (claims: object) {
    const text = `${header}.${Base64Url.encode(JSON.stringify(claims))}`
    const bytes = yield* signature.sign(keys.privateKey, utf8.encode(text))
    return `${text}.${Base64Url.encode(bytes)}`
  }, Effect.orDie)

  const isGenuine = Effect.fnUntraced(function* (token: string) {
    const at = token.lastIndexOf(".")
    const bytes = Base64Url.decode(token.slice(at + 1))
    if (at === -1 || Result.isFailure(bytes)) return false
    return yield* signature.verify(keys.publicKey, bytes.success, utf8.encode(token.slice(0, at)))
  }, Effect.orDie)

  const nowSeconds = Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))

  return {
    /** A token of the connector's own, good for `lifetime` seconds. */
    appJwt: Effect.fnUntraced(function* (accountId: AccountId, clientId: string, lifetime: number) {
      const iat = yield* nowSeconds
      const claims = { aud: accountId, azp: clientId, scope: "msg.consumer", iss: "Sentinel", exp: iat + lifetime, iat }
      return yield* sign({ ...claims, jti: issued.app++ })
    }),
    /** A consumer's token. The same consumer always has the same id at LivePerson. */
    consumerJws: Effect.fnUntraced(function* (accountId: AccountId, consumer: ConsumerId) {
      const hash = yield* digest.digest(Digest.sha256, utf8.encode(`${accountId} ${consumer}`))
      const claims = { account_id: accountId, ext_consumer_id: consumer, lp_consumer_id: Hex.encode(hash) }
      return yield* sign({ ...claims, jti: issued.consumer++ })
    }, Effect.orDie),
    /** The claims of a token that is genuine, not expired and not revoked. */
    checkAppJwt: Effect.fnUntraced(function* (token: string) {
      const claims = Option.filter(decodeAppClaims(token), ({ jti }) => jti >= revokedBelow.app)
      const now = yield* nowSeconds
      return Option.isSome(claims) && claims.value.exp > now && (yield* isGenuine(token)) ? claims : Option.none()
    }),
    /** The claims of a token that is genuine and not revoked. */
    checkConsumerJws: Effect.fnUntraced(function* (token: string) {
      const claims = Option.filter(decodeConsumerClaims(token), ({ jti }) => jti >= revokedBelow.consumer)
      return Option.isSome(claims) && (yield* isGenuine(token)) ? claims : Option.none()
    }),
    /** From now on the tokens of a kind that were issued so far are invalid. */
    revoke: (kind: "app" | "consumer") =>
      Effect.sync(() => {
        revokedBelow[kind] = issued[kind]
      })
  }
}).pipe(Effect.orDie, Effect.provide(crypto))

export type Tokens = Effect.Success<typeof make>
