import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/** A UUID from the program's own `Random`, so that a seed gives the same ones. */
export const uuid: Effect.Effect<string> = Effect.flatMap(Random.Random, (random) =>
  SecureRandom.make((size) =>
    Uint8Array.from({ length: size }, () => Math.floor(random.nextDoubleUnsafe() * 256))
  ).uuidV4()
)
