import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { listener, opened, settle, textOf, texts } from "./hooks.ts"
import { accepted, chatState, publishEvent, say, text, told } from "./support.ts"

const inProcess = Effect.provide(Simulator.layer())

const one = Effect.gen(function* () {
  const { conversations } = yield* Simulator.Simulator
  const [state] = yield* conversations
  return state ?? expect.fail("There is no conversation")
})

describe("An agent", () => {
  it.effect("takes numbers from the same count as the consumer, in what is answered and in what is delivered", () => {
    const { deliver, heard } = listener()
    return Effect.gen(function* () {
      const { agent } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      const grace = agent(ada.id)
      expect(told(yield* ada.tell(say(ada.id, "one")))).toStrictEqual(accepted({ sequence: 0 }))
      expect(yield* grace.say("two")).toBe(1)
      yield* grace.typing
      expect(yield* grace.accept([0])).toBe(2)
      expect(yield* grace.read([0])).toBe(3)
      expect(told(yield* ada.tell(say(ada.id, "five")))).toStrictEqual(accepted({ sequence: 4 }))
      expect(yield* grace.note("six")).toBe(5)
      yield* settle
      expect(heard.map(textOf)).toEqual(["one", "two", "five", "six"])
      expect(
        (yield* one).events.map(({ by, event, messageAudience, sequence }) => [
          by,
          event.type,
          sequence,
          messageAudience
        ])
      ).toEqual([
        ["CONSUMER", "ContentEvent", 0, "ALL"],
        ["ASSIGNED_AGENT", "ContentEvent", 1, "ALL"],
        ["ASSIGNED_AGENT", "ChatStateEvent", undefined, "ALL"],
        ["ASSIGNED_AGENT", "AcceptStatusEvent", 2, "ALL"],
        ["ASSIGNED_AGENT", "AcceptStatusEvent", 3, "ALL"],
        ["CONSUMER", "ContentEvent", 4, "ALL"],
        ["ASSIGNED_AGENT", "ContentEvent", 5, "AGENTS_AND_MANAGERS"]
      ])
    }).pipe(Effect.provide(Simulator.layer({ webhooks: texts("https://connector.test"), deliver })))
  })

  it.effect("leaves the consumer's messages and typing to the consumer", () =>
    Effect.gen(function* () {
      const { agent } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      yield* ada.say("Hi")
      yield* agent(ada.id).say("Hello")
      yield* agent(ada.id).typing
      expect(yield* one).toMatchObject({ messages: [{ sequence: 0, text: "Hi" }], typing: false })
      yield* ada.tell(publishEvent({ dialogId: ada.id, event: chatState("COMPOSING") }))
      yield* agent(ada.id).stopTyping
      expect((yield* one).typing).toBe(true)
    }).pipe(inProcess)
  )

  it.effect("joins by speaking, takes over from another, and is gone after a transfer", () =>
    Effect.gen(function* () {
      const { agent } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      const assigned = Effect.map(one, ({ agentId, skillId }) => [agentId, skillId])
      expect(yield* assigned).toEqual([undefined, undefined])
      yield* agent(ada.id).say("Hi")
      expect(yield* assigned).toEqual(["simulator-agent", undefined])
      yield* agent(ada.id, "grace").join
      expect(yield* assigned).toEqual(["grace", undefined])
      yield* agent(ada.id, "grace").transfer("7")
      expect(yield* assigned).toEqual([undefined, "7"])
    }).pipe(inProcess)
  )

  it.effect.each([true, false])("closes the MAIN dialog, then the survey where there is one: %s", (survey) =>
    Effect.gen(function* () {
      const { agent } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      const dialogs = Effect.map(one, ({ closeReason, dialogs }) => [closeReason, ...dialogs.map(({ state }) => state)])
      yield* agent(ada.id).close
      expect(yield* dialogs).toEqual(survey ? [undefined, "CLOSE", "OPEN"] : ["AGENT", "CLOSE"])
      if (!survey) return
      expect(yield* agent(ada.id).say("How was it?")).toBe(0)
      expect((yield* one).events.at(-1)).toMatchObject({ by: "AGENT", dialogId: (yield* one).dialogs[1]?.dialogId })
      yield* agent(ada.id).close
      expect(yield* dialogs).toEqual(["AGENT", "CLOSE", "CLOSE"])
    }).pipe(Effect.provide(Simulator.layer({ survey })))
  )

  it.effect("can do nothing in a conversation that is closed or does not exist", () =>
    Effect.gen(function* () {
      const { agent, close } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      yield* close(ada.id)
      for (const id of [ada.id, "nowhere"]) {
        const { accept, join, note, read, say, send, stopTyping, transfer, typing, ...rest } = agent(id)
        const verbs = [join, say("?"), note("?"), send(text()), typing, stopTyping, accept([]), read([]), transfer("7")]
        for (const verb of [...verbs, rest.close]) {
          expect(yield* Effect.flip<unknown, unknown, never>(verb)).toMatchObject({
            _tag: "NotOpen",
            conversationId: id
          })
        }
      }
      expect((yield* one).events).toEqual([])
    }).pipe(inProcess)
  )

  it.effect("can be a script that answers what consumers say", () =>
    Effect.gen(function* () {
      const { agent, events } = yield* Simulator.Simulator
      const script = yield* events.pipe(
        Stream.runForEach(({ conversationId, event, sequence = 0 }) =>
          event.type === "ContentEvent" && event.contentType === "text/plain"
            ? Effect.andThen(
                agent(conversationId).read([sequence]),
                agent(conversationId).say(`You said ${event.message}`)
              )
            : Effect.void
        ),
        Effect.forkChild
      )
      yield* settle
      const [ada, bob] = [yield* opened("Ada"), yield* opened("Bob")]
      yield* ada.say("Hi")
      yield* bob.say("Hello")
      const { conversations } = yield* Simulator.Simulator
      expect((yield* conversations).map(({ events }) => events.at(-1)?.event)).toEqual([
        text("You said Hi"),
        text("You said Hello")
      ])
      yield* Fiber.interrupt(script)
    }).pipe(inProcess)
  )

  it.effect("hears of consumers alone, and no more when the simulator has stopped", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.gen(function* () {
        const { agent, events } = yield* Simulator.Simulator
        const fiber = yield* Effect.forkDetach(Stream.runCollect(events))
        yield* settle
        const ada = yield* opened("Ada")
        yield* ada.say("Hi")
        yield* agent(ada.id).say("Hello")
        return fiber
      }).pipe(inProcess)
      expect(yield* Fiber.await(fiber)).toMatchObject({ _tag: "Success", value: [{ by: "CONSUMER", event: text() }] })
    })
  )
})
