import { ControlApi, Fault, NodeSimulator, Simulator, State } from "@effect-liveperson/simulator"
import { describe, expect, it, layer } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { consume, ConsumerId, lookAt } from "./controlling.ts"
import { accountId, refusal } from "./support.ts"

const inProcess = Effect.provide(Simulator.layer())

const plain = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message }) as const

const action = Schema.decodeSync(ControlApi.ConsumerAction)

const ok = (body: object) => ({ status: 200, body: { code: "OK", body, reqId: expect.any(String) } })

/** What the agent sees of a consumer's last conversation. */
const seenOf = Effect.fnUntraced(function* (consumer: string) {
  const { conversations } = yield* Simulator.Simulator
  return (yield* conversations).findLast((one) => one.consumer === consumer) ?? expect.fail("There is none")
})

/** Which endpoints were called, and what they answered. */
const called = Effect.gen(function* () {
  const { calls } = yield* Simulator.Simulator
  return (yield* calls).map(({ endpoint, status }) => `${endpoint} ${status}`)
})

interface Expected {
  readonly body: object
  readonly events?: ReadonlyArray<object>
  readonly state?: object
}

/** Everything a consumer can do after Hi as number 0, and Hello of an agent as number 1. */
const actions: ReadonlyArray<readonly [name: string, action: ControlApi.ConsumerAction, expected: Expected]> = [
  ["Say", { _tag: "Say", text: "Well?" }, { body: { sequence: 2 }, events: [{ sequence: 2, event: plain("Well?") }] }],
  [
    "Typing",
    { _tag: "Typing", on: true },
    {
      body: { sequence: 0 },
      events: [{ sequence: undefined, event: { type: "ChatStateEvent", chatState: "COMPOSING" } }],
      state: { typing: true }
    }
  ],
  [
    "Typing no more",
    { _tag: "Typing", on: false },
    {
      body: { sequence: 0 },
      events: [{ event: { type: "ChatStateEvent", chatState: "PAUSE" } }],
      state: { typing: false }
    }
  ],
  [
    "Read",
    { _tag: "Read", sequences: [1] },
    {
      body: { sequence: 2 },
      events: [{ sequence: 2, event: { type: "AcceptStatusEvent", status: "READ", sequenceList: [1] } }]
    }
  ],
  [
    "Close",
    { _tag: "Close" },
    {
      body: { msg: "OK Conversation resolved successfully" },
      state: { state: "OPEN", dialogs: [{ state: "CLOSE" }, { dialogType: "POST_SURVEY", state: "OPEN" }] }
    }
  ],
  [
    "Close without a survey",
    { _tag: "Close", survey: false },
    {
      body: { msg: "OK Conversation resolved successfully" },
      state: { state: "CLOSE", closeReason: "CONSUMER", dialogs: [{ state: "CLOSE" }] }
    }
  ],
  [
    "Rate",
    { _tag: "Rate", csatRate: 4, resolved: true },
    {
      body: { msg: "OK Conversation updated successfully" },
      state: { csat: { csatRate: 4, csatResolutionConfirmation: true, status: "FILLED" } }
    }
  ]
]

describe("A consumer without a client", () => {
  it.effect("opens a conversation with all that a connector could say of it", () =>
    Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      const profile = { firstName: "Ada", lastName: "Lovelace" }
      const open = action({ _tag: "Open", profile, text: "Hi", skillId: "7", ttr: "URGENT" })
      const answer = (yield* consumer("Ada")(open)) ?? expect.fail("There is no answer")
      const seen = yield* seenOf("Ada")
      expect(answer).toMatchObject({ status: 200, conversationId: seen.id })
      expect(answer.body).toMatchObject([
        { code: "OK" },
        { code: "OK", body: { conversationId: seen.id } },
        { code: "OK", body: { sequence: 0 } }
      ])
      expect(seen).toMatchObject({
        account: accountId,
        profile,
        skillId: "7",
        ttr: { ttrType: "URGENT" },
        messages: [{ sequence: 0, text: "Hi" }]
      })
    }).pipe(inProcess)
  )

  it.effect("opens one in which nothing was said", () =>
    Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      expect((yield* consumer("Ada")({ _tag: "Open" }))?.body).toHaveLength(2)
      expect(yield* seenOf("Ada")).toMatchObject({ events: [], profile: {}, skillId: undefined, ttr: undefined })
    }).pipe(inProcess)
  )

  const opened = Effect.gen(function* () {
    const { agent, consumer } = yield* Simulator.Simulator
    const ada = consumer("Ada")
    yield* ada({ _tag: "Open", text: "Hi" })
    const { id } = yield* seenOf("Ada")
    yield* agent(id).say("Hello")
    return { ada, id }
  })

  it.effect.each(actions)("does %s, and is answered as a connector would be", ([, action, expected]) =>
    Effect.gen(function* () {
      const { ada, id } = yield* opened
      expect(yield* ada(action)).toEqual({ ...ok(expected.body), conversationId: id })
      const seen = yield* seenOf("Ada")
      const events = (expected.events ?? []).map((event) => ({ by: "CONSUMER", dialogId: id, ...event }))
      expect(seen.events.slice(2)).toMatchObject(events)
      expect(seen).toMatchObject(expected.state ?? {})
    }).pipe(Effect.provide(Simulator.layer({ survey: true })))
  )

  it.effect("goes on in the survey once the MAIN dialog is closed, and may rate when all is over", () =>
    Effect.gen(function* () {
      const { ada } = yield* opened
      yield* ada({ _tag: "Close" })
      const survey = (yield* seenOf("Ada")).dialogs[1]?.dialogId
      expect(yield* ada({ _tag: "Say", text: "5" })).toMatchObject(ok({ sequence: 0 }))
      expect((yield* seenOf("Ada")).events.at(-1)).toMatchObject({ dialogId: survey, event: plain("5") })
      yield* ada({ _tag: "Close" })
      expect((yield* seenOf("Ada")).state).toBe("CLOSE")
      expect((yield* ada({ _tag: "Rate", csatRate: 1, resolved: false }))?.status).toBe(200)
      expect((yield* seenOf("Ada")).csat?.csatRate).toBe(1)
    }).pipe(Effect.provide(Simulator.layer({ survey: true })))
  )

  it.effect("is refused as a connector would be, and everything is as it was", () =>
    Effect.gen(function* () {
      const { ada } = yield* opened
      const before = yield* seenOf("Ada")
      const again = yield* ada({ _tag: "Open", text: "Hi again" })
      expect(again).toMatchObject({ status: 400, conversationId: undefined, body: [{}, { code: "BAD_REQUEST" }, {}] })
      expect(yield* seenOf("Ada")).toEqual(before)
      yield* ada({ _tag: "Close", survey: false })
      const closed = yield* seenOf("Ada")
      expect(yield* ada({ _tag: "Say", text: "Hi" })).toMatchObject({ status: 400, conversationId: before.id })
      expect(yield* seenOf("Ada")).toEqual(closed)
      yield* ada({ _tag: "Open" })
      expect((yield* seenOf("Ada")).id).not.toBe(before.id)
    }).pipe(inProcess)
  )

  it.effect("can do nothing before a first conversation", () =>
    Effect.gen(function* () {
      const { conversations, consumer } = yield* Simulator.Simulator
      for (const [, action] of actions) expect(yield* consumer("Ada")(action)).toBeUndefined()
      expect(yield* conversations).toEqual([])
      expect(yield* called).toEqual([])
    }).pipe(inProcess)
  )

  it.effect("signs in once, again where a token is refused, and no oftener", () =>
    Effect.gen(function* () {
      const { clearWire, revoke } = yield* Simulator.Simulator
      const { ada } = yield* opened
      expect(yield* called).toEqual(["sentinel 200", "idp 201", "conversation 200"])
      yield* clearWire
      yield* ada({ _tag: "Say", text: "Well?" })
      expect(yield* called).toEqual(["send 200"])
      const again = ["send 401", "sentinel 200", "idp 201", "send 200"]
      for (const spoil of [revoke("app"), revoke("consumer"), TestClock.adjust("1 hour")]) {
        yield* spoil
        yield* clearWire
        expect((yield* ada({ _tag: "Say", text: "Well?" }))?.status).toBe(200)
        expect(yield* called).toEqual(again)
      }
    }).pipe(inProcess)
  )

  it.effect("signs in again, too, where it is the IDP that refuses a token", () =>
    Effect.gen(function* () {
      const { clearWire, consumer } = yield* Simulator.Simulator
      yield* opened
      yield* TestClock.adjust("1 hour")
      yield* clearWire
      expect((yield* consumer("Grace")({ _tag: "Open" }))?.status).toBe(200)
      expect(yield* called).toEqual(["idp 401", "sentinel 200", "idp 201", "conversation 200"])
    }).pipe(inProcess)
  )

  it.effect("is refused for good where new tokens are no better", () =>
    Effect.gen(function* () {
      const { clearWire, fault } = yield* Simulator.Simulator
      const { ada } = yield* opened
      yield* fault("send", Fault.revoke("consumer"), { every: 1 })
      yield* clearWire
      const answer = yield* ada({ _tag: "Say", text: "Well?" })
      expect(answer).toMatchObject({ status: 401, body: refusal(40103) })
      expect(yield* called).toEqual(["send 401", "sentinel 200", "idp 201", "send 401"])
    }).pipe(inProcess)
  )

  it.effect.each<readonly [at: Fault.Endpoint, fault: Fault.CallFault, answer: object, said: number]>([
    ["send", Fault.status(429, { body: { reason: "many" } }), { status: 429, body: { reason: "many" } }, 1],
    ["send", Fault.status(503), { status: 503, body: "" }, 1],
    ["send", Fault.garbage("<p>Sorry</p>"), { status: 200, body: "<p>Sorry</p>" }, 1],
    ["send", Fault.truncated(4), { status: 200, body: '{"co' }, 2],
    ["send", Fault.drop(), { status: "dropped", body: null }, 1],
    ["send", Fault.drop({ processed: true }), { status: "dropped", body: null }, 2]
  ])("feels a fault of %s (%j) as a connector would", ([at, fault, answer, said]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { ada, id } = yield* opened
      yield* simulator.fault(at, fault, { consumer: "Ada" })
      expect(yield* ada({ _tag: "Say", text: "Well?" })).toEqual({ ...answer, conversationId: id })
      expect((yield* seenOf("Ada")).messages).toHaveLength(said)
    }).pipe(inProcess)
  )

  it.effect.each([
    ["sentinel", Fault.status(500), { status: 500, body: "" }],
    ["sentinel", Fault.drop(), { status: "dropped", body: null }],
    ["idp", Fault.status(500), { status: 500, body: "" }],
    ["idp", Fault.garbage("{}", { contentType: "application/json" }), { status: 200, body: {} }],
    ["conversation", Fault.status(500), { status: 500, body: "" }]
  ] as const)("does not open where %s fails, is told so, and does the next time", ([at, fault, answer]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const ada = simulator.consumer("Ada")
      yield* simulator.fault(at, fault)
      expect(yield* ada({ _tag: "Open" })).toEqual({ ...answer, conversationId: undefined })
      expect(yield* simulator.conversations).toEqual([])
      expect(yield* ada({ _tag: "Open" })).toMatchObject({ status: 200 })
    }).pipe(inProcess)
  )

  it.effect("has opened a conversation even where the answer is lost, and goes on in it", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const ada = simulator.consumer("Ada")
      yield* simulator.fault("conversation", Fault.drop({ processed: true }))
      const dropped = { status: "dropped", body: null, conversationId: undefined }
      expect(yield* ada({ _tag: "Open", text: "Hi" })).toEqual(dropped)
      expect(yield* ada({ _tag: "Say", text: "Well?" })).toMatchObject(ok({ sequence: 1 }))
    }).pipe(inProcess)
  )

  it.effect("waits as long as a fault makes it wait, on the clock of the test", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const { ada } = yield* opened
      yield* fault("send", Fault.latency("40 seconds"))
      yield* fault("send", Fault.slowBody("20 seconds"))
      const saying = yield* Effect.forkChild(ada({ _tag: "Say", text: "Well?" }))
      yield* TestClock.adjust("59 seconds")
      expect(saying.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(saying)).toMatchObject(ok({ sequence: 2 }))
    }).pipe(inProcess)
  )

  it.effect("does not speak for another", () =>
    Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      yield* opened
      yield* consumer("Grace")({ _tag: "Open", text: "I am Grace" })
      yield* consumer("Grace")({ _tag: "Say", text: "still Grace" })
      expect((yield* seenOf("Ada")).messages.map(({ text }) => text)).toEqual(["Hi"])
      expect((yield* seenOf("Grace")).messages.map(({ text }) => text)).toEqual(["I am Grace", "still Grace"])
    }).pipe(inProcess)
  )

  it.effect("has a name, and is of an account: to say otherwise is a defect", () =>
    Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      const nameless = yield* Effect.exit(Effect.suspend(() => consumer("")({ _tag: "Open" })))
      expect(Exit.hasDies(nameless)).toBe(true)
      expect(yield* consumer("Ada", "87654321")({ _tag: "Open" })).toMatchObject({ status: 401 })
    }).pipe(inProcess)
  )
})

layer(NodeSimulator.layer(), { excludeTestServices: true })("Over the control API a consumer", (it) => {
  // Half of a letter cannot be written into a URL.
  const isWellFormed = Schema.makeFilter((name: string) => name.isWellFormed())
  const names = State.Conversation.fields.consumer.check(isWellFormed)

  let count = 0

  it.effect.prop(
    "does the same, whatever their name is",
    [names],
    ([name]) =>
      Effect.gen(function* () {
        // The same name may come twice.
        const consumer = ConsumerId.make(`${name}${(count += 1)}`)
        const { conversationId: id = "" } = yield* consume(consumer, { _tag: "Open", text: "Hi" })
        expect(yield* consume(consumer, { _tag: "Say", text: name })).toEqual({
          ...ok({ sequence: 1 }),
          conversationId: id
        })
        const seen = yield* lookAt(id)
        expect(seen.consumer).toBe(consumer)
        expect(seen.messages.map(({ text }) => text)).toEqual(["Hi", name])
      }),
    { arbitrary: { runs: 50 } }
  )
})
