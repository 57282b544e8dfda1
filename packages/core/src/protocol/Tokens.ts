/**
 * The two tokens of the Connector API and what is written in them.
 *
 * The AppJWT says which connector is calling and lives one hour; the ConsumerJWS says on whose behalf and does not
 * expire. A client passes both on as they are; it reads the claims to know when a token ends, never to trust it.
 *
 * Reference: section 1.4.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { AccountId, ConsumerId } from "./Ids.ts"

/** The connector's token. */
export const AppJWT = Schema.NonEmptyString.pipe(Schema.brand("AppJWT"))
export type AppJWT = typeof AppJWT.Type

/** A consumer's token. */
export const ConsumerJWS = Schema.NonEmptyString.pipe(Schema.brand("ConsumerJWS"))
export type ConsumerJWS = typeof ConsumerJWS.Type

/** Sentinel's answer. */
export const AppJWTResponse = Schema.Struct({
  access_token: AppJWT,
  token_type: Schema.optionalKey(Schema.String)
})

/** What the IDP is asked. */
export const ConsumerJWSRequest = Schema.Struct({ ext_consumer_id: ConsumerId })

/** The IDP's answer. */
export const ConsumerJWSResponse = Schema.Struct({ token: ConsumerJWS })

/** The AppJWT's claims: `aud` is the account, `azp` the connector's client id; `iat` and `exp` are epoch seconds. */
export const AppJWTClaims = Schema.Struct({
  aud: Schema.optionalKey(AccountId),
  azp: Schema.optionalKey(Schema.String),
  scope: Schema.optionalKey(Schema.String),
  iss: Schema.optionalKey(Schema.String),
  exp: Schema.Finite,
  iat: Schema.optionalKey(Schema.Finite)
})
export type AppJWTClaims = typeof AppJWTClaims.Type

/** The ConsumerJWS's claims: the account, the connector's name for the consumer, and LivePerson's. */
export const ConsumerJWSClaims = Schema.Struct({
  account_id: AccountId,
  ext_consumer_id: ConsumerId,
  lp_consumer_id: Schema.String
})
export type ConsumerJWSClaims = typeof ConsumerJWSClaims.Type

/**
 * Reads the claims of a token in JWS compact form (`header.claims.signature`). It does not check the signature, and it
 * cannot encode.
 */
export const claimsOf = <S extends Schema.Constraint>(claims: S) =>
  Schema.String.pipe(
    Schema.decodeTo(Schema.StringFromBase64Url, {
      decode: SchemaGetter.transformOptional(
        Option.flatMap((token: string) => Option.fromUndefinedOr(token.split(".")[1]))
      ),
      encode: SchemaGetter.forbidden(() => "A token's claims cannot be turned back into the token")
    }),
    Schema.decodeTo(Schema.fromJsonString(claims))
  )
