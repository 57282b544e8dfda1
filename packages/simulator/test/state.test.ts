import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeFileSystem } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer, Logger, Schema } from "effect"
import { KeyValueStore } from "effect/persistence"
import { TestClock } from "effect/testing"
import { all, listener, sendInProcess, settle, texts, textOf } from "./hooks.ts"
import { play, Script } from "./scripts.ts"
import { type Answer, ask, downloadUrl, refusal, uploadUrl } from "./support.ts"
import { openedBy, signInBy } from "./ways.ts"

/** A store that is there from run to run. */
const memory = Effect.map(Layer.build(KeyValueStore.layerMemory), Context.get(KeyValueStore.KeyValueStore))

/** A simulator that keeps its state in a store. */
const on = (store: KeyValueStore.KeyValueStore, options: Simulator.Options = {}) =>
  Simulator.layer({ seed: "seed", ...options }).pipe(
    Layer.provide(Simulator.layerStore),
    Layer.provide(Layer.succeed(KeyValueStore.KeyValueStore, store))
  )

const everything = Effect.gen(function* () {
  const { conversations, summaries } = yield* Simulator.Simulator
  return { conversations: yield* conversations, summaries: yield* summaries }
})

/** JSON knows no zero below zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const isCalm = ({ _tag }: Script[number]) => _tag === "Consume" || _tag === "Act"

/** The same with ids called by the order in which they came. */
const named = (ids: ReadonlyArray<string>, value: unknown) =>
  [...new Set(ids)].reduce((text, id, nth) => text.replaceAll(id, `id ${nth}`), JSON.stringify(value))

const FileUrl = Schema.Struct({
  body: Schema.Struct({ relativePath: Schema.String, queryParams: Schema.Record(Schema.String, Schema.String) })
})

const pathOf = ({ body }: Answer) => {
  const { queryParams, relativePath } = Schema.decodeUnknownSync(FileUrl)(body).body
  return { relativePath, path: `${relativePath}?${new URLSearchParams(queryParams).toString()}` }
}

const asks = (headers: Record<string, string>, body: object) => sendInProcess(ask.send(headers, JSON.stringify(body)))

describe("What one run leaves", () => {
  it.effect.prop(
    "the next finds, all of every conversation",
    [Script],
    ([script]) =>
      Effect.gen(function* () {
        const store = yield* memory
        const left = yield* Effect.gen(function* () {
          yield* play(script)
          return yield* everything
        }).pipe(Effect.provide(on(store, { survey: true })))
        expect(asJson(yield* Effect.provide(everything, on(store)))).toEqual(asJson(left))
      }),
    { arbitrary: { runs: 60, size: 40 } }
  )

  it.effect.prop(
    "goes on as if there had been no end: what is seen, what is answered, and what is posted",
    [Script, Script],
    ([before, after]) =>
      Effect.gen(function* () {
        const [start, rest] = [before.filter(isCalm), after.filter(isCalm)]
        /** Plays all in one run, or takes a second for the rest. */
        const story = (isWhole: boolean) =>
          Effect.gen(function* () {
            yield* TestClock.setTime(0)
            const { deliver, heard } = listener()
            const store = yield* memory
            const options = { survey: true, webhooks: all("https://connector.test"), deliver }
            const first = play(isWhole ? [...start, ...rest] : start)
            const came = [...(yield* Effect.provide(first, on(store, options)))]
            if (!isWhole) came.push(...(yield* Effect.provide(play(rest), on(store, options))))
            const { conversations } = yield* Effect.provide(everything, on(store))
            const ids = conversations.flatMap(({ dialogs, id }) => [id, ...dialogs.map(({ dialogId }) => dialogId)])
            // What requests are called is counted anew.
            const answers = named(ids, came).replace(/"reqId":"\d+"/g, "")
            return {
              answers,
              seen: named(ids, conversations),
              posted: named(
                ids,
                heard.map(({ json }) => json)
              )
            }
          })
        expect(yield* story(false)).toEqual(yield* story(true))
      }),
    { arbitrary: { runs: 40, size: 40 } }
  )

  it.effect("is neither the wire nor faults, and gives no id again, though the seed is the same", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const run = (nth: number) =>
        Effect.gen(function* () {
          const { consumer, faults, info, wire } = yield* Simulator.Simulator
          expect([yield* wire, yield* faults]).toEqual([[], []])
          expect((yield* info).seed).toBe("seed")
          for (const name of ["Ada", "Grace"]) yield* consumer(`${name} ${nth}`)({ _tag: "Open" })
          const headers = yield* signInBy(sendInProcess)
          const { relativePath } = pathOf(yield* asks(headers, uploadUrl({ fileSize: 1, fileType: "PNG" })))
          return [...(yield* everything).conversations.map(({ id }): string => id), relativePath]
        }).pipe(Effect.provide(on(store)))
      const runs = [yield* run(1), yield* run(2), yield* run(3)]
      expect(runs[2]?.slice(0, 4)).toEqual(runs[1]?.slice(0, 4))
      expect(new Set(runs.flat()).size).toBe(9)
    })
  )

  it.effect("are tokens that are good, and those that were revoked are not good again", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const signIn = Effect.replicateEffect(signInBy(sendInProcess), 3)
      const check = (headers: Record<string, string>) =>
        Effect.map(sendInProcess(ask.conversation(headers, "[")), ({ body, status }) =>
          status === 400 ? "good" : body
        )
      const checks = (all: ReadonlyArray<Record<string, string>>) => Effect.forEach(all, check)
      const good = ["good", "good", "good"]
      const bad = (code: 40102 | 40103) => [refusal(code), refusal(code), refusal(code)]

      /** A run in which this happens when what is written at its beginning has been. */
      const run = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
        Effect.provide(Effect.andThen(TestClock.adjust("1 second"), effect), on(store))

      const first = yield* run(signIn)
      const second = yield* run(
        Effect.gen(function* () {
          expect(yield* checks(first)).toEqual(good)
          // Not one that a run before issued is left out.
          yield* (yield* Simulator.Simulator).revoke("app")
          expect(yield* checks(first)).toEqual(bad(40102))
          return yield* signIn
        })
      )
      yield* run(
        Effect.gen(function* () {
          expect(yield* checks(first)).toEqual(bad(40102))
          expect(yield* checks(second)).toEqual(good)
          yield* (yield* Simulator.Simulator).fault("domains", { _tag: "Revoke", kind: "consumer" })
          yield* sendInProcess(ask.domains())
          expect(yield* checks(second)).toEqual(bad(40103))
        })
      )
      yield* run(
        Effect.gen(function* () {
          expect(yield* checks(second)).toEqual(bad(40103))
          const third = yield* signIn
          expect(yield* checks(third)).toEqual(good)
          yield* TestClock.adjust("1 hour")
          expect(yield* checks(third)).toEqual(bad(40102))
        })
      )
    })
  )

  it.effect("are tokens of its own: another's are not good", () =>
    Effect.gen(function* () {
      const headers = yield* Effect.provide(signInBy(sendInProcess), on(yield* memory))
      const answer = sendInProcess(ask.conversation(headers, "["))
      expect((yield* Effect.provide(answer, on(yield* memory, { seed: "other" }))).body).toStrictEqual(refusal(40102))
    })
  )

  it.effect("are files, and the URLs by which they may be put and had", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const left = yield* Effect.gen(function* () {
        const headers = yield* signInBy(sendInProcess)
        const announce = Effect.map(asks(headers, uploadUrl({ fileSize: 3, fileType: "GIF" })), pathOf)
        const [put, later] = [yield* announce, yield* announce]
        yield* sendInProcess({ method: "PUT", path: put.path, body: "abc" })
        return { headers, put, later, down: pathOf(yield* asks(headers, downloadUrl(put))) }
      }).pipe(Effect.provide(on(store)))
      yield* Effect.gen(function* () {
        const { file } = yield* Simulator.Simulator
        expect(yield* file(left.put.relativePath)).toEqual(new TextEncoder().encode("abc"))
        const got = yield* sendInProcess({ method: "GET", path: left.down.path })
        expect([got.status, got.headers["content-type"], got.body]).toEqual([200, "image/gif", "abc"])
        expect((yield* sendInProcess({ method: "PUT", path: left.later.path, body: "abcd" })).status).toBe(413)
        expect((yield* sendInProcess({ method: "PUT", path: left.later.path, body: "def" })).status).toBe(201)
        const again = pathOf(yield* asks(left.headers, downloadUrl(left.later)))
        expect((yield* sendInProcess({ method: "GET", path: again.path })).body).toBe("def")
        yield* TestClock.adjust("1 minute")
        expect((yield* sendInProcess({ method: "GET", path: left.down.path })).status).toBe(401)
      }).pipe(Effect.provide(on(store)))
    })
  )

  it.effect("is what it was subscribed to, unless the next is told otherwise", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const { deliver, heard } = listener()
      const subscription = Effect.gen(function* () {
        const { info } = yield* Simulator.Simulator
        return (yield* info).webhooks
      })
      const webhooks = { ...texts("https://connector.test", { max_retries: 3 }), algorithm: "sha256" } as const
      const subscribed = Simulator.Simulator.use(({ subscribe }) => subscribe(webhooks))
      yield* Effect.provide(subscribed, on(store))
      yield* Effect.gen(function* () {
        expect(yield* subscription).toEqual(webhooks)
        const { says } = yield* openedBy(sendInProcess)
        yield* says("Hi")
        yield* settle
        expect(heard.map(textOf)).toEqual(["Hi"])
      }).pipe(Effect.provide(on(store, { deliver })))
      expect(yield* Effect.provide(subscription, on(store, { webhooks: {} }))).toEqual({})
      expect(yield* Effect.provide(subscription, on(store))).toEqual({})
    })
  )

  it.effect("is nothing of what was forgotten, but who may call and what is subscribed to", () =>
    Effect.gen(function* () {
      const store = yield* memory
      const headers = yield* Effect.gen(function* () {
        const { reset, subscribe } = yield* Simulator.Simulator
        yield* subscribe(texts("https://connector.test"))
        const { headers, says } = yield* openedBy(sendInProcess)
        const { path } = pathOf(yield* asks(headers, uploadUrl({ fileSize: 3, fileType: "GIF" })))
        yield* sendInProcess({ method: "PUT", path, body: "abc" })
        yield* TestClock.adjust("1 second")
        yield* says("Hi")
        yield* reset
        return headers
      }).pipe(Effect.provide(on(store)))
      expect(yield* store.keys).toEqual(["simulator"])
      yield* Effect.gen(function* () {
        const { conversations, info } = yield* Simulator.Simulator
        expect(yield* conversations).toEqual([])
        expect((yield* info).webhooks).toEqual(texts("https://connector.test"))
        expect((yield* sendInProcess(ask.conversation(headers, "["))).status).toBe(400)
      }).pipe(Effect.provide(on(store)))
    })
  )

  it.effect("is there a moment after it happened, though the run had no time to end", () =>
    Effect.gen(function* () {
      const store = yield* memory
      yield* Effect.gen(function* () {
        const { revoke } = yield* Simulator.Simulator
        const { headers, says } = yield* openedBy(sendInProcess)
        yield* says("Hi")
        const { relativePath, path } = pathOf(yield* asks(headers, uploadUrl({ fileSize: 3, fileType: "GIF" })))
        yield* sendInProcess({ method: "PUT", path, body: "abc" })
        yield* revoke("app")
        const known = yield* everything
        yield* TestClock.adjust("100 millis")
        yield* settle
        // Another, while this one goes on.
        yield* Effect.gen(function* () {
          const { file } = yield* Simulator.Simulator
          expect(yield* everything).toEqual(known)
          expect(yield* file(relativePath)).toHaveLength(3)
          expect((yield* sendInProcess(ask.conversation(headers, "["))).body).toStrictEqual(refusal(40102))
        }).pipe(Effect.provide(Layer.fresh(on(store))))
      }).pipe(Effect.provide(on(store)))
    })
  )
})

/** What a run left that had something of every kind to leave. */
const full = Effect.gen(function* () {
  const store = yield* memory
  yield* Effect.gen(function* () {
    const { headers, says } = yield* openedBy(sendInProcess)
    yield* says("Hi")
    const { path } = pathOf(yield* asks(headers, uploadUrl({ fileSize: 3, fileType: "GIF" })))
    yield* sendInProcess({ method: "PUT", path, body: "abc" })
  }).pipe(Effect.provide(on(store)))
  return store
})

const failure = (store: KeyValueStore.KeyValueStore) => Effect.flip(Effect.scoped(Layer.build(on(store))))

describe("A state", () => {
  const damages = Schema.Struct({
    kind: Schema.Literals(["simulator", "conversation", "file"]),
    text: Schema.Union([Schema.String, Schema.Literals(["", "{", "{}", "[]", "null", '"text"'])])
  })

  it.effect.prop("that is damaged, in whichever part, is refused, and named", [damages], ([{ kind, text }]) =>
    Effect.gen(function* () {
      const store = yield* full
      const key = (yield* store.keys).find((key) => key.startsWith(kind)) ?? expect.fail(`There is no ${kind}.`)
      yield* store.set(key, text)
      expect(yield* failure(store)).toMatchObject({
        _tag: "StateError",
        key,
        message: `The state cannot be read: ${key} is damaged.`
      })
      // And left as it was.
      expect(yield* store.get(key)).toBe(text)
    })
  )

  it.effect("whose key is none is damaged", () =>
    Effect.gen(function* () {
      const store = yield* full
      const main = (yield* store.get("simulator")) ?? ""
      yield* store.set("simulator", main.replace(/BEGIN PRIVATE KEY-----/, "BEGIN PRIVATE KEY-----x"))
      expect(yield* failure(store)).toMatchObject({ _tag: "StateError", key: "simulator" })
    })
  )

  it.effect.each(["keys", "get", "set"] as const)("in a store whose %s fails is refused", (broken) =>
    Effect.gen(function* () {
      const store = yield* full
      const error = new KeyValueStore.KeyValueStoreError({ method: broken, message: "broken" })
      const fails = broken === "keys" ? Effect.fail(error) : () => Effect.fail(error)
      expect(yield* failure({ ...store, [broken]: fails })).toMatchObject({ _tag: "StateError" })
    })
  )

  it.effect("that cannot be written for a while is told of in a sentence, and is written when it can be", () =>
    Effect.gen(function* () {
      const store = yield* memory
      let isBroken = false
      const error = new KeyValueStore.KeyValueStoreError({ method: "set", message: "broken" })
      const breaking: KeyValueStore.KeyValueStore = {
        ...store,
        set: (key, value) => (isBroken ? Effect.fail(error) : store.set(key, value))
      }
      const logged: Array<unknown> = []
      const logger = Logger.layer([Logger.make(({ message }) => void logged.push(message))])
      const id = yield* Effect.gen(function* () {
        const { id, says } = yield* openedBy(sendInProcess)
        yield* TestClock.adjust("1 second")
        expect(logged).toEqual([])
        isBroken = true
        expect((yield* says("Hi")).status).toBe(200)
        yield* TestClock.adjust("1 second")
        isBroken = false
        return id
      }).pipe(Effect.provide(on(breaking)), Effect.provide(logger))
      expect(logged).toEqual([[`The state cannot be written: conversation ${id}.`]])
      const { conversations } = yield* Effect.provide(everything, on(store))
      expect(conversations[0]?.messages).toHaveLength(1)
    })
  )
})

describe("In a folder a state", () => {
  const folder = Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    return yield* fs.makeTempDirectoryScoped({ prefix: "liveperson-" })
  })

  const inFolder = (path: string) =>
    Simulator.layer({ seed: "seed" }).pipe(Layer.provide(NodeSimulator.layerData(path)))

  const failure = (path: string) => Effect.flip(Effect.scoped(Layer.build(inFolder(path))))

  it.live("is kept from run to run, whatever is in it, and is made where there is none", () =>
    Effect.gen(function* () {
      const path = `${yield* folder}/deep/er`
      const left = yield* Effect.gen(function* () {
        const { agent, consumer } = yield* Simulator.Simulator
        const text = 'Hé 😀 "quoted" \\ \n / %2F'
        for (const name of ["../Ada", "sms:+1 555/0100", "😀"]) {
          const opened = yield* consumer(name)({ _tag: "Open", profile: { firstName: name }, text })
          yield* agent(opened?.conversationId ?? "").say(text)
        }
        const headers = yield* signInBy(sendInProcess)
        const { path, relativePath } = pathOf(yield* asks(headers, uploadUrl({ fileSize: 9, fileType: "PNG" })))
        yield* sendInProcess({ method: "PUT", path, body: "\u0000binary" })
        return { headers, relativePath, seen: yield* everything }
      }).pipe(Effect.provide(inFolder(path)))
      yield* Effect.gen(function* () {
        expect(yield* everything).toEqual(left.seen)
        const { file } = yield* Simulator.Simulator
        expect(yield* file(left.relativePath)).toEqual(new TextEncoder().encode("\u0000binary"))
        expect((yield* sendInProcess(ask.conversation(left.headers, "["))).status).toBe(400)
        yield* (yield* Simulator.Simulator).reset
      }).pipe(Effect.provide(inFolder(path)))
      expect(yield* Effect.provide(everything, inFolder(path))).toEqual({ conversations: [], summaries: [] })
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.live("is refused where a file stands in its way", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* folder
      yield* fs.writeFileString(`${path}/file`, "")
      for (const at of [`${path}/file`, `${path}/file/deeper`]) {
        const error = yield* failure(at)
        expect(error).toMatchObject({ _tag: "StateError", message: expect.stringContaining(at) })
      }
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.live("is refused where it cannot be written, and where it is damaged", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* folder
      yield* Effect.scoped(Layer.build(inFolder(path)))
      expect(yield* fs.readDirectory(`${path}/state`)).toEqual(["simulator"])
      yield* fs.writeFileString(`${path}/state/simulator`, '{"runs":')
      expect(yield* failure(path)).toMatchObject({ _tag: "StateError", key: "simulator" })

      const other = yield* folder
      // Nothing can be moved to where a folder is, not even by who may do anything.
      yield* fs.makeDirectory(`${other}/state/probe/full`, { recursive: true })
      expect(yield* failure(other)).toMatchObject({
        _tag: "StateError",
        message: expect.stringContaining("cannot be written")
      })
    }).pipe(Effect.provide(NodeFileSystem.layer))
  )
})
