import { ConsumerId } from "@effect-liveperson/core/protocol"
import { Content } from "@effect-liveperson/gateway"
import { Fault } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import * as Cluster from "./cluster.ts"

const until = <A, E, R>(effect: Effect.Effect<A, E, R>, isSo: (value: A) => boolean) =>
  effect.pipe(
    Effect.filterOrFail(isSo),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("20 seconds"),
    Effect.orDie
  )

const consumer = ConsumerId.make("sms:+15550100")

const started = Effect.gen(function* () {
  const world = yield* Cluster.start({ runners: 1 })
  const client = world.clients[0] ?? (yield* Effect.die("no runner"))
  const params = { account: world.account, consumer }
  const texts = Effect.map(world.seen, (seen) => seen.get(consumer) ?? [])
  const open = Effect.map(world.simulator.conversations, (all) => all.find(({ state }) => state === "OPEN"))
  return { ...world, client, open, params, texts }
})

describe("what is asked of the gateway", () => {
  it.live(
    "once or often, at once or again: the same key is the same message",
    () =>
      Effect.gen(function* () {
        const { deliver, texts } = yield* started
        yield* Effect.all(
          Array.from({ length: 20 }, () => deliver(consumer, "m1", "Hi")),
          { concurrency: "unbounded" }
        )
        yield* deliver(consumer, "m2", "Still there?")
        yield* until(texts, ({ length }) => length === 2)
        yield* deliver(consumer, "m1", "Hi")
        yield* deliver(consumer, "m3", "Bye")
        yield* until(texts, ({ length }) => length >= 3)
        expect(yield* texts).toEqual(["Hi", "Still there?", "Bye"])
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "and LivePerson refuses is put aside, holds up nothing, and is delivered when it was corrected",
    () =>
      Effect.gen(function* () {
        const { client, deliver, params, texts } = yield* started
        yield* deliver(consumer, "m1", "Hi")
        // LivePerson's limit counts the request around the text.
        yield* deliver(consumer, "m2", "x".repeat(4_990))
        yield* deliver(consumer, "m3", "Bye")
        yield* until(texts, ({ length }) => length === 2)
        const [letter] = yield* client.consumers.deadLetters({ params })
        expect(letter).toMatchObject({ consumer, message: { id: "m2" } })
        expect(letter?.reason).toContain("5000")
        const content = Content.text("shorter")
        yield* client.consumers.replay({ params: { ...params, id: "m2" }, payload: { content } })
        yield* until(texts, ({ length }) => length === 3)
        expect(yield* texts).toEqual(["Hi", "Bye", "shorter"])
        expect(yield* client.consumers.deadLetters({ params })).toEqual([])
        expect(yield* client.consumers.state({ params })).toMatchObject({ messages: 0, deadLetters: 0, delivered: 3 })
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "for a conversation of which LivePerson knows no more goes on in another",
    () =>
      Effect.gen(function* () {
        const { client, deliver, params, simulator, texts } = yield* started
        yield* deliver(consumer, "m1", "Hi")
        yield* until(texts, ({ length }) => length === 1)
        yield* simulator.reset
        yield* deliver(consumer, "m2", "Still there?")
        yield* deliver(consumer, "m3", "Bye")
        yield* until(texts, ({ length }) => length === 2)
        expect(yield* texts).toEqual(["Still there?", "Bye"])
        expect(yield* client.consumers.deadLetters({ params })).toEqual([])
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "waits in its place while LivePerson takes nothing, and is sent once where the answer is lost",
    () =>
      Effect.gen(function* () {
        const { deliver, simulator, texts } = yield* started
        yield* deliver(consumer, "m0", "0")
        yield* until(texts, ({ length }) => length === 1)
        for (const fault of [
          Fault.status(429, { retryAfter: "1" }),
          Fault.status(500),
          Fault.drop({ processed: true }),
          Fault.drop(),
          Fault.status(504),
          Fault.revoke("app"),
          Fault.revoke("consumer")
        ]) {
          yield* simulator.fault("send", fault)
        }
        for (const text of ["1", "2", "3", "4"]) yield* deliver(consumer, text, text)
        yield* until(texts, ({ length }) => length === 5)
        expect(yield* texts).toEqual(["0", "1", "2", "3", "4"])
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("what an agent says", () => {
  it.live(
    "reaches the channel in order and with an id, however the webhooks come",
    () =>
      Effect.gen(function* () {
        const { deliver, open, posted, runners, simulator, texts, told } = yield* started
        yield* deliver(consumer, "m1", "Hi")
        yield* until(texts, ({ length }) => length === 1)
        const conversation = yield* until(open, (found) => found !== undefined)
        if (conversation === undefined) return
        yield* simulator.fault("webhook", Fault.duplicate(), { times: 2 })
        yield* simulator.fault("webhook", Fault.reorder())
        const agent = simulator.agent(conversation.id)
        const said = ["a", "b", "c", "d", "e"]
        for (const text of said) yield* agent.say(text)
        const heard = () =>
          told.flatMap(({ happening, id }) => (happening._tag === "Text" ? [{ id, text: happening.text }] : []))
        yield* until(Effect.sync(heard), ({ length }) => length >= said.length)
        const once = new Map(heard().map(({ id, text }) => [id, text]))
        expect([...once.values()]).toEqual(said)
        // All of it again, from the last to the first: nothing of it is news.
        const before = told.length
        const [runner] = runners
        for (const { body, headers } of posted.toReversed()) {
          const post = () => fetch(`${runner?.url}/liveperson`, { method: "POST", body, headers })
          expect(yield* Effect.promise(() => post().then(({ status }) => status))).toBe(200)
        }
        yield* agent.say("f")
        yield* until(Effect.sync(heard), (heard) => heard.some(({ text }) => text === "f"))
        expect(told.length).toBe(before + 1)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "reaches it while what the consumer says has to wait",
    () =>
      Effect.gen(function* () {
        const { deliver, open, simulator, texts, told } = yield* started
        yield* deliver(consumer, "m1", "Hi")
        yield* until(texts, ({ length }) => length === 1)
        const conversation = yield* until(open, (found) => found !== undefined)
        if (conversation === undefined) return
        yield* simulator.fault("send", Fault.status(429, { retryAfter: "60" }), { times: 100 })
        yield* deliver(consumer, "m2", "Are you there?")
        yield* Effect.sleep("500 millis")
        yield* simulator.agent(conversation.id).say("One moment")
        yield* until(
          Effect.sync(() => told),
          (events) => events.some(({ happening }) => happening._tag === "Text")
        )
        expect(yield* texts).toEqual(["Hi"])
      }).pipe(Effect.scoped),
    60_000
  )
})
