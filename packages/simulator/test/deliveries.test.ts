import { Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { all, chat, content, conversation, listener, logged, opened, settle, textOf, texts } from "./hooks.ts"
import { chatState, publishEvent } from "./support.ts"

const origin = "https://connector.test"

const seconds = (times: ReadonlyArray<{ readonly at: number }>) => times.map(({ at }) => at / 1000)

/** Listens, and answers as it is told to: 500 until it is told otherwise. */
const moody = () => {
  const mood = { status: 500 }
  return { ...listener(() => Effect.sync(() => mood.status)), mood }
}

const inSimulator = (options: Simulator.Options) => Effect.provide(Simulator.layer(options))

describe("A delivery", () => {
  it.effect.each([
    [200, "Up"],
    [201, "Up"],
    [202, "Failed"],
    [204, "Failed"],
    [302, "Failed"],
    [404, "Failed"],
    [500, "Failed"]
  ] as const)(
    "that is answered with %i leaves its endpoint %s, and is not repeated unless asked for",
    ([status, state]) =>
      Effect.gen(function* () {
        const { deliver, heard } = listener(() => Effect.succeed(status))
        yield* Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const ada = yield* opened("Ada")
          yield* ada.say("Hi")
          yield* TestClock.adjust("1 day")
          expect(yield* logged).toEqual([{ attempt: 1, at: 0, status }])
          expect(yield* simulator.webhookStates).toEqual({ [content]: state })
        }).pipe(inSimulator({ webhooks: texts(origin), deliver }))
        expect(heard).toHaveLength(1)
      })
  )

  it.effect(
    "is logged with its key, its endpoint without what may be secret of it, its conversation and its type",
    () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const ada = yield* opened("Ada")
        yield* ada.say("Hi")
        const shared = {
          conversationId: ada.id,
          attempt: 1,
          at: 0,
          status: 200,
          endpoint: "https://connector.test/hook"
        }
        expect(yield* simulator.deliveries).toMatchObject([
          { ...shared, key: conversation, type: "UPSERT" },
          { ...shared, key: content, type: "ContentEvent" }
        ])
      }).pipe(
        inSimulator({
          webhooks: all(origin, { endpoint: "https://user:password@connector.test/hook?token=secret" }),
          deliver: listener().deliver
        })
      )
  )

  it.effect.each(["fails", "dies", "is left to nobody"])("that %s is dropped", (how) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      if (how !== "is left to nobody") {
        yield* simulator.subscribe(texts(origin), () => (how === "dies" ? Effect.die("?") : Effect.fail("?")))
      }
      const ada = yield* opened("Ada")
      yield* ada.say("Hi")
      yield* ada.say("Hi")
      expect((yield* logged).map(({ status }) => status)).toEqual(["dropped", "dropped"])
    }).pipe(inSimulator({ webhooks: texts(origin) }))
  )

  it.effect("may be made by a client in process", () =>
    Effect.gen(function* () {
      const requests: Array<unknown> = []
      const deliver = HttpClient.make((request, url) => {
        requests.push([request.method, url.href, request.headers["content-type"]])
        return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 201 })))
      })
      yield* Effect.gen(function* () {
        const ada = yield* opened("Ada")
        yield* ada.say("Hi")
        // A web response is read on the real clock.
        yield* TestClock.withLive(Effect.sleep("20 millis"))
        expect((yield* logged).map(({ status }) => status)).toEqual([201])
      }).pipe(inSimulator({ webhooks: texts(origin), deliver }))
      expect(requests).toEqual([["POST", `${origin}/${content}`, "application/json"]])
    })
  )

  it.effect("that takes more than five seconds has failed, and one that takes less has not", () =>
    Effect.gen(function* () {
      const ada = yield* opened("Ada")
      yield* ada.say("5001")
      yield* TestClock.adjust("10 seconds")
      yield* ada.say("4999")
      yield* TestClock.adjust("10 seconds")
      expect(yield* logged).toEqual([
        { attempt: 1, at: 0, status: "timeout" },
        { attempt: 1, at: 10_000, status: 200 }
      ])
    }).pipe(
      inSimulator({
        webhooks: texts(origin),
        deliver: listener((heard) => Effect.as(Effect.sleep(Number(textOf(heard))), 200)).deliver
      })
    )
  )

  it.effect("that is slow keeps those of its conversation waiting, and neither others nor any answer of the API", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { deliver, heard } = listener((one) =>
        textOf(one) === "slow" ? Effect.as(Deferred.await(gate), 200) : Effect.succeed(200)
      )
      yield* Effect.gen(function* () {
        const [ada, bob] = [yield* opened("Ada"), yield* opened("Bob")]
        yield* ada.say("slow")
        yield* ada.say("next")
        yield* bob.say("other")
        expect(heard.map(textOf)).toEqual(["slow", "other"])
        yield* Deferred.succeed(gate, undefined)
        yield* settle
        expect(heard.map(textOf)).toEqual(["slow", "other", "next"])
      }).pipe(inSimulator({ webhooks: texts(origin), deliver }))
    })
  )

  it.effect("is made when all of what is done has been done, so that an answer to it comes after", () =>
    Effect.gen(function* () {
      const { agent, deliveries, subscribe } = yield* Simulator.Simulator
      const ada = yield* opened("Ada")
      const { deliver } = listener(({ json }) =>
        JSON.stringify(json).includes('"skillId":"7"') || JSON.stringify(json).includes("ContentEvent")
          ? Effect.succeed(200)
          : Effect.as(agent(ada.id).transfer("7"), 200)
      )
      yield* subscribe(all(origin), deliver)
      yield* agent(ada.id).say("Hi")
      yield* settle
      expect((yield* deliveries).map(({ type }) => type)).toEqual(["UPSERT", "ContentEvent", "UPSERT"])
    }).pipe(inSimulator({}))
  )

  it.effect("that was on its way when the simulator stopped is not made any more", () =>
    Effect.gen(function* () {
      const { deliver, heard } = moody()
      const talk = Effect.flatMap(opened("Ada"), ({ say }) => say("Hi"))
      yield* Effect.provide(talk, Simulator.layer({ webhooks: texts(origin, { max_retries: 5 }), deliver }))
      yield* TestClock.adjust("1 hour")
      expect(heard).toHaveLength(1)
    })
  )
})

describe("Retry by number", () => {
  it.effect.each([1, 3, 5])("repeats %i times, 30 seconds apart, with the same bytes, and then gives up", (times) =>
    Effect.gen(function* () {
      const { deliver, heard } = moody()
      yield* Effect.gen(function* () {
        const ada = yield* opened("Ada")
        yield* ada.say("Hi")
        yield* TestClock.adjust("1 hour")
        expect((yield* logged).map(({ attempt }) => attempt)).toEqual(heard.map((_, nth) => nth + 1))
      }).pipe(inSimulator({ webhooks: texts(origin, { max_retries: times }), deliver }))
      expect(seconds(heard)).toEqual([0, 30, 60, 90, 120, 150].slice(0, times + 1))
      expect(new Set(heard.map(({ body }) => Buffer.from(body).toString("hex"))).size).toBe(1)
      expect(new Set(heard.map(({ headers }) => headers["x-liveperson-signature"])).size).toBe(1)
    })
  )

  it.effect("keeps no order: what comes next does not wait", () =>
    Effect.gen(function* () {
      const { deliver, heard, mood } = moody()
      yield* Effect.gen(function* () {
        const { webhookStates } = yield* Simulator.Simulator
        const ada = yield* opened("Ada")
        yield* ada.say("one")
        expect(yield* webhookStates).toEqual({ [content]: "Failed" })
        mood.status = 200
        yield* ada.say("two")
        expect(heard.map(textOf)).toEqual(["one", "two"])
        expect(yield* webhookStates).toEqual({ [content]: "InTransition" })
        yield* TestClock.adjust("30 seconds")
        expect(heard.map(textOf)).toEqual(["one", "two", "one"])
        expect(yield* webhookStates).toEqual({ [content]: "Recovered" })
        yield* ada.say("three")
        expect(yield* webhookStates).toEqual({ [content]: "Up" })
      }).pipe(inSimulator({ webhooks: texts(origin, { max_retries: 2 }), deliver }))
    })
  )
})

describe("Retry by time", () => {
  const retry = (retention_time: number): Webhooks.Webhooks => ({ retry: { retention_time } })

  it.effect.each([
    [2, [0, 2]],
    [5, [0, 2]],
    [6, [0, 2, 6]],
    [1500, [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110, 1410]]
  ] as const)("of %i seconds doubles the pauses up to five minutes and then stops: %j", ([time, times]) =>
    Effect.gen(function* () {
      const { deliver, heard } = moody()
      yield* Effect.gen(function* () {
        const ada = yield* opened("Ada")
        yield* ada.say("Hi")
        yield* TestClock.adjust("1 hour")
      }).pipe(inSimulator({ webhooks: texts(origin, {}, retry(time)), deliver }))
      expect(seconds(heard)).toEqual(times)
    })
  )

  it.effect("overrides a number, except a number of none", () =>
    Effect.gen(function* () {
      for (const [max_retries, times] of [
        [5, [0, 2, 6]],
        [0, [0]]
      ] as const) {
        const { deliver, heard } = moody()
        const options = { webhooks: texts(origin, { max_retries }, retry(10)), deliver }
        yield* Effect.gen(function* () {
          const start = yield* TestClock.testClockWith((clock) => clock.currentTimeMillis)
          const ada = yield* opened("Ada")
          yield* ada.say("Hi")
          yield* TestClock.adjust("1 hour")
          expect(heard.map(({ at }) => (at - start) / 1000)).toEqual(times)
        }).pipe(inSimulator(options))
      }
    })
  )

  it.effect("keeps the order of a conversation, whatever the key, and leaves other conversations alone", () =>
    Effect.gen(function* () {
      const broken = { is: true }
      const { deliver, heard } = listener(({ url, json }) =>
        Effect.sync(() => (broken.is && url.endsWith("ContentEvent") && textOf({ json }).startsWith("ada") ? 503 : 200))
      )
      yield* Effect.gen(function* () {
        const { webhookStates } = yield* Simulator.Simulator
        const [ada, bob] = [yield* opened("Ada"), yield* opened("Bob")]
        yield* ada.say("ada 1")
        yield* ada.say("ada 2")
        yield* ada.tell(publishEvent({ dialogId: ada.id, event: chatState("ACTIVE") }))
        yield* bob.say("bob 1")
        yield* settle
        const said = () => heard.map(({ json, url }) => (url.endsWith(chat) ? "chat" : textOf({ json })))
        expect(said()).toEqual(["ada 1", "bob 1"])
        expect(yield* webhookStates).toEqual({ [content]: "InTransition", [chat]: "Up" })
        yield* TestClock.adjust("2 seconds")
        expect(said()).toEqual(["ada 1", "bob 1", "ada 1"])
        expect(yield* webhookStates).toEqual({ [content]: "Failed", [chat]: "Up" })
        broken.is = false
        yield* bob.say("bob 2")
        expect(yield* webhookStates).toEqual({ [content]: "InTransition", [chat]: "Up" })
        yield* TestClock.adjust("4 seconds")
        expect(said()).toEqual(["ada 1", "bob 1", "ada 1", "bob 2", "ada 1", "ada 2", "chat"])
        expect(yield* webhookStates).toEqual({ [content]: "Recovered", [chat]: "Up" })
        yield* ada.say("ada 3")
        expect(yield* webhookStates).toEqual({ [content]: "Up", [chat]: "Up" })
      }).pipe(
        inSimulator({
          webhooks: { ...texts(origin), [chat]: { endpoint: `${origin}/${chat}` }, ...retry(60) },
          deliver
        })
      )
    })
  )

  it.effect("gives up what is too old, posts what waited behind it at least once, and goes on", () =>
    Effect.gen(function* () {
      const { deliver, heard, mood } = moody()
      yield* Effect.gen(function* () {
        const ada = yield* opened("Ada")
        yield* ada.say("one")
        yield* TestClock.adjust("1 second")
        yield* ada.say("two")
        yield* TestClock.adjust("1 minute")
        mood.status = 200
        yield* ada.say("three")
        expect(heard.map((one) => [textOf(one), one.at / 1000])).toEqual([
          ["one", 0],
          ["one", 2],
          ["one", 6],
          ["two", 6],
          ["two", 8],
          ["three", 61]
        ])
      }).pipe(inSimulator({ webhooks: texts(origin, {}, retry(8)), deliver }))
    })
  )
})

describe("A subscription", () => {
  it.effect("that comes later counts from then on, and another takes its place", () =>
    Effect.gen(function* () {
      const { subscribe, webhookStates } = yield* Simulator.Simulator
      const [first, second] = [listener(), listener()]
      const ada = yield* opened("Ada")
      yield* ada.say("before")
      yield* subscribe(texts("https://one.test"), first.deliver)
      yield* ada.say("one")
      yield* subscribe(texts("https://two.test"))
      yield* ada.say("two")
      yield* subscribe(texts("https://three.test"), second.deliver)
      yield* ada.say("three")
      yield* subscribe({})
      yield* ada.say("after")
      expect(first.heard.map((one) => [one.url.slice(0, 15), textOf(one)])).toEqual([
        ["https://one.tes", "one"],
        ["https://two.tes", "two"]
      ])
      expect(second.heard.map(textOf)).toEqual(["three"])
      expect(yield* webhookStates).toEqual({})
    }).pipe(inSimulator({}))
  )

  it.effect("does not bring what happened before it, even where something still waits to be delivered", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const { deliver, heard } = listener(() => Effect.as(Deferred.await(gate), 200))
      yield* Effect.gen(function* () {
        const { agent, subscribe } = yield* Simulator.Simulator
        const ada = yield* opened("Ada")
        yield* ada.say("one")
        yield* agent(ada.id).join
        yield* agent(ada.id).typing
        yield* subscribe(all(origin))
        yield* Deferred.succeed(gate, undefined)
        yield* ada.say("two")
      }).pipe(inSimulator({ webhooks: texts(origin), deliver }))
      expect(heard.map(({ url }) => url.slice(origin.length + 1))).toEqual([content, content])
    })
  )

  it.effect("is where what has yet to be delivered goes, or nowhere", () =>
    Effect.gen(function* () {
      const { subscribe, webhookStates } = yield* Simulator.Simulator
      const [down, up] = [moody(), listener()]
      const retry = { retry: { retention_time: 3600 } }
      yield* subscribe(texts("https://one.test", {}, retry), down.deliver)
      const ada = yield* opened("Ada")
      yield* ada.say("one")
      yield* subscribe(texts("https://two.test", {}, retry), up.deliver)
      yield* TestClock.adjust("2 seconds")
      expect(up.heard.map(textOf)).toEqual(["one"])
      yield* subscribe(texts("https://one.test", {}, retry), down.deliver)
      yield* ada.say("two")
      yield* subscribe({})
      yield* TestClock.adjust("1 minute")
      expect(down.heard.map(textOf)).toEqual(["one", "two"])
      yield* subscribe(texts("https://two.test"), up.deliver)
      yield* ada.say("three")
      expect(up.heard.map(textOf)).toEqual(["one", "three"])
      expect(yield* webhookStates).toEqual({ [content]: "Up" })
    }).pipe(inSimulator({}))
  )

  it.effect.each([
    texts("ftp://connector.test"),
    texts(origin, { max_retries: 6 }),
    texts(origin, { max_retries: -1 }),
    texts(origin, {}, { retry: { retention_time: 1 } }),
    texts(origin, {}, { retry: { retention_time: 259_201 } })
  ])("with a mistake in it is refused: %j", (webhooks) =>
    Effect.gen(function* () {
      const { subscribe } = yield* Simulator.Simulator
      const exit = yield* Effect.exit(subscribe(webhooks))
      expect(exit._tag).toBe("Failure")
    }).pipe(inSimulator({}))
  )
})
