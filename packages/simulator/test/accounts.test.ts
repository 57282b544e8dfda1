import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { all, conversation, listener, sendInProcess, settle } from "./hooks.ts"
import { play, Script } from "./scripts.ts"
import { type Answer, ask, downloadUrl, profile, refusal, rejected, request, say, told, uploadUrl } from "./support.ts"
import { openedBy, signInBy } from "./ways.ts"

const accounts = ["12345678", "87654321", "one more"] as const
const [ours, theirs] = accounts

const severally = Effect.provide(Simulator.layer({ accountId: accounts }))

const FileUrl = Schema.Struct({
  body: Schema.Struct({ relativePath: Schema.String, queryParams: Schema.Record(Schema.String, Schema.String) })
})

const pathOf = ({ body }: Answer) => {
  const { queryParams, relativePath } = Schema.decodeUnknownSync(FileUrl)(body).body
  return { relativePath, path: `${relativePath}?${new URLSearchParams(queryParams).toString()}` }
}

describe("An account", () => {
  it.effect("is there where it was named, and nowhere else", () =>
    Effect.gen(function* () {
      const { info } = yield* Simulator.Simulator
      expect((yield* info).accounts).toEqual(accounts)
      for (const account of accounts) {
        const { body } = yield* sendInProcess(ask.domain("idp", encodeURIComponent(account)))
        expect(body).toMatchObject({ account, service: "idp" })
      }
      expect((yield* sendInProcess(ask.domain("idp", "nowhere"))).status).toBe(404)
      expect((yield* sendInProcess(ask.app("nowhere"))).status).toBe(401)
    }).pipe(severally)
  )

  it.effect("is the one that the URL names, whatever brandId says", () =>
    Effect.gen(function* () {
      const headers = yield* signInBy(sendInProcess, "Ada", ours)
      const batch = [profile(), request({ body: { channelType: "MESSAGING", brandId: theirs } })]
      expect((yield* sendInProcess(ask.conversation(headers, JSON.stringify(batch), ours))).status).toBe(200)
      expect(yield* (yield* Simulator.Simulator).conversations).toMatchObject([{ account: ours, consumer: "Ada" }])
    }).pipe(severally)
  )

  it.effect("refuses the tokens of another", () =>
    Effect.gen(function* () {
      const [mine, yours] = [yield* signInBy(sendInProcess, "Ada", ours), yield* signInBy(sendInProcess, "Ada", theirs)]
      const idp = (headers: Record<string, string>) => ask.consumer(headers, '{"ext_consumer_id":"Ada"}', theirs)
      expect((yield* sendInProcess(idp(mine))).body).toStrictEqual(refusal(40102))
      expect((yield* sendInProcess(idp(yours))).status).toBe(201)
      for (const asking of [ask.conversation, ask.send]) {
        expect((yield* sendInProcess(asking(mine, "[", theirs))).body).toStrictEqual(refusal(40102))
        const mixed = { ...yours, "X-LP-ON-BEHALF": mine["X-LP-ON-BEHALF"] }
        expect((yield* sendInProcess(asking(mixed, "[", theirs))).body).toStrictEqual(refusal(40103))
        expect((yield* sendInProcess(asking(yours, "[", theirs))).status).toBe(400)
      }
    }).pipe(severally)
  )

  it.effect("has consumers of its own, though they are called as those of another", () =>
    Effect.gen(function* () {
      const { conversations, summaries } = yield* Simulator.Simulator
      const mine = yield* openedBy(sendInProcess, "Ada", ours)
      const yours = yield* openedBy(sendInProcess, "Ada", theirs)
      expect(yours.id).not.toBe(mine.id)
      yield* mine.says("Hi from ours")
      yield* yours.says("Hi from theirs")
      yield* sendInProcess(ask.send(mine.headers, JSON.stringify(profile({ body: { firstName: "Ada" } })), ours))
      const seen = (yield* conversations).map(({ account, consumer, messages, profile }) => ({
        account,
        consumer,
        said: messages.map(({ text }) => text),
        name: profile.firstName
      }))
      expect(seen).toEqual([
        { account: ours, consumer: "Ada", said: ["Hi from ours"], name: "Ada" },
        { account: theirs, consumer: "Ada", said: ["Hi from theirs"], name: undefined }
      ])
      expect((yield* summaries).map(({ account, last }) => [account, last])).toEqual([
        [ours, "Hi from ours"],
        [theirs, "Hi from theirs"]
      ])
    }).pipe(severally)
  )

  it.effect("does not let a consumer into the conversations of another", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const mine = yield* openedBy(sendInProcess, "Ada", ours)
      const headers = yield* signInBy(sendInProcess, "Ada", theirs)
      const before = yield* simulator.conversation(mine.id)
      const close = {
        kind: "req",
        id: "1,",
        type: "cm.UpdateConversationField",
        body: {
          conversationId: mine.id,
          conversationField: { field: "ConversationStateField", conversationState: "CLOSE" }
        }
      }
      for (const body of [say(mine.id), close]) {
        expect((yield* sendInProcess(ask.send(headers, JSON.stringify(body), theirs))).status).toBe(401)
      }
      expect(yield* simulator.conversation(mine.id)).toEqual(before)
    }).pipe(severally)
  )

  it.effect("does not say where the files of another are", () =>
    Effect.gen(function* () {
      const mine = yield* signInBy(sendInProcess, "Ada", ours)
      const yours = yield* signInBy(sendInProcess, "Ada", theirs)
      const asked = (headers: Record<string, string>, account: string, body: object) =>
        sendInProcess(ask.send(headers, JSON.stringify(body), account))
      const up = pathOf(yield* asked(mine, ours, uploadUrl({ fileSize: 4, fileType: "PNG" })))
      yield* sendInProcess({ method: "PUT", path: up.path, body: "Woof" })
      const file = downloadUrl({ relativePath: up.relativePath })
      expect(told(yield* asked(yours, theirs, file))).toStrictEqual(rejected())
      const down = pathOf(yield* asked(mine, ours, file))
      expect((yield* sendInProcess({ method: "GET", path: down.path })).body).toBe("Woof")
    }).pipe(severally)
  )

  it.effect("is named by what is posted of it, and by what is seen of it on the wire", () => {
    const { deliver, heard } = listener()
    return Effect.gen(function* () {
      const { deliveries } = yield* Simulator.Simulator
      for (const account of accounts) {
        const { says } = yield* openedBy(sendInProcess, "Ada", account)
        yield* says("Hi")
        yield* settle
      }
      const names = accounts.flatMap((account) => [account, account])
      expect(heard.map(({ headers }) => headers["x-liveperson-account-id"])).toEqual(names)
      expect((yield* deliveries).map(({ account }) => account)).toEqual(names)
      const changes = heard.filter(({ url }) => url.endsWith(conversation))
      expect(changes.map(({ json }) => json)).toMatchObject(
        accounts.map((brandId) => ({ body: { changes: [{ result: { conversationDetails: { brandId } } }] } }))
      )
    }).pipe(Effect.provide(Simulator.layer({ accountId: accounts, webhooks: all("https://connector.test"), deliver })))
  })

  const isCalm = ({ _tag }: Script[number]) => _tag === "Consume" || _tag === "Act"

  /** What is there of an account, with ids called by the order in which they came. */
  const seenOf = Effect.fnUntraced(function* (account: string) {
    const { conversations } = yield* Simulator.Simulator
    const mine = (yield* conversations).filter((one) => one.account === account)
    const ids = mine.flatMap(({ dialogs, id }) => [id, ...dialogs.slice(1).map(({ dialogId }) => dialogId)])
    return ids.reduce((text, id, nth) => text.replaceAll(id, `id ${nth}`), JSON.stringify(mine))
  })

  it.effect.prop(
    "is as if there were no other, whatever is done in that",
    [Script, Script],
    ([one, other]) =>
      Effect.gen(function* () {
        const [mine, yours] = [one.filter(isCalm), other.filter(isCalm)]
        const run = (within: Script) =>
          Effect.gen(function* () {
            for (const [nth, step] of mine.entries()) {
              yield* play([step], ours)
              yield* play(within.slice(nth, nth + 1), theirs)
            }
            return yield* seenOf(ours)
          }).pipe(severally)
        // The clock of the test goes on from run to run.
        const timeless = (text: string) => text.replace(/"(at|openedAt|closedAt)":\d+/g, "")
        expect(timeless(yield* run(yours))).toBe(timeless(yield* run([])))
      }),
    { arbitrary: { runs: 40, size: 30 } }
  )
})
