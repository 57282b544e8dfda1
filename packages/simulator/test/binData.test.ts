import { NodeServices } from "@effect/platform-node"
import { describe, expect, layer } from "@effect/vitest"
import { Effect, FileSystem, Path, Schema } from "effect"
import {
  callOf,
  connector,
  folder,
  type Listening,
  listening,
  listeningWithin,
  openedBy,
  pasted,
  refused
} from "./binary.ts"
import { accepted, ask, headersOf, profile, request, say, tokenOf } from "./support.ts"

const Seen = Schema.Struct({
  id: Schema.String,
  consumer: Schema.String,
  state: Schema.String,
  messages: Schema.Array(Schema.Struct({ sequence: Schema.Int, text: Schema.String }))
})
const decodeSeen = Schema.decodeUnknownSync(Seen)
const decodeOpened = Schema.decodeUnknownSync(
  Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])
)

const seen = ({ url }: Listening, id: string) =>
  Effect.map(callOf(url)({ method: "GET", path: `/_simulator/conversations/${id}` }), ({ body }) => decodeSeen(body))

const signIn = Effect.fnUntraced(function* ({ url }: Listening, consumer: string) {
  const call = callOf(url)
  const app = tokenOf(yield* call(ask.app()))
  const body = JSON.stringify({ ext_consumer_id: consumer })
  return { app, consumer: tokenOf(yield* call(ask.consumer({ Authorization: app }, body))) }
})

const open = Effect.fnUntraced(function* (started: Listening, consumer: string) {
  const tokens = yield* signIn(started, consumer)
  const batch = JSON.stringify([profile(), request()])
  const { body } = yield* callOf(started.url)(ask.conversation(headersOf(tokens), batch))
  return { tokens, id: decodeOpened(body)[1].body.conversationId }
})

const stopped = (started: Listening) =>
  Effect.gen(function* () {
    started.child.kill("SIGTERM")
    expect(yield* started.ended).toBe(0)
  })

layer(NodeServices.layer, { excludeTestServices: true })((it) => {
  describe("With --data, the next run", () => {
    it.effect(
      "has the conversations, the tokens and the webhooks of the last, and draws other ids from the same seed",
      () =>
        Effect.gen(function* () {
          const { url } = yield* connector
          const args = ["--data", yield* folder, "--seed", "same"]
          const first = yield* listening([...args, "--webhook", url])
          const id = openedBy(yield* pasted(first))
          const ada = yield* signIn(first, "sms:+15550100")
          yield* stopped(first)
          expect(first.stdout()).toMatch(new RegExp(`\nStopped\\. The next run goes on by --data ${args[1]}\\.\n$`))

          const next = yield* listening(args)
          expect(yield* seen(next, id)).toEqual({
            id,
            consumer: "sms:+15550100",
            state: "OPEN",
            messages: [{ sequence: 0, text: "Hi, my parcel is late" }]
          })
          const more = yield* callOf(next.url)(
            ask.send(headersOf(ada), JSON.stringify(say(id, "It was due on Monday")))
          )
          expect(more).toMatchObject(accepted({ sequence: 1 }))
          expect((yield* open(next, "sms:+15550101")).id).not.toBe(id)
          expect(next.stdout()).toMatch(/^ {2}webhooks +everything → 127\.0\.0\.1:\d+$/m)
          yield* stopped(next)

          const last = yield* listening(args)
          expect((yield* seen(last, id)).messages.map(({ text }) => text)).toEqual([
            "Hi, my parcel is late",
            "It was due on Monday"
          ])
        })
    )

    it.effect("has what was written when the last was killed", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const data = yield* folder
        const first = yield* listening(["--data", data])
        const { id } = yield* open(first, "sms:+15550100")
        const file = path.join(data, "state", encodeURIComponent(`conversation ${id}`))
        yield* Effect.repeat(fs.exists(file), { until: (there) => there })
        first.child.kill("SIGKILL")
        yield* first.ended
        expect((yield* seen(yield* listening(["--data", data]), id)).id).toBe(id)
      })
    )

    it.effect("has the last that was written whole, where writing failed half-way", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const data = yield* folder
        const first = yield* listeningWithin(8, ["--data", data])
        const { id, tokens } = yield* open(first, "sms:+15550100")
        const file = path.join(data, "state", encodeURIComponent(`conversation ${id}`))
        yield* Effect.repeat(fs.exists(file), { until: (there) => there })
        const long = JSON.stringify(say(id, "a".repeat(4000)))
        yield* Effect.repeat(callOf(first.url)(ask.send(headersOf(tokens), long)), { times: 2 })
        yield* first.printed(/The state cannot be written/, "stderr")
        first.child.kill("SIGKILL")
        yield* first.ended
        expect((yield* seen(yield* listening(["--data", data]), id)).id).toBe(id)
      })
    )

    it.effect("does not start on what is damaged, and leaves it as it is", () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const data = yield* folder
        const first = yield* listening(["--data", data])
        const id = openedBy(yield* pasted(first))
        yield* stopped(first)
        const file = path.join(data, "state", encodeURIComponent(`conversation ${id}`))
        const whole = yield* fs.readFileString(file)
        const damaged = whole.slice(0, -10)
        yield* fs.writeFileString(file, damaged)
        yield* refused(["--data", data, "--port", "0"], /The state cannot be read: .+ is damaged.*choose another/)
        expect(yield* fs.readFileString(file)).toBe(damaged)
        yield* fs.writeFileString(file, whole)
        expect((yield* seen(yield* listening(["--data", data]), id)).id).toBe(id)
      })
    )
  })

  it.effect("Without --data, nothing is left", () =>
    Effect.gen(function* () {
      const first = yield* listening(["--seed", "same"])
      const { id } = yield* open(first, "sms:+15550100")
      yield* stopped(first)
      const next = yield* listening(["--seed", "same"])
      expect((yield* callOf(next.url)({ method: "GET", path: "/_simulator/conversations" })).body).toEqual([])
      expect((yield* open(next, "sms:+15550100")).id).toBe(id)
    })
  )
})
