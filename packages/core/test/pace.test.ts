import { Connector, Message, Pace } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { answered, connectorOn, elapsed, Wire } from "./support.ts"

const at = Effect.map(Wire, ({ seen }) => seen.map((call) => call.at))

const sending = Effect.forEach(
  Array.from({ length: 6 }, (_, index) => `c-${index}`),
  (conversation) => Connector.send(conversation, Message.text("x")),
  { concurrency: "unbounded" }
).pipe(Connector.onBehalfOf("sms:1"))

describe("a pace", () => {
  it.effect("is not kept unless the program says so", () =>
    Effect.gen(function* () {
      yield* sending
      expect(yield* at).toEqual([0, 0, 0, 0, 0, 0])
    }).pipe(Effect.provide(connectorOn(answered)))
  )

  it.effect("is kept by everything that an account sends", () =>
    Effect.gen(function* () {
      yield* elapsed(sending)
      expect(yield* at).toEqual([0, 0, 500, 1000, 1500, 2000])
    }).pipe(
      Effect.provide(connectorOn(answered).pipe(Layer.provide(Pace.layerMemory({ limit: 2, window: "1 second" }))))
    )
  )

  it.effect("does not count towards the timeout of a call", () =>
    Effect.gen(function* () {
      yield* elapsed(sending)
      expect((yield* at).length).toBe(6)
    }).pipe(
      Effect.provide(
        connectorOn(answered, { timeout: "1 second" }).pipe(
          Layer.provide(Pace.layerMemory({ limit: 1, window: "30 seconds" }))
        )
      )
    )
  )
})
