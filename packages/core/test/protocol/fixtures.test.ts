import { Protocol } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"))

const roundTrip = <S extends Schema.ConstraintCodec<unknown, unknown>>(schema: S, json: unknown) =>
  Effect.flatMap(
    Schema.decodeUnknownEffect(schema, { onExcessProperty: "error" })(json),
    Schema.encodeUnknownEffect(schema)
  )

describe("the CONVERSATION page's own example", () => {
  const request = fixture("conversation-request")
  const response = fixture("conversation-response")

  it.effect("is a batch, and comes out of it as the same text", () =>
    Effect.gen(function* () {
      const again = yield* roundTrip(Protocol.Batch, request)
      expect(JSON.stringify(again)).toBe(JSON.stringify(request))
    })
  )

  it.effect("keeps its odd ids", () =>
    Effect.gen(function* () {
      const batch = yield* Schema.decodeUnknownEffect(Protocol.Batch)(request)
      expect(batch.map((one) => one?.id)).toEqual(["2,", "1,", "3"])
    })
  )

  it.effect("has an answer that comes out as the same text", () =>
    Effect.gen(function* () {
      const again = yield* roundTrip(Protocol.BatchResponse, response)
      expect(JSON.stringify(again)).toBe(JSON.stringify(response))
    })
  )

  it.effect("has an answer that is read past fields nobody knows", () =>
    Effect.gen(function* () {
      const known = yield* Schema.decodeUnknownEffect(Protocol.BatchResponse)(response)
      const withMore = yield* Schema.decodeUnknownEffect(Protocol.BatchResponse)(
        known.map((one) => ({ ...one, kind: "resp", since: 2027, extra: { nested: [1] } }))
      )
      expect(withMore).toEqual(known)
    })
  )
})
