import { Fault, Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Fiber, Redacted, Schema } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { all, content, listener, opened, sendInProcess, settle, texts } from "./hooks.ts"
import { calls as operatorCalls, installationOf, loginWith, manifest } from "./operators.ts"
import { accountId, type Answer, ask, downloadUrl, say, tokenOf, uploadUrl } from "./support.ts"
import { signInBy } from "./ways.ts"

const quiet = Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
const inProcess = Effect.provide(Simulator.layer())

const json = { "Content-Type": "application/json" }

/** Every exchange, as whoever looks at the wire sees it. */
const exchanges = Effect.gen(function* () {
  const { exchange, wire } = yield* Simulator.Simulator
  return yield* Effect.forEach(yield* wire, ({ id }) => Effect.flatMap(exchange(id), Effect.fromNullishOr))
})

/**
 * A secret, in two parts that are told from anything else, and between them what has to be written otherwise in a URL
 * or in JSON: whichever way a secret is written, its parts are there.
 */
const secrets = Arbitrary.map(
  Arbitrary.schema(
    Schema.Struct({
      parts: Schema.Tuple([Schema.Int, Schema.Int]),
      between: Schema.Literals(["", "-", " ", "+", "&", "=", "%", '"', "\\", ":", "é", "😀", "?a=b", '":"', "token="])
    })
  ),
  ({ between, parts }) => {
    const [one, other] = parts.map((part, nth) => `Sec${nth}ret${part}x`)
    return { value: `${one}${between}${other}`, parts: [`${one}`, `${other}`] }
  }
)

const FileUrl = Schema.Struct({
  body: Schema.Struct({
    relativePath: Schema.String,
    queryParams: Schema.Struct({ temp_url_sig: Schema.String, temp_url_expires: Schema.String })
  })
})

const fileUrlOf = ({ body }: Answer) => Schema.decodeUnknownSync(FileUrl)(body).body

/** Answers a delivery with secrets of its own. */
const answering = (secret: string) =>
  HttpClient.make((request) =>
    Effect.succeed(
      HttpClientResponse.fromWeb(
        request,
        new Response(JSON.stringify({ access_token: secret, nested: [{ "api-key": secret, apikey: 7 }] }), {
          headers: { "set-cookie": `session=${encodeURIComponent(secret)}`, "x-next-token": encodeURIComponent(secret) }
        })
      )
    )
  )

const Login = Schema.Struct({ bearer: Schema.String })

/** Says a secret wherever there is a place for one, and gives back whatever the simulator added. */
const tellEverywhere = Effect.fnUntraced(function* (secret: string, bytes: number) {
  const { consumer, fault } = yield* Simulator.Simulator
  const encoded = encodeURIComponent(secret)
  const form = ask.app()
  // In a form, a query, JSON, and under names that are written otherwise.
  const right = `client_id=${Simulator.credentials.clientId}&client_secret=${encoded}`
  const Authorization = tokenOf(yield* sendInProcess({ ...form, body: right }))
  for (const body of [
    right.replace("client_secret", "client_s%65cret"),
    right.replace("client_secret", "CLIENT_SECRET"),
    `client_secret=${encoded}&x=1`,
    JSON.stringify({ client_secret: secret, deep: [{ Password: secret }, { "my-token": secret, token: 12 }] }),
    ` \n{"client_s\\u0065cret" : ${JSON.stringify(secret)}`,
    `[{"bearer":${JSON.stringify(secret)}`
  ]) {
    yield* sendInProcess({ ...form, body })
    yield* sendInProcess({ ...form, headers: json, body })
  }
  for (const name of ["client_secret", "client_%73ecret", "X-Token", "temp_url_sig", "api_key", "apikey"]) {
    yield* sendInProcess({ ...form, path: `${form.path}&${name}=${encoded}&v=2` })
  }
  // In headers: the tokens, and whatever else a client may send.
  const consumerToken = yield* sendInProcess(ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}'))
  const headers = { Authorization, "X-LP-ON-BEHALF": tokenOf(consumerToken) }
  const bearers = { Authorization: `Bearer ${encoded}`, "X-LP-ON-BEHALF": `Bearer ${encoded}` }
  yield* sendInProcess(ask.send({ ...bearers, Cookie: `a=${encoded}`, "X-Api-Key": encoded }, "{"))
  // In what a consumer is.
  const privateData = { pushNotificationData: { serviceName: "s", certName: "c", token: secret } }
  const open = yield* consumer("Ada")({ _tag: "Open", profile: { privateData }, text: "Hi" })
  expect(open?.status).toBe(200)
  // In URLs that are signed.
  const asked = (request: object) => sendInProcess(ask.send(headers, JSON.stringify(request)))
  const up = fileUrlOf(yield* asked(uploadUrl({ fileSize: 3, fileType: "PNG" })))
  const path = `${up.relativePath}?temp_url_sig=${up.queryParams.temp_url_sig}&temp_url_expires=9`
  yield* sendInProcess({ method: "PUT", path, body: "abc" })
  yield* sendInProcess({ method: "GET", path })
  // In what an operator says and is told.
  const login = yield* sendInProcess(loginWith({ username: "Grace", password: secret }))
  const { bearer } = Schema.decodeUnknownSync(Login)(login.body)
  const operator = operatorCalls({ Authorization: `Bearer ${bearer}` })
  const header = { header_name: "X-Mine", header_value: secret }
  const webhooks = { [content]: { endpoint: "https://connector.test", headers: [header] } }
  const installation = yield* sendInProcess(operator.create(manifest({ capabilities: { webhooks } })))
  // In answers that are cut short.
  yield* fault("sentinel", Fault.truncated(bytes))
  yield* sendInProcess({ ...form, body: right })
  yield* fault("idp", Fault.truncated(bytes))
  yield* sendInProcess(ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}'))
  yield* settle
  return [
    ...Object.values(headers).flatMap((token) => token.split(".")),
    up.queryParams.temp_url_sig,
    bearer,
    installationOf(installation).client_secret
  ]
})

describe("On the wire", () => {
  it.effect.prop(
    "no secret is ever seen, wherever it was said",
    [secrets, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 900 }))],
    ([{ parts, value }, bytes]) =>
      Effect.gen(function* () {
        const headers = [
          { header_name: "X-Hook", header_value: value },
          { header_name: "x-auth", header_value: value }
        ]
        const endpoint = `https://user:${encodeURIComponent(value)}@connector.test/hook?key=${encodeURIComponent(value)}`
        const { deliver: byFunction, heard } = listener()
        const simulator = Simulator.layer({
          clientSecret: Redacted.make(value),
          webhooks: { [content]: { endpoint, headers } },
          deliver: answering(value)
        })
        yield* Effect.gen(function* () {
          const { consumer, subscribe } = yield* Simulator.Simulator
          const more = yield* tellEverywhere(value, bytes)
          yield* subscribe({ [content]: { endpoint, headers } }, byFunction)
          yield* consumer("Ada")({ _tag: "Say", text: "Hi" })
          yield* settle
          const signatures = heard.map((posted) => `${posted.headers["x-liveperson-signature"]}`.replace("sha1=", ""))
          expect(signatures).toHaveLength(1)
          const seen = JSON.stringify(yield* exchanges)
          // The beginning of any token.
          for (const secret of [...parts, ...more, ...signatures, "eyJ"]) expect(seen).not.toContain(secret)
          expect(seen).toContain('"X-Hook"'.toLowerCase())
        }).pipe(Effect.provide(simulator), quiet)
      }),
    { arbitrary: { runs: 40 } }
  )

  /** What has a meaning in JSON, in a form, or to whoever looks for secrets, in any order. */
  const words = Schema.Array(
    Schema.Union([
      Schema.String,
      Schema.Literals([
        "token",
        "client_secret",
        '"',
        '":"',
        "\\",
        "=",
        "&",
        "?",
        "{",
        "}",
        "[",
        ",",
        ":",
        "\n",
        " ",
        "😀"
      ])
    ])
  )
  const text = Arbitrary.map(Arbitrary.schema(words), (words) => `${words.join("")}.`)

  it.effect.prop("what people say is seen as they said it, and so is all about it", [text], ([text]) => {
    const { deliver, heard } = listener()
    return Effect.gen(function* () {
      if (text.length > 1000) return
      const ada = yield* opened("Ada")
      const request = say(ada.id, text)
      expect((yield* ada.tell(request)).status).toBe(200)
      yield* settle
      const [call, delivery] = (yield* exchanges).slice(-2)
      expect(call?.request.body).toBe(JSON.stringify(request))
      expect(call?.response?.body).toBe('{"code":"OK","body":{"sequence":0},"reqId":"1,"}')
      expect(delivery?.request.body).toBe(new TextDecoder().decode(heard[0]?.body))
      expect(JSON.parse(delivery?.request.body ?? "")).toMatchObject({
        body: { changes: [{ event: { message: text } }] }
      })
    }).pipe(Effect.provide(Simulator.layer({ webhooks: texts("https://connector.test"), deliver })))
  })

  it.effect("a call says who made it, for whom, what it carried, and how it was answered", () =>
    Effect.gen(function* () {
      const { consumer, exchange, fault, wire } = yield* Simulator.Simulator
      yield* TestClock.adjust("1 second")
      const rule = yield* fault("send", Fault.latency("5 seconds"))
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      const saying = yield* Effect.forkChild(consumer("Ada")({ _tag: "Say", text: "Well?" }))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(saying)
      const call = { _tag: "Call", account: accountId, method: "POST", at: 1000, millis: 0, fault: undefined }
      expect(yield* wire).toEqual([
        {
          ...call,
          id: 1,
          endpoint: "sentinel",
          path: `/sentinel/api/account/${accountId}/app/token?v=1.0&grant_type=client_credentials`,
          status: 200,
          consumer: undefined,
          payloads: []
        },
        {
          ...call,
          id: 2,
          endpoint: "idp",
          path: `/api/account/${accountId}/consumer?v=1.0`,
          status: 201,
          consumer: "Ada",
          payloads: []
        },
        {
          ...call,
          id: 3,
          endpoint: "conversation",
          path: `/api/account/${accountId}/messaging/consumer/conversation?v=3`,
          status: 200,
          consumer: "Ada",
          payloads: ["userprofile.SetUserProfile", "cm.ConsumerRequestConversation", "ms.PublishEvent"]
        },
        {
          ...call,
          id: 4,
          endpoint: "send",
          path: `/api/account/${accountId}/messaging/consumer/conversation/send?v=3`,
          status: 200,
          consumer: "Ada",
          payloads: ["ms.PublishEvent"],
          millis: 5000,
          fault: rule.id
        }
      ])
      expect(yield* exchange(4)).toMatchObject({
        row: { id: 4 },
        request: { headers: { "content-type": "application/json", authorization: "<redacted>" } },
        response: { headers: { "content-type": "application/json" }, body: expect.stringContaining('"sequence":1') }
      })
      expect(yield* exchange(5)).toBeUndefined()
    }).pipe(inProcess)
  )

  it.effect("a file is told by its size, a slow body is whole, and a short one is short", () =>
    Effect.gen(function* () {
      const { fault } = yield* Simulator.Simulator
      const headers = yield* signInBy(sendInProcess)
      const asked = (request: object) => sendInProcess(ask.send(headers, JSON.stringify(request)))
      const pathOf = (answer: Answer) => {
        const { queryParams, relativePath } = fileUrlOf(answer)
        return `${relativePath}?${new URLSearchParams(queryParams).toString()}`
      }
      const up = pathOf(yield* asked(uploadUrl({ fileSize: 5, fileType: "PNG" })))
      yield* sendInProcess({ method: "PUT", path: up, body: "Woof!" })
      const down = pathOf(yield* asked(downloadUrl({ relativePath: up.replace(/\?.*/, "") })))
      yield* sendInProcess({ method: "GET", path: down })
      const [put, , got] = (yield* exchanges).slice(-3)
      expect(put).toMatchObject({ request: { body: "(5 bytes)" }, response: { body: "" } })
      expect(got).toMatchObject({ request: { body: "(0 bytes)" }, response: { body: "(5 bytes)" } })

      yield* fault("domains", Fault.slowBody("1 second"))
      const slow = yield* Effect.forkChild(sendInProcess(ask.domain("idp")))
      yield* TestClock.adjust("2 seconds")
      const { bytes } = yield* Fiber.join(slow)
      const body = new TextDecoder().decode(bytes)
      expect((yield* exchanges).at(-1)).toMatchObject({ row: { millis: 1000 }, response: { body } })
      yield* fault("domains", Fault.truncated(7))
      yield* sendInProcess(ask.domain("idp"))
      expect((yield* exchanges).at(-1)?.response?.body).toBe(body.slice(0, 7))
    }).pipe(inProcess)
  )

  const numbers = {
    limit: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 })),
    calls: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 }))
  }

  it.effect.prop("the newest are kept, as many as there may be, and their numbers go on", numbers, ({ calls, limit }) =>
    Effect.gen(function* () {
      const { clearWire, exchange, wire } = yield* Simulator.Simulator
      yield* Effect.replicateEffect(sendInProcess(ask.domain("idp")), calls)
      const ids = Array.from({ length: calls }, (_, nth) => nth + 1)
      const kept = limit === 0 ? [] : ids.slice(-limit)
      expect((yield* wire).map(({ id }) => id)).toEqual(kept)
      for (const id of ids) expect((yield* exchange(id)) !== undefined).toBe(kept.includes(id))
      yield* clearWire
      expect(yield* wire).toEqual([])
      yield* sendInProcess(ask.domain("idp"))
      expect((yield* wire).map(({ id }) => id)).toEqual(limit === 0 ? [] : [calls + 1])
    }).pipe(Effect.provide(Simulator.layer({ wireLimit: numbers.limit.make(limit) })))
  )

  it.effect("what is under way when all is cleared stays, and is told when it ends", () =>
    Effect.gen(function* () {
      const { clearWire, fault, wire } = yield* Simulator.Simulator
      yield* sendInProcess(ask.domain("idp"))
      yield* fault("domains", Fault.latency("1 minute"))
      const asking = yield* Effect.forkChild(sendInProcess(ask.domain("idp")))
      yield* settle
      yield* clearWire
      expect(yield* wire).toMatchObject([{ id: 2, status: "waiting", millis: undefined }])
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(asking)
      expect(yield* wire).toMatchObject([{ id: 2, status: 200, millis: 60_000 }])
    }).pipe(inProcess)
  )
})

/** Answers deliveries, one after the other, with these. */
const inTurn = (...answers: ReadonlyArray<() => Effect.Effect<Response>>) => {
  const left = [...answers]
  return HttpClient.make((request) =>
    Effect.map(left.shift()?.() ?? Effect.never, (response) => HttpClientResponse.fromWeb(request, response))
  )
}

const respond =
  (body: string, status: number, headers: Record<string, string> = {}) =>
  () =>
    Effect.sync(() => new Response(body, { status, headers }))

describe("A delivery on the wire", () => {
  const deliver: Webhooks.Deliver = inTurn(
    respond('{"reason":"later"}', 503, { "retry-after": "9", "content-type": "application/json" }),
    () => Effect.never,
    () => Effect.die("broken"),
    respond("thanks", 200)
  )

  it.effect("says which attempt it is, what was posted, and what the endpoint answered", () =>
    Effect.gen(function* () {
      const { consumer, conversations, wire } = yield* Simulator.Simulator
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* settle
      yield* TestClock.adjust("10 minutes")
      const [conversation] = yield* conversations
      const rows = (yield* wire).filter((row) => row._tag === "Delivery")
      const row = {
        _tag: "Delivery",
        account: accountId,
        consumer: "Ada",
        conversationId: conversation?.id,
        endpoint: `https://connector.test/${content}`,
        fault: undefined,
        key: content,
        method: "POST",
        type: "ContentEvent"
      }
      expect(rows).toEqual([
        { ...row, id: 4, attempt: 1, at: 0, millis: 0, status: 503 },
        { ...row, id: 5, attempt: 2, at: 30_000, millis: 5000, status: "timeout" },
        { ...row, id: 6, attempt: 3, at: 65_000, millis: 0, status: "dropped" },
        { ...row, id: 7, attempt: 4, at: 95_000, millis: 0, status: 200 }
      ])
      const whole = (yield* exchanges).slice(-4)
      for (const { request } of whole) {
        expect(request.headers).toEqual({
          "content-type": "application/json",
          "x-liveperson-account-id": accountId,
          "x-liveperson-client-id": Simulator.credentials.clientId,
          "x-liveperson-signature": "<redacted>",
          "x-mine": "<redacted>"
        })
        expect(JSON.parse(request.body)).toMatchObject({ kind: "notification", body: { changes: [{}] } })
      }
      expect(whole.map(({ response }) => response)).toEqual([
        { headers: { "content-type": "application/json", "retry-after": "9" }, body: '{"reason":"later"}' },
        undefined,
        undefined,
        { headers: { "content-type": "text/plain;charset=UTF-8" }, body: "thanks" }
      ])
    }).pipe(
      Effect.provide(
        Simulator.layer({
          deliver,
          webhooks: texts("https://connector.test", {
            max_retries: 5,
            headers: [{ header_name: "X-Mine", header_value: "mine" }]
          })
        })
      )
    )
  )

  it.effect("that is on its way stays when all is cleared", () =>
    Effect.gen(function* () {
      const { clearWire, consumer, wire } = yield* Simulator.Simulator
      yield* consumer("Ada")({ _tag: "Open", text: "Hi" })
      yield* settle
      yield* clearWire
      expect(yield* wire).toMatchObject([{ _tag: "Delivery", id: 4, status: "waiting", attempt: 1 }])
      yield* TestClock.adjust("5 seconds")
      // The next of the conversation waited for it.
      expect((yield* wire).map(({ id, status }) => [id, status])).toEqual([
        [4, "timeout"],
        [5, "waiting"]
      ])
    }).pipe(
      Effect.provide(
        Simulator.layer({
          webhooks: { ...all("https://connector.test") },
          deliver: HttpClient.make((request) =>
            Effect.as(Effect.never, HttpClientResponse.fromWeb(request, new Response()))
          )
        })
      )
    )
  )
})
