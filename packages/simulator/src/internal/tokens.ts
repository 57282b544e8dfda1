/**
 * Signs tokens as LivePerson does (RS256, JWS compact form) and checks those it is shown.
 *
 * At once, by Node's own cryptography: a test's clock has nothing to wait for that it does not know of.
 */
import {
  type AccountId,
  AppJWTClaims,
  claimsOf,
  type ConsumerId,
  ConsumerJWSClaims
} from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWith,
  verify
} from "node:crypto"

const header = Base64Url.encode(JSON.stringify({ alg: "RS256", typ: "JWT" }))

/** Tokens are numbered as they are issued, so that revoking is a matter of comparing numbers. */
const numbered = { jti: Schema.Natural, simulator: Schema.String }
const AppClaims = Schema.Struct({ ...AppJWTClaims.fields, ...numbered })
const ConsumerClaims = Schema.Struct({ ...ConsumerJWSClaims.fields, ...numbered })
type AppClaims = typeof AppClaims.Type
type ConsumerClaims = typeof ConsumerClaims.Type

const decodeAppClaims = Schema.decodeOption(claimsOf(AppClaims))
const decodeConsumerClaims = Schema.decodeOption(claimsOf(ConsumerClaims))

const Counts = Schema.Struct({ app: Schema.Natural, consumer: Schema.Natural })

const PrivateKey = Schema.String.check(
  Schema.makeFilter((pem) => Result.isSuccess(Result.try(() => createPrivateKey(pem))), {
    expected: "a private key in PEM"
  })
)

/** What has to be kept for tokens to be good in another run. */
export const Saved = Schema.Struct({
  simulator: Schema.String,
  /** The private key, as PKCS #8 in PEM. */
  key: PrivateKey,
  issued: Counts,
  revokedBelow: Counts
})
export type Saved = typeof Saved.Type

/** To make a key takes longer than everything else that a simulator does at its start, and one is as good as another. */
const newKey = (() => {
  let key: KeyObject | undefined
  return (): KeyObject => (key ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)
})()

/** How many tokens are known without checking their signatures again. */
const capacity = 50_000

/** `changed` is told of what has to be kept. */
export const make = (simulator: string, changed: () => void) => {
  let saved: Omit<Saved, "key"> = { simulator, issued: { app: 0, consumer: 0 }, revokedBelow: { app: 0, consumer: 0 } }
  let privateKey = newKey()
  let publicKey = createPublicKey(privateKey)
  const genuine = new Map<string, AppClaims | ConsumerClaims>()

  const remember = <Claims extends AppClaims | ConsumerClaims>(token: string, claims: Claims): Claims => {
    if (genuine.size >= capacity) genuine.clear()
    genuine.set(token, claims)
    return claims
  }

  const issue = <Claims extends object>(kind: "app" | "consumer", claims: Claims) => {
    const jti = saved.issued[kind]
    saved = { ...saved, issued: { ...saved.issued, [kind]: jti + 1 } }
    changed()
    const all = { ...claims, jti, simulator: saved.simulator }
    const text = `${header}.${Base64Url.encode(JSON.stringify(all))}`
    const signature = signWith("sha256", Buffer.from(text), privateKey)
    return { all, token: `${text}.${Base64Url.encode(signature)}` }
  }

  const isGenuine = (token: string): boolean => {
    const at = token.lastIndexOf(".")
    const signature = Base64Url.decode(token.slice(at + 1))
    if (at === -1 || Result.isFailure(signature)) return false
    return verify("sha256", Buffer.from(token.slice(0, at)), publicKey, signature.success)
  }

  /** The claims of a token that this simulator signed, whether or not it is still good. */
  const read = <Claims extends AppClaims | ConsumerClaims>(
    token: string,
    decode: (token: string) => Option.Option<Claims>,
    isKind: (claims: AppClaims | ConsumerClaims) => claims is Claims
  ): Claims | undefined => {
    const known = genuine.get(token)
    if (known !== undefined) return isKind(known) ? known : undefined
    const claims = Option.getOrUndefined(decode(token))
    if (claims === undefined || claims.simulator !== saved.simulator || !isGenuine(token)) return undefined
    return remember(token, claims)
  }

  const isConsumers = (claims: AppClaims | ConsumerClaims): claims is ConsumerClaims => "ext_consumer_id" in claims
  const isApps = (claims: AppClaims | ConsumerClaims): claims is AppClaims => !isConsumers(claims)

  const nowSeconds = Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))

  const consumerOf = (token: string): ConsumerClaims | undefined => read(token, decodeConsumerClaims, isConsumers)

  return {
    /** A token of the connector's own, good for `lifetime` seconds. */
    appJwt: (accountId: AccountId, clientId: string, lifetime: number): Effect.Effect<string> =>
      Effect.map(nowSeconds, (iat) => {
        const { all, token } = issue("app", {
          aud: accountId,
          azp: clientId,
          scope: "msg.consumer",
          iss: "Sentinel",
          exp: iat + lifetime,
          iat
        })
        remember(token, all)
        return token
      }),

    /** A consumer's token. The same consumer always has the same id at LivePerson. */
    consumerJws: (accountId: AccountId, consumer: ConsumerId): string => {
      const lp_consumer_id = createHash("sha256").update(`${accountId} ${consumer}`).digest("hex")
      const { all, token } = issue("consumer", { account_id: accountId, ext_consumer_id: consumer, lp_consumer_id })
      remember(token, all)
      return token
    },

    /** The claims of a token that is genuine, not expired and not revoked. */
    checkAppJwt: (token: string): Effect.Effect<AppClaims | undefined> =>
      Effect.map(nowSeconds, (now) => {
        const claims = read(token, decodeAppClaims, isApps)
        return claims !== undefined && claims.jti >= saved.revokedBelow.app && claims.exp > now ? claims : undefined
      }),

    /** The claims of a token that is genuine and not revoked. */
    checkConsumerJws: (token: string): ConsumerClaims | undefined => {
      const claims = consumerOf(token)
      return claims !== undefined && claims.jti >= saved.revokedBelow.consumer ? claims : undefined
    },

    /** Who a token speaks for, even where it is revoked. */
    consumerOf,

    /** From now on the tokens of a kind that were issued so far are invalid. */
    revoke: (kind: "app" | "consumer"): void => {
      saved = { ...saved, revokedBelow: { ...saved.revokedBelow, [kind]: saved.issued[kind] } }
      changed()
    },

    saved: (): Saved => ({ ...saved, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() }),

    /** Goes on where another run ended. */
    restore: ({ key, ...rest }: Saved): void => {
      privateKey = createPrivateKey(key)
      publicKey = createPublicKey(privateKey)
      saved = rest
    }
  }
}

export type Tokens = ReturnType<typeof make>
