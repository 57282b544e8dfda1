import { Fault, Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { createHmac } from "node:crypto"
import { chat, content, type Heard, listener, logged, opened, settle, textOf, texts } from "./hooks.ts"
import { chatState, clientSecret, publishEvent } from "./support.ts"

const origin = "https://connector.test"

/** Says four texts with faults, and has heard what came of it. */
const heardWith = (
  faults: (simulator: Simulator.Simulator["Service"]) => ReadonlyArray<Effect.Effect<void>>,
  webhooks: Webhooks.Webhooks = texts(origin)
) => {
  const { deliver, heard } = listener()
  return Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    const ada = yield* opened("Ada")
    for (const fault of faults(simulator)) yield* fault
    for (const text of ["one", "two", "three", "four"]) yield* ada.say(text)
    const soon = heard.map(textOf)
    yield* TestClock.adjust("1 hour")
    return { heard, soon, texts: heard.map(textOf), log: yield* logged }
  }).pipe(Effect.provide(Simulator.layer({ webhooks, deliver })))
}

const isGenuine = ({ body, headers }: Heard): boolean =>
  headers["x-liveperson-signature"] === `sha1=${createHmac("sha1", clientSecret).update(body).digest("base64")}`

describe("A fault of a webhook", () => {
  it.effect("of loss has it never delivered, however often it would be repeated", () =>
    Effect.gen(function* () {
      const { log, texts: heard } = yield* heardWith(
        ({ fault }) => [fault("webhook", Fault.loss())],
        texts(origin, { max_retries: 5 })
      )
      expect(heard).toEqual(["two", "three", "four"])
      expect(log[0]).toEqual({ attempt: 0, at: 0, status: "dropped" })
    })
  )

  it.effect.each([
    [undefined, ["one", "one", "two", "three", "four"]],
    [3, ["one", "one", "one", "two", "three", "four"]]
  ] as const)("of duplication (%s) has it delivered several times", ([copies, expected]) =>
    Effect.gen(function* () {
      const { heard, texts } = yield* heardWith(({ fault }) => [fault("webhook", Fault.duplicate(copies))])
      expect(texts).toEqual(expected)
      expect(heard[1]?.body).toEqual(heard[0]?.body)
    })
  )

  it.effect("of delay has it delivered later, and what follows after it", () =>
    Effect.gen(function* () {
      const { heard, soon, texts } = yield* heardWith(({ fault }) => [fault("webhook", Fault.delay("1 minute"))])
      expect(soon).toEqual([])
      expect(texts).toEqual(["one", "two", "three", "four"])
      expect(heard.map(({ at }) => at)).toEqual([60_000, 60_000, 60_000, 60_000])
    })
  )

  it.effect.each([
    [undefined, 1, ["two", "one", "three", "four"]],
    [2, 1, ["two", "three", "one", "four"]],
    [1, 2, ["three", "one", "two", "four"]],
    [4, 1, ["two", "three", "four"]]
  ] as const)("of order (%s) has it held back until as many were delivered, %i times", ([after, times, expected]) =>
    Effect.gen(function* () {
      const { texts } = yield* heardWith(({ fault }) => [fault("webhook", Fault.reorder(after), { times })])
      expect(texts).toEqual(expected)
    })
  )

  it.effect("of order does not wait for another conversation", () =>
    Effect.gen(function* () {
      const { deliver, heard } = listener()
      yield* Effect.gen(function* () {
        const { fault } = yield* Simulator.Simulator
        const [ada, bob] = [yield* opened("Ada"), yield* opened("Bob")]
        yield* fault("webhook", Fault.reorder())
        yield* ada.say("ada 1")
        yield* bob.say("bob 1")
        yield* ada.say("ada 2")
      }).pipe(Effect.provide(Simulator.layer({ webhooks: texts(origin), deliver })))
      expect(heard.map(textOf)).toEqual(["bob 1", "ada 2", "ada 1"])
    })
  )

  it.effect(
    "of its signature has it signed by somebody else, the bytes as they are, and its repetition by the app",
    () =>
      Effect.gen(function* () {
        const { deliver, heard } = listener((one) => Effect.succeed(isGenuine(one) ? 200 : 401))
        yield* Effect.gen(function* () {
          const { fault } = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* fault("webhook", Fault.wrongSignature())
          yield* ada.say("one")
          yield* ada.say("two")
          yield* TestClock.adjust("30 seconds")
          expect((yield* logged).map(({ status }) => status)).toEqual([401, 200, 200])
        }).pipe(Effect.provide(Simulator.layer({ webhooks: texts(origin, { max_retries: 1 }), deliver })))
        expect(heard.map((one) => [textOf(one), isGenuine(one)])).toEqual([
          ["one", false],
          ["two", true],
          ["one", true]
        ])
        expect(heard[2]?.body).toEqual(heard[0]?.body)
        expect(heard[0]?.headers["x-liveperson-signature"]).toMatch(/^sha1=[A-Za-z0-9+/]{27}=$/)
      })
  )

  it.effect("waits in line, happens as often as it says, and not any more when it has been cleared", () =>
    Effect.gen(function* () {
      const both = yield* heardWith(({ fault }) => [
        fault("webhook", Fault.loss(), { times: 2 }),
        fault("webhook", Fault.duplicate())
      ])
      expect(both.texts).toEqual(["three", "three", "four"])
      const none = yield* heardWith(({ clearFaults, fault }) => [
        fault("webhook", Fault.loss(), { times: 9 }),
        clearFaults
      ])
      expect(none.texts).toEqual(["one", "two", "three", "four"])
    })
  )

  it.effect("of a key waits for that key, and holds up none for another", () =>
    Effect.gen(function* () {
      const { deliver, heard } = listener()
      const webhooks = { ...texts(origin), [chat]: { endpoint: `${origin}/${chat}` } }
      yield* Effect.gen(function* () {
        const { fault } = yield* Simulator.Simulator
        const ada = yield* opened("Ada")
        yield* fault("webhook", Fault.loss(), { key: chat })
        yield* fault("webhook", Fault.duplicate(), { key: content })
        yield* ada.say("Hi")
        yield* ada.tell(publishEvent({ dialogId: ada.id, event: chatState("ACTIVE") }))
        yield* ada.tell(publishEvent({ dialogId: ada.id, event: chatState("PAUSE") }))
        yield* settle
      }).pipe(Effect.provide(Simulator.layer({ webhooks, deliver })))
      expect(heard.map(({ url }) => url.slice(origin.length + 1))).toEqual([content, content, chat])
    })
  )
})
