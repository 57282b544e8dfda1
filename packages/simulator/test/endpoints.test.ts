import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import {
  accountId,
  appInstallId,
  appToken,
  ask,
  clientId,
  clientSecret,
  conversationsOf,
  headersOf,
  onSocket,
  profile,
  request,
  send,
  type Sent,
  setProfile,
  signIn,
  told,
  type Tokens
} from "./support.ts"

const someone = JSON.stringify({ ext_consumer_id: "Ada" })
const batch = JSON.stringify([profile(), request()])
const change = JSON.stringify(setProfile({ firstName: "Ada" }))
const versionless = JSON.stringify({ code: "BAD_REQUEST", body: { msg: "Bad Request, v must be 3" } })

/** A call of each endpoint that has a version, what it is answered, and the version. */
const versioned = [
  ["the Domain API", () => ask.domain("idp"), 200, "version=1.0"],
  ["the Domain API, for all services", () => ask.domains(), 200, "version=1.0"],
  ["Sentinel", () => ask.app(), 200, "v=1.0"],
  ["the IDP", ({ app }: Tokens) => ask.consumer({ Authorization: app }, someone), 201, "v=1.0"],
  ["CONVERSATION", (tokens: Tokens) => ask.conversation(headersOf(tokens), batch), 200, "v=3"],
  ["SEND", (tokens: Tokens) => ask.send(headersOf(tokens), change), 200, "v=3"]
] as const

const withVersion = ({ path, ...rest }: Sent, from: string, to: string): Sent => {
  expect(path).toContain(from)
  return { ...rest, path: path.replace(from, to) }
}

onSocket()("An endpoint", (it) => {
  it.effect.each(versioned)("takes a call of its version, however the number is written: %s", ([name, of, status, v]) =>
    Effect.gen(function* () {
      const key = v.replace(/=.*/, "")
      for (const number of v === "v=3" ? ["3", "3.0"] : ["1.0", "1"]) {
        const call = withVersion(of(yield* signIn(`${name} ${number}`)), v, `${key}=${number}`)
        expect((yield* send(call)).status).toBe(status)
      }
    })
  )

  it.effect.each(versioned)("takes a call that names no version: %s", ([name, of, status, v]) =>
    Effect.gen(function* () {
      const call = withVersion(of(yield* signIn(`${name} without`)), v, "")
      expect((yield* send(call)).status).toBe(status)
    })
  )

  it.effect.each(versioned)("refuses a call of another version with 400: %s", ([name, of, , v]) =>
    Effect.gen(function* () {
      const { conversations } = yield* Simulator.Simulator
      const tokens = yield* signIn(`${name} of another`)
      const before = yield* conversations
      const key = v.replace(/=.*/, "")
      for (const another of [`${key}=2`, `${key}=`, `${key}=three`, `${v}&${key}=2`]) {
        const answer = yield* send(withVersion(of(tokens), v, another))
        expect(answer.status).toBe(400)
        expect(answer.body).not.toHaveProperty("access_token")
        if (v === "v=3") expect(JSON.stringify(answer.body)).toBe(versionless)
      }
      expect(yield* conversations).toStrictEqual(before)
    })
  )

  const account = `/api/account/${accountId}`

  it.effect.each([
    ["DELETE", `${account}/service/idp/baseURI.json?version=1.0`, "GET"],
    ["GET", `/sentinel${account}/app/token?v=1.0`, "POST"],
    ["PUT", `${account}/consumer?v=1.0`, "POST"],
    ["GET", `${account}/messaging/consumer/conversation?v=3`, "POST"],
    ["PATCH", `${account}/messaging/consumer/conversation/send?v=3`, "POST"],
    ["POST", "/v1/AUTH_async-images/dog.png", "PUT, GET"],
    ["GET", `${account}/app/${appInstallId}/engagement?v=1.1`, "POST"]
  ] as const)(
    "answers 405 to a method that it does not know, and says which it knows: %s %s",
    ([method, path, allow]) =>
      Effect.gen(function* () {
        const url = yield* NodeSimulator.url
        const { headers, status, text } = yield* Effect.tryPromise(async (signal) => {
          const response = await fetch(url + path, { method, signal })
          return { status: response.status, headers: response.headers, text: await response.text() }
        })
        expect({ status, allow: headers.get("allow"), text }).toStrictEqual({ status: 405, allow, text: "" })
      })
  )

  it.effect.each([
    ["/nowhere", 404],
    ["/", 404],
    [`${account}/messaging/consumer/conversations?v=3`, 404],
    [`${account}/messaging/consumer/conversation/receive?v=3`, 404],
    [`${account}/messaging/Consumer/conversation?v=3`, 404],
    [`/API/account/${accountId}/messaging/consumer/conversation?v=3`, 404],
    [`${account}/messaging/consumer/conversation/?v=3`, 401],
    [`/${account}/messaging//consumer/conversation?v=3`, 401]
  ] as const)("is told by the letters of its path, not by the number of its slashes: %s is %i", ([path, status]) =>
    Effect.gen(function* () {
      const answer = yield* send({ ...ask.conversation({}, batch), path })
      expect(answer.status).toBe(status)
      if (status === 404) expect(answer.body).toBe("")
    })
  )

  it.effect("that is none is seen on the wire as it was written", () =>
    Effect.gen(function* () {
      const path = "/api/acount/12345678/consumer?v=1.0"
      yield* send({ method: "POST", path, body: "{}" })
      const { calls } = yield* Simulator.Simulator
      expect((yield* calls).at(-1)).toMatchObject({ endpoint: "elsewhere", method: "POST", path, status: 404 })
    })
  )
})

onSocket()("A body", (it) => {
  const contentTypes = [
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ["Application/JSON", 200],
    ["text/plain;charset=UTF-8", 400],
    ["application/x-www-form-urlencoded", 400],
    ["application/jsonp", 400],
    ["", 400]
  ] as const

  it.effect.each(contentTypes)("that is said to be %j is answered %i by CONVERSATION and by SEND", ([type, status]) =>
    Effect.gen(function* () {
      const tokens = yield* signIn(`said ${type}`)
      const headers = { ...headersOf(tokens), "Content-Type": type }
      const refused = {
        code: "BAD_REQUEST",
        body: { msg: "Bad Request, Content-Type must be application/json" }
      }
      for (const call of [ask.conversation(headers, batch), ask.send(headers, change)]) {
        const answer = yield* send(call)
        expect(answer.status).toBe(status)
        if (status === 400) expect(answer.body).toStrictEqual(refused)
      }
      expect(yield* conversationsOf(`said ${type}`)).toHaveLength(status === 200 ? 1 : 0)
    })
  )

  it.effect("whose kind is not said is refused by both", () =>
    Effect.gen(function* () {
      const headers = headersOf(yield* signIn("not said"))
      for (const call of [ask.conversation(headers, batch), ask.send(headers, change)]) {
        // Bytes, to which fetch adds no Content-Type of its own.
        const answer = yield* send({ ...call, headers, body: Buffer.from(String(call.body)) })
        expect(answer.status).toBe(400)
      }
      expect(yield* conversationsOf("not said")).toEqual([])
    })
  )

  it.effect.each(["text/plain", "application/x-www-form-urlencoded"])(
    "is read by the IDP whatever it is said: %s",
    (type) =>
      Effect.gen(function* () {
        const call = ask.consumer({ Authorization: yield* appToken, "Content-Type": type }, someone)
        expect((yield* send(call)).status).toBe(201)
      })
  )

  it.effect("may be said to be JSON to Sentinel, of whom one document writes it (D1)", () =>
    Effect.gen(function* () {
      const headers = { "Content-Type": "application/json" }
      const app = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`
      const path = `/sentinel/api/account/${accountId}/app/token?v=1.0`
      const query: Sent = { method: "POST", path: `${path}&${app}`, headers }
      for (const call of [query, { ...query, path, body: app }]) {
        expect(told(yield* send(call))).toMatchObject({ status: 200, body: { token_type: "Bearer" } })
      }
    })
  )
})

onSocket()("Sentinel", (it) => {
  it.effect.each([
    ["another version", { path: `/sentinel/api/account/${accountId}/app/token?v=2` }, 400, "invalid_request"],
    ["no grant", { path: `/sentinel/api/account/${accountId}/app/token?v=1.0` }, 400, "unsupported_grant_type"],
    ["a wrong secret", { body: `client_id=${clientId}&client_secret=wrong` }, 401, "invalid_client"]
  ] as const)("refuses %s in the words of OAuth 2.0", ([, changes, status, error]) =>
    Effect.gen(function* () {
      const answer = yield* send({ ...ask.app(), ...changes })
      expect(told(answer)).toStrictEqual({ status, body: { error, error_description: expect.any(String) } })
    })
  )
})
