/**
 * The name under which a message travels: LivePerson sends it back with the message's echo. It is the consumer's and the
 * message's own where LivePerson's 64 characters are enough for them, which spares a digest, and a digest where not.
 */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as Base64Url from "effect/encoding/Base64Url"
import type { Address } from "../Consumer.ts"

const utf8 = new TextEncoder()

/** A digest of texts, as text: 43 characters. */
export const digestOf = (...texts: ReadonlyArray<string>): Effect.Effect<string> =>
  Effect.gen(function* () {
    const digest = yield* Digest.Digest
    return Base64Url.encode(yield* digest.digest(Digest.sha256, utf8.encode(JSON.stringify(texts))))
  }).pipe(Effect.orDie, Effect.provide(webCrypto))

const webCrypto = Digest.layerWebCrypto

const prefix = "gateway:"

const longest = 64

export const tagOf = ({ account, consumer }: Address, id: string): Effect.Effect<string> => {
  // No digest has a slash, and an escaped name has none either.
  const tag = `${prefix}${encodeURIComponent(consumer)}/${encodeURIComponent(id)}`
  return tag.length <= longest
    ? Effect.succeed(tag)
    : Effect.map(digestOf(account, consumer, id), (digest) => `${prefix}${digest}`)
}

/** Whether an `ExternalId` is a tag of a gateway's. */
export const isTag = (id: string): boolean => id.startsWith(prefix)
