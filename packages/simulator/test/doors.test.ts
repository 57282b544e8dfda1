import { Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema, Stream } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { createHmac } from "node:crypto"
import { control } from "./controlling.ts"
import { sendInProcess, server, settle, texts, until } from "./hooks.ts"
import { accountId, type Answer, ask, clientSecret, send, uploadUrl } from "./support.ts"
import { openedBy, type Send, signInBy } from "./ways.ts"

const inProcess = Effect.provide(Simulator.layer())

const FileUrl = Schema.Struct({
  body: Schema.Struct({ relativePath: Schema.String, queryParams: Schema.Record(Schema.String, Schema.String) })
})

/** The status and the text of an answer, or that there was none. */
const outcome = <E, R>(sending: Effect.Effect<Answer, E, R>) =>
  Effect.map(Effect.exit(sending), (exit) =>
    Exit.isSuccess(exit)
      ? { status: exit.value.status, text: new TextDecoder().decode(exit.value.bytes) }
      : { status: "dropped", text: "" }
  )

const usual = '{"code":"OK","body":{"sequence":0},"reqId":"1,"}'

/** Every fault of a call, what SEND answers under it, and whether the message was taken. */
const kinds: ReadonlyArray<
  readonly [name: string, fault: Fault.CallFault, status: number | string, text: string, processed: boolean]
> = [
  ["a status", Fault.status(503), 503, "", false],
  ["a status with a body", Fault.status(500, { body: { reason: "x" } }), 500, '{"reason":"x"}', false],
  ["latency", Fault.latency("2 millis"), 200, usual, true],
  ["latency between limits", Fault.latency({ min: 1, max: 3 }), 200, usual, true],
  ["latency around a mean", Fault.latency({ mean: 2, deviation: 1 }), 200, usual, true],
  ["latency that is mostly short", Fault.latency({ mean: 1 }), 200, usual, true],
  ["a drop before", Fault.drop(), "dropped", "", false],
  ["a drop after", Fault.drop({ processed: true }), "dropped", "", true],
  ["a short body", Fault.truncated(), 200, usual.slice(0, 10), true],
  ["a body of nothing", Fault.truncated(0), 200, "", true],
  ["a body cut after its end", Fault.truncated(1000), 200, usual, true],
  ["garbage before", Fault.garbage("<p>", { status: 502 }), 502, "<p>", false],
  ["garbage after", Fault.garbage("<p>", { processed: true }), 200, "<p>", true],
  ["a slow body", Fault.slowBody("20 millis"), 200, usual, true]
]

/** What came of a fault of SEND, and of the call after it. */
const storyOf = Effect.fnUntraced(function* <E, R>(send: Send<E, R>, fault: Fault.CallFault) {
  const simulator = yield* Simulator.Simulator
  const { id, says } = yield* openedBy(send)
  const rule = yield* simulator.fault("send", fault)
  const first = yield* outcome(says("one"))
  const row = (yield* simulator.calls).find(({ endpoint }) => endpoint === "send")
  expect(row).toMatchObject({ status: first.status, fault: rule.id })
  const taken = (yield* simulator.conversation(id))?.messages.length === 1
  const next = yield* outcome(says("two"))
  expect(yield* simulator.faults).toEqual([])
  return { ...first, taken, next: next.text.includes(`"sequence":${taken ? 1 : 0}`) }
})

describe("A fault of a call", () => {
  it.live.each(kinds)("of %s does the same in process and on a socket", ([, fault, status, text, taken]) =>
    Effect.gen(function* () {
      const expected = { status, text, taken, next: true }
      expect(yield* Effect.provide(storyOf(sendInProcess, fault), Simulator.layer())).toEqual(expected)
      expect(yield* Effect.provide(storyOf(send, fault), NodeSimulator.layer())).toEqual(expected)
    })
  )

  it.live.each([
    ["is put before the connection breaks", Fault.drop({ processed: true }), true],
    ["is not put after it", Fault.drop(), false],
    ["is not put where a status is answered", Fault.status(500), false]
  ] as const)("of the storage: a file %s", ([, fault, isThere]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const headers = yield* signInBy(send)
      const { body } = yield* send(ask.send(headers, JSON.stringify(uploadUrl({ fileSize: 3, fileType: "PNG" }))))
      const { queryParams, relativePath } = Schema.decodeUnknownSync(FileUrl)(body).body
      yield* simulator.fault("storage", fault)
      const path = `${relativePath}?${new URLSearchParams(queryParams).toString()}`
      yield* Effect.exit(send({ method: "PUT", path, body: Uint8Array.of(1, 2, 3) }))
      expect(yield* simulator.file(relativePath)).toEqual(isThere ? Uint8Array.of(1, 2, 3) : undefined)
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )

  it.effect.each([
    ["app", 40102],
    ["consumer", 40103]
  ] as const)("of revoking %s tokens refuses those that were issued, from this call on", ([kind, errorCode]) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const old = yield* openedBy(sendInProcess)
      yield* simulator.fault("domains", Fault.revoke(kind))
      expect((yield* old.says("before")).status).toBe(200)
      expect((yield* sendInProcess(ask.domain("idp"))).status).toBe(200)
      expect((yield* old.says("after")).body).toMatchObject({ body: { errorCode } })
      const grace = yield* openedBy(sendInProcess, "Grace")
      expect((yield* grace.says("new")).status).toBe(200)
      // The call that it acts on is refused already.
      yield* simulator.fault("send", Fault.revoke(kind))
      expect((yield* grace.says("now")).body).toMatchObject({ body: { errorCode } })
    }).pipe(inProcess)
  )

  it.effect("of a slow body begins at once, and is over when its time is", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      yield* simulator.fault("domains", Fault.slowBody("10 seconds"))
      const { status, stream } = yield* HttpClient.get(`https://api.liveperson.net${ask.domains().path}`)
      expect(status).toBe(200)
      expect(yield* simulator.calls).toMatchObject([{ status: "waiting" }])
      let read = 0
      const reading = yield* Stream.runForEach(stream, (chunk) => Effect.sync(() => (read += chunk.length))).pipe(
        Effect.forkChild
      )
      const sizes: Array<number> = []
      for (let second = 0; second < 10; second += 1) {
        yield* TestClock.adjust("1 second")
        yield* settle
        sizes.push(read)
      }
      const whole = sizes.at(-1) ?? 0
      expect(whole).toBe((yield* sendInProcess(ask.domains())).bytes.length)
      const [first = 0] = sizes
      expect(sizes).toEqual(Array.from({ length: 10 }, (_, nth) => Math.min(whole, first * (nth + 1))))
      yield* Fiber.join(reading)
      expect((yield* simulator.calls)[0]).toMatchObject({ status: 200, millis: 10_000 })
    }).pipe(
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      inProcess
    )
  )

  it.effect("of a slow body that nobody waits for is logged as one that was not answered", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      yield* simulator.fault("domains", Fault.slowBody("10 seconds"))
      const asking = yield* Effect.forkChild(sendInProcess(ask.domains()))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.interrupt(asking)
      expect(yield* simulator.calls).toMatchObject([{ status: "dropped", millis: 5000 }])
    }).pipe(inProcess)
  )

  it.effect("of latency or revoking acts beside the one that follows, and of others the first acts alone", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { id, says } = yield* openedBy(sendInProcess)
      yield* simulator.fault("send", Fault.latency("1 second"))
      yield* simulator.fault("send", Fault.latency("2 seconds"), { times: 2 })
      yield* simulator.fault("send", Fault.status(500))
      yield* simulator.fault("send", Fault.revoke("app"), { times: 9 })
      yield* simulator.fault("send", Fault.drop())
      yield* simulator.clearWire
      const saying = yield* Effect.forkChild(
        Effect.forEach(["one", "two", "three"], (text) => outcome(says(text)), { concurrency: 1 })
      )
      yield* TestClock.adjust("1 minute")
      expect((yield* Fiber.join(saying)).map(({ status }) => status)).toEqual([500, "dropped", 401])
      expect((yield* simulator.calls).map(({ fault, millis }) => [fault, millis])).toEqual([
        [3, 3000],
        [5, 2000],
        [4, 0]
      ])
      expect((yield* simulator.conversation(id))?.messages).toEqual([])
    }).pipe(inProcess)
  )
})

const small = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }))

/** A rule as each door is told it. */
const rules = Schema.Struct({
  on: Schema.Literals(["any", "send", "domains", "conversation"]),
  kind: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: kinds.length - 1 })),
  when: Schema.Union([
    Schema.TaggedStruct("Next", { times: small(3) }),
    Schema.TaggedStruct("Every", { nth: small(3) }),
    Schema.TaggedStruct("Chance", { probability: Schema.Literals([0, 0.5, 1]) })
  ]),
  account: Schema.optionalKey(Schema.Literals([accountId, "87654321"])),
  consumer: Schema.optionalKey(Schema.Literals(["Ada", "Grace"]))
})

const decodeRule = Schema.decodeUnknownSync(Schema.toType(Fault.Rule))

const ruleOf = ({ kind, ...rest }: typeof rules.Type): Fault.Rule =>
  decodeRule({ ...rest, fault: kinds[kind]?.[1] ?? Fault.drop() })

/** Gives a rule by each of the three doors. */
const doors = {
  options: ({ account, consumer, kind, on, when }: typeof rules.Type) =>
    Simulator.Simulator.use(({ fault }) =>
      fault(on, kinds[kind]?.[1] ?? Fault.drop(), {
        ...(when._tag === "Next" ? { times: when.times } : {}),
        ...(when._tag === "Every" ? { every: when.nth } : {}),
        ...(when._tag === "Chance" ? { probability: when.probability } : {}),
        ...(account === undefined ? {} : { account }),
        ...(consumer === undefined ? {} : { consumer })
      })
    ),
  rule: (rule: typeof rules.Type) => Simulator.Simulator.use(({ addFault }) => addFault(ruleOf(rule)))
}

/** What Ada and Grace, by turns and without a client, see under a rule, and what is left of it. */
const seenUnder = Effect.fnUntraced(function* <E, R>(door: Effect.Effect<Fault.ActiveRule, E, R>) {
  const { calls, consumer, conversations, faults } = yield* Simulator.Simulator
  const rule = yield* door
  const answers: Array<unknown> = []
  for (const text of ["one", "two", "three"]) {
    for (const name of ["Ada", "Grace"]) {
      const there = (yield* conversations).some((one) => one.consumer === name)
      answers.push(yield* consumer(name)(there ? { _tag: "Say", text } : { _tag: "Open", text }))
    }
  }
  const messages = (yield* conversations).map(({ messages }) => messages)
  const log = (yield* calls).map(({ endpoint, fault, status }) => [endpoint, fault, status])
  return { rule, answers, messages, log, left: yield* faults }
})

describe("The doors", () => {
  it.live.prop(
    "of faults have the same effect: an option, a rule, and the control API, in process and on a socket",
    [rules],
    ([rule]) =>
      Effect.gen(function* () {
        const seed = "doors"
        const options = yield* Effect.provide(seenUnder(doors.options(rule)), Simulator.layer({ seed }))
        const byRule = yield* Effect.provide(seenUnder(doors.rule(rule)), Simulator.layer({ seed }))
        const byApi = yield* Effect.gen(function* () {
          const { faults } = yield* control
          return yield* seenUnder(faults.add({ payload: ruleOf(rule) }))
        }).pipe(Effect.provide(NodeSimulator.layer({ seed })))
        expect(byRule).toEqual(options)
        expect(byApi).toEqual(options)
        expect(options.rule).toEqual({ ...ruleOf(rule), id: 1, asked: 0, acted: 0 })
      }),
    { arbitrary: { runs: 30 } }
  )
})

const signature = (body: Uint8Array) => `sha1=${createHmac("sha1", clientSecret).update(body).digest("base64")}`

const Posted = Schema.fromJsonString(
  Schema.Struct({
    body: Schema.Struct({
      changes: Schema.Tuple([Schema.Struct({ event: Schema.Struct({ message: Schema.String }) })])
    })
  })
)

describe("A fault of a delivery", () => {
  it.live.each([
    ["loss", Fault.loss(), ["two", "three"]],
    ["duplication", Fault.duplicate(3), ["one", "one", "one", "two", "three"]],
    ["delay", Fault.delay("30 millis"), ["one", "two", "three"]],
    ["order", Fault.reorder(), ["two", "one", "three"]],
    ["its signature", Fault.wrongSignature(), ["not one", "two", "three"]]
  ] as const)("of %s does on a socket, by the control API, what it does in process", ([, fault, expected]) =>
    Effect.gen(function* () {
      const { consumer } = yield* Simulator.Simulator
      const { faults, subscribe } = yield* control
      const { received, url } = yield* server()
      yield* subscribe({ payload: texts(url) })
      yield* faults.add({ payload: { on: "webhook", fault, when: { _tag: "Next", times: 1 } } })
      yield* consumer("Ada")({ _tag: "Open", text: "one" })
      for (const text of ["two", "three"]) yield* consumer("Ada")({ _tag: "Say", text })
      yield* until(() => received.length >= expected.length)
      const heard = received.map(({ body, headers }) => {
        const text = Schema.decodeUnknownSync(Posted)(body.toString()).body.changes[0].event.message
        return headers["x-liveperson-signature"] === signature(body) ? text : `not ${text}`
      })
      expect(heard).toEqual(expected)
      expect(yield* faults.list()).toEqual([])
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )
})
