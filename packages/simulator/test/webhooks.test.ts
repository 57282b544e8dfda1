import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Duration, Effect, Schedule } from "effect"
import { createHmac } from "node:crypto"
import { all, content, conversation, keys, logged, type Received, server, texts, until } from "./hooks.ts"
import {
  accountId,
  chatState,
  clientId,
  clientSecret,
  onSocket,
  publishEvent,
  say,
  signIn,
  tell,
  text,
  withConversation
} from "./support.ts"

const words = ['Größe „42“ 🧪 東京\n\t"quoted" \\ / \u0001 \u2028', "👩‍👩‍👧‍👦", ""]

const signatureOf = (algorithm: string, { body }: Received) =>
  `${algorithm}=${createHmac(algorithm, clientSecret).update(body).digest("base64")}`

const kinds = [
  [keys[0], text()],
  [keys[1], { type: "RichContentEvent", content: { type: "text", text: "Hi" } }],
  [keys[2], { type: "AcceptStatusEvent", status: "READ", sequenceList: [0] }],
  [keys[3], chatState("COMPOSING")]
] as const

onSocket()("A webhook", (it) => {
  it.effect.each([undefined, "sha1", "sha256"] as const)("is signed over the very bytes of its body: %s", (algorithm) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { received, url } = yield* server()
      yield* simulator.subscribe(texts(url, {}, algorithm === undefined ? {} : { algorithm }))
      const { id, tokens } = yield* withConversation(`signed ${algorithm}`)
      for (const word of words) yield* tell(tokens, say(id, word))
      yield* until(() => received.length === words.length)
      const [first] = received
      expect(first?.body.toString()).toContain("🧪 東京")
      expect(received.map(({ body }) => JSON.parse(body.toString()).body.changes[0].event.message)).toEqual(words)
      for (const one of received) {
        expect(one.method).toBe("POST")
        expect(one.headers).toMatchObject({
          "content-type": "application/json",
          "content-length": String(one.body.length),
          "x-liveperson-account-id": accountId,
          "x-liveperson-client-id": clientId,
          "x-liveperson-signature": signatureOf(algorithm ?? "sha1", one)
        })
        expect(Object.keys(one.headers)).not.toContain("traceparent")
      }
    })
  )

  it.effect("goes to the endpoint of its key and only there, whether of the consumer or the agent", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { received, url } = yield* server()
      yield* simulator.subscribe(all(url))
      const { id, tokens } = yield* withConversation("each kind")
      yield* simulator.agent(id).join
      for (const [, event] of kinds) {
        yield* tell(tokens, publishEvent({ dialogId: id, event }))
        yield* simulator.agent(id).send(event)
      }
      yield* until(() => received.length === 2 + 2 * kinds.length)
      expect(received.map(({ url }) => url?.slice(1))).toEqual([
        conversation,
        conversation,
        ...kinds.flatMap(([key]) => [key, key])
      ])
    })
  )

  it.effect.each(keys)("of %s is not posted to those who did not subscribe to it", (key) =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { received, url } = yield* server()
      const { [key]: _, ...rest } = all(url)
      yield* simulator.subscribe(rest)
      const { id, tokens } = yield* withConversation(`without ${key}`)
      for (const [, event] of kinds) yield* tell(tokens, publishEvent({ dialogId: id, event }))
      yield* until(() => received.length === keys.length - 1)
      expect(received.map(({ url }) => url?.slice(1)).toSorted()).toEqual(keys.filter((one) => one !== key).toSorted())
      expect(Object.keys(yield* simulator.webhookStates).toSorted()).toEqual(Object.keys(rest).toSorted())
    })
  )

  it.effect(
    "carries the headers that it was subscribed with, the query of its endpoint, and no others' signature",
    () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { received, url } = yield* server()
        yield* simulator.subscribe({
          [content]: {
            endpoint: `${url}/hook?a=1&b=%20`,
            headers: [
              { header_name: "X-Api-Key", header_value: "secret" },
              { header_name: "X-LivePerson-Signature", header_value: "sha1=mine" }
            ]
          }
        })
        const { id, tokens } = yield* withConversation("headers")
        yield* tell(tokens, say(id))
        yield* until(() => received.length === 1)
        const [one] = received
        expect(one?.url).toBe("/hook?a=1&b=%20")
        expect(one?.headers["x-api-key"]).toBe("secret")
        expect(one?.headers["x-liveperson-signature"]).toBe(one && signatureOf("sha1", one))
      })
  )

  it.effect("that is slow does not slow the API down", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { received, url } = yield* server({ after: 1000 })
      yield* simulator.subscribe(all(url))
      const tokens = yield* signIn("hasty")
      const before = (yield* simulator.deliveries).length
      const [waited, { id }] = yield* Effect.timed(withConversation("slow"))
      const [spent] = yield* Effect.timed(tell(tokens, say(id)))
      expect(Duration.toMillis(waited) + Duration.toMillis(spent)).toBeLessThan(1000)
      yield* until(() => received.length > 0)
      expect((yield* simulator.deliveries).slice(before)).toMatchObject([{ attempt: 1, status: "waiting" }])
      // What waits behind it is not to go to the next test.
      yield* simulator.subscribe({})
      yield* Effect.repeat(simulator.deliveries, {
        until: (log) => log.every(({ status }) => status !== "waiting"),
        schedule: Schedule.spaced("10 millis")
      })
    })
  )

  it.effect("is posted again where nobody listens, and to a port that does once it is told of it", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const before = (yield* logged).length
      const rest = { retry: { retention_time: 60 } }
      yield* simulator.subscribe(texts("http://127.0.0.1:9", {}, rest))
      const { id, tokens } = yield* withConversation("nobody")
      yield* tell(tokens, say(id))
      const { received, url } = yield* server({ status: 201 })
      yield* simulator.subscribe(texts(url, {}, rest))
      yield* until(() => received.length === 1)
      yield* Effect.sleep("50 millis")
      const log = (yield* logged).slice(before)
      expect(log.map(({ attempt, status }) => [attempt, status])).toEqual([
        [1, "dropped"],
        [2, 201]
      ])
      expect((log[1]?.at ?? 0) - (log[0]?.at ?? 0)).toBeGreaterThanOrEqual(1999)
    })
  )
})
