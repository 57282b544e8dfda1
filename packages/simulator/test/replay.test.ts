import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { control, ConsumerId } from "./controlling.ts"
import { all, listener, sendInProcess, server } from "./hooks.ts"
import { calls as operatorCalls, loginWith, manifest } from "./operators.ts"
import { play, ruleOf, Script } from "./scripts.ts"
import { ask, uploadUrl } from "./support.ts"
import { signInBy } from "./ways.ts"

/** Everything that there is to be known of a run that was played in process. */
const transcript = (script: Script, seed: string) => {
  // Every third notification has to be posted again.
  const { deliver, heard } = listener(() => Effect.succeed(heard.length % 3 === 0 ? 503 : 200))
  const options = { seed, survey: true, webhooks: all("https://connector.test", { max_retries: 2 }), deliver }
  return Effect.gen(function* () {
    yield* TestClock.setTime(0)
    const { conversations, exchange, faults, info, summaries, wire } = yield* Simulator.Simulator
    const came = yield* play(script)
    yield* TestClock.adjust("10 minutes")
    const rows = yield* wire
    return {
      came,
      rows,
      exchanges: yield* Effect.forEach(rows, ({ id }) => exchange(id)),
      conversations: yield* conversations,
      summaries: yield* summaries,
      faults: yield* faults,
      info: yield* info,
      heard
    }
  }).pipe(Effect.provide(Simulator.layer(options)))
}

describe("A run", () => {
  it.effect.prop(
    "is the same again, played with the same seed",
    [Script],
    ([script]) =>
      Effect.gen(function* () {
        const first = yield* transcript(script, "seed")
        expect(yield* transcript(script, "seed")).toEqual(first)
      }),
    { arbitrary: { runs: 60, size: 40 } }
  )

  it.effect("has other ids with another seed, and nothing else is otherwise", () =>
    Effect.gen(function* () {
      const script: Script = [
        { _tag: "Consume", who: "Ada", action: { _tag: "Open", text: "Hi" } },
        { _tag: "Act", who: "Ada", action: { _tag: "Say", text: "Hello" } },
        { _tag: "Act", who: "Ada", action: { _tag: "Close" } },
        { _tag: "Consume", who: "Ada", action: { _tag: "Say", text: "5" } },
        { _tag: "Consume", who: "Grace", action: { _tag: "Open", text: "Hi" } }
      ]
      const [one, other] = [yield* transcript(script, "one"), yield* transcript(script, "other")]
      const idsOf = ({ conversations }: typeof one) =>
        conversations.flatMap(({ dialogs, id }) => [id, ...dialogs.slice(1).map(({ dialogId }) => dialogId)])
      expect(idsOf(one)).toHaveLength(3)
      expect(new Set([...idsOf(one), ...idsOf(other)]).size).toBe(6)
      // With the ids called alike, the runs are.
      const named = (run: typeof one) =>
        idsOf(run).reduce((text, id, nth) => text.replaceAll(id, `id ${nth}`), JSON.stringify(run.conversations))
      expect(named(other)).toBe(named(one))
      expect(other.rows.map(({ status }) => status)).toEqual(one.rows.map(({ status }) => status))
    })
  )

  it.effect("answers a client the same: tokens, the URLs of files, sessions, and what an operator is told", () =>
    Effect.gen(function* () {
      const answers = (seed: string) =>
        Effect.gen(function* () {
          const headers = yield* signInBy(sendInProcess)
          const login = yield* sendInProcess(loginWith({ username: "Grace", password: "secret" }))
          const { bearer } = Schema.decodeUnknownSync(Schema.Struct({ bearer: Schema.String }))(login.body)
          const others = yield* Effect.forEach(
            [
              ask.engagement("v=1.1", "{}"),
              ask.send(headers, JSON.stringify(uploadUrl({ fileSize: 3, fileType: "PNG" }))),
              operatorCalls({ Authorization: `Bearer ${bearer}` }).create(manifest())
            ],
            sendInProcess
          )
          return [headers, ...[login, ...others].map(({ body }) => body)]
        }).pipe(Effect.provide(Simulator.layer({ seed, engagement: { campaignId: 1, engagementId: 2 } })))
      const first = yield* answers("seed")
      const [again, other] = [yield* answers("seed"), yield* answers("other")]
      expect(again).toEqual(first)
      for (const [nth, answer] of first.entries()) expect(other[nth]).not.toEqual(answer)
    })
  )

  it.effect("without a seed has ids of its own", () =>
    Effect.gen(function* () {
      const run = Effect.gen(function* () {
        const { consumer, conversations, info } = yield* Simulator.Simulator
        yield* consumer("Ada")({ _tag: "Open" })
        return [(yield* info).seed, (yield* conversations)[0]?.id]
      })
      const runs = yield* Effect.replicateEffect(
        Effect.suspend(() => Effect.provide(run, Simulator.layer())),
        5
      )
      expect(new Set(runs.flat()).size).toBe(10)
    })
  )

  it.effect("is told its seed, by which it can be had again", () =>
    Effect.gen(function* () {
      const run = (seed?: string) =>
        Effect.gen(function* () {
          const { consumer, conversations, info } = yield* Simulator.Simulator
          yield* consumer("Ada")({ _tag: "Open" })
          return { seed: (yield* info).seed, id: (yield* conversations)[0]?.id }
        }).pipe(Effect.provide(Simulator.layer(seed === undefined ? {} : { seed })))
      const first = yield* run()
      expect(yield* run(first.seed)).toEqual(first)
    })
  )
})

/** When something happened, and for how long it went on. */
const times = new Set(["at", "millis", "openedAt", "closedAt", "updatedAt", "date"])

const timeless = (value: unknown): string =>
  JSON.stringify(value, (key, value: unknown) => (times.has(key) ? undefined : value)).replace(/\b1\d{12}\b/g, "then")

/** Lets everything be told that a step has caused. */
const quiet = Effect.gen(function* () {
  const { wire } = yield* Simulator.Simulator
  const counted = Effect.map(wire, (rows) => (rows.some(({ status }) => status === "waiting") ? -1 : rows.length))
  let before = yield* counted
  for (let tries = 0; tries < 100; tries += 1) {
    const now = yield* Effect.delay(counted, "10 millis")
    if (now >= 0 && now === before) return
    before = now
  }
})

/** What there is to be known of a run that was played over sockets, where nothing is at the same time twice. */
const transcriptOnSocket = Effect.fnUntraced(function* (script: Script, url: string) {
  const { consumers, conversations, faults, subscribe, wire } = yield* control
  yield* subscribe({ payload: all(url) })
  const take = Effect.fnUntraced(function* (step: Script[number]) {
    if (step._tag === "Mend") return yield* faults.remove({ params: { id: step.id } })
    if (step._tag === "Consume") {
      return yield* consumers.act({ params: { consumer: ConsumerId.make(step.who) }, query: {}, payload: step.action })
    }
    if (step._tag === "Act") {
      const id = (yield* conversations.list()).findLast(({ consumer }) => consumer === step.who)?.id
      return id === undefined ? "nobody" : yield* conversations.act({ params: { id }, query: {}, payload: step.action })
    }
    const rule = ruleOf(step)
    return rule === undefined ? "nothing" : yield* faults.add({ payload: rule })
  })
  const came = yield* Effect.forEach(script, (step) => Effect.tap(Effect.exit(take(step)), quiet))
  const rows = yield* wire.list()
  return timeless({
    came,
    exchanges: yield* Effect.forEach(rows, ({ id }) => wire.get({ params: { id } })),
    conversations: yield* Effect.forEach(yield* conversations.list(), ({ id }) =>
      conversations.get({ params: { id } })
    ),
    faults: yield* faults.list()
  })
})

describe("A run over a socket", () => {
  it.live.prop(
    "is the same again but for its times",
    [Script],
    ([script]) =>
      Effect.gen(function* () {
        const { url } = yield* server()
        const run = Effect.suspend(() =>
          Effect.provide(transcriptOnSocket(script, url), NodeSimulator.layer({ seed: "seed", survey: true }))
        )
        const first = yield* run
        expect(yield* run).toBe(first)
      }),
    { arbitrary: { runs: 4, size: 20 } }
  )
})
