import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import { content, server, texts, until } from "./hooks.ts"
import {
  accountId,
  ask,
  headersOf,
  lpConsumerId,
  onSocket,
  profile,
  readToken,
  refusal,
  request,
  say,
  send,
  setProfile,
  tokenOf,
  type Tokens
} from "./support.ts"

const other = "87654321"

/** Both tokens of a consumer, in an account. */
const signIn = Effect.fnUntraced(function* (account: string, consumer: string) {
  const app = tokenOf(yield* send(ask.app(account)))
  const named = JSON.stringify({ ext_consumer_id: consumer })
  return { app, consumer: tokenOf(yield* send(ask.consumer({ Authorization: app }, named, account))) }
})

const batch = (brandId = accountId) => [profile(), request({ body: { channelType: "MESSAGING", brandId } })]

const open = (tokens: Tokens, account: string, brandId = account) =>
  send(ask.conversation(headersOf(tokens), JSON.stringify(batch(brandId)), account))

const idOf = Effect.fnUntraced(function* (account: string, consumer: string) {
  const { conversations } = yield* Simulator.Simulator
  const all = yield* conversations
  return all.find((one) => one.account === account && one.consumer === consumer)?.id ?? expect.fail("None is open")
})

onSocket({ accountId: [accountId, other] })("An account", (it) => {
  it.effect("has an app installed and services of its own, as every other", () =>
    Effect.gen(function* () {
      for (const account of [accountId, other]) {
        expect((yield* send(ask.domain("idp", account))).body).toMatchObject({ service: "idp", account })
        expect(readToken((yield* signIn(account, "Ada")).app).claims).toMatchObject({ aud: account })
      }
      expect((yield* send(ask.app("11111111"))).status).toBe(401)
    })
  )

  it.effect("takes neither token of another", () =>
    Effect.gen(function* () {
      const { conversations } = yield* Simulator.Simulator
      const [own, foreign] = [yield* signIn(accountId, "mixed"), yield* signIn(other, "mixed")]
      const before = yield* conversations
      const change = JSON.stringify(setProfile({ firstName: "Eve" }))
      for (const [tokens, errorCode] of [
        [foreign, 40102],
        [{ ...own, app: foreign.app }, 40102],
        [{ ...own, consumer: foreign.consumer }, 40103]
      ] as const) {
        for (const call of [
          ask.conversation(headersOf(tokens), JSON.stringify(batch())),
          ask.send(headersOf(tokens), change)
        ]) {
          const { body, status } = yield* send(call)
          expect(status).toBe(401)
          expect(body).toStrictEqual(refusal(errorCode))
        }
      }
      const idp = yield* send(ask.consumer({ Authorization: foreign.app }, '{"ext_consumer_id":"mixed"}'))
      expect(idp.body).toStrictEqual(refusal(40102))
      expect(yield* conversations).toStrictEqual(before)
    })
  )

  it.effect("has consumers of its own, though they be called as another's", () =>
    Effect.gen(function* () {
      const [here, there] = [yield* signIn(accountId, "Bob"), yield* signIn(other, "Bob")]
      expect(lpConsumerId(here.consumer)).not.toBe(lpConsumerId(there.consumer))
      expect((yield* open(here, accountId)).status).toBe(200)
      expect((yield* open(there, other)).status).toBe(200)
      const id = yield* idOf(accountId, "Bob")
      expect(id).not.toBe(yield* idOf(other, "Bob"))
      expect((yield* send(ask.send(headersOf(there), JSON.stringify(say(id)), other))).status).toBe(401)
      expect((yield* send(ask.send(headersOf(here), JSON.stringify(say(id)), accountId))).status).toBe(200)
    })
  )

  it.effect("is the one that the URL names, whatever brandId says", () =>
    Effect.gen(function* () {
      expect((yield* open(yield* signIn(accountId, "branded"), accountId, other)).status).toBe(200)
      const { conversation } = yield* Simulator.Simulator
      expect(yield* conversation(yield* idOf(accountId, "branded"))).toMatchObject({ account: accountId })
    })
  )

  it.effect("is named to the webhooks by its header (5.1)", () =>
    Effect.gen(function* () {
      const { subscribe } = yield* Simulator.Simulator
      const { received, url } = yield* server()
      yield* subscribe({ ...texts(url), "cqm.ExConversationChangeNotification": { endpoint: `${url}/change` } })
      for (const account of [accountId, other]) {
        const tokens = yield* signIn(account, "hooked")
        yield* open(tokens, account, accountId)
        const text = JSON.stringify(say(yield* idOf(account, "hooked")))
        yield* send(ask.send(headersOf(tokens), text, account))
      }
      yield* until(() => received.length === 4)
      const told = received.map(({ body, headers, url }) => [
        headers["x-liveperson-account-id"],
        url === `/${content}` ? "text" : JSON.parse(body.toString()).body.changes[0].result.conversationDetails.brandId
      ])
      expect(told).toEqual(
        expect.arrayContaining([
          [accountId, accountId],
          [accountId, "text"],
          [other, other],
          [other, "text"]
        ])
      )
    })
  )
})
