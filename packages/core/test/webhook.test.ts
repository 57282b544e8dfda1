import { Inbox, type Protocol, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Redacted, Schema } from "effect"
import { createHmac } from "node:crypto"

const accountId = "12345678"
const clientId = "my-app"
const secret = "s3cret-of-the-app"
const apps = [
  { accountId, clientId, clientSecret: [Redacted.make("the-new-one"), Redacted.make(secret)] },
  { accountId: "87654321", clientId, clientSecret: Redacted.make("another") }
] as const

const utf8 = new TextEncoder()
const limit = 100_000

/** LivePerson's formula, by a library that is not the one under test. */
const signed = (body: Uint8Array, algorithm: "sha1" | "sha256" = "sha1", key = secret) => ({
  "x-liveperson-account-id": accountId,
  "x-liveperson-client-id": clientId,
  "x-liveperson-signature": `${algorithm}=${createHmac(algorithm, key).update(body).digest("base64")}`
})

const text = (message: string, sequence = 0) => ({
  kind: "notification",
  type: "ms.MessagingEventNotification",
  body: {
    changes: [
      {
        sequence,
        originatorId: "agent",
        originatorMetadata: { id: "agent", role: "ASSIGNED_AGENT" },
        serverTimestamp: 1,
        event: { type: "ContentEvent", contentType: "text/plain", message },
        dialogId: "c-1",
        conversationId: "c-1"
      }
    ]
  }
})

const messageOf = (notification: Protocol.Notification): unknown => {
  const [change] = notification._tag === "MessagingEventNotification" ? notification.body.changes : []
  return change?._tag === "MessagingEvent" && change.event._tag === "Text" ? change.event.message : undefined
}

/** The same JSON written in one of the many ways that it can be written. */
const spellings: ReadonlyArray<(json: unknown) => string> = [
  (json) => JSON.stringify(json),
  (json) => JSON.stringify(json, null, 2),
  (json) => ` \n\t${JSON.stringify(json)}\r\n `,
  (json) => JSON.stringify(json).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  (json) => JSON.stringify(json).replaceAll("/", "\\/"),
  (json) => JSON.stringify(Object.fromEntries(Object.entries(json ?? {}).toReversed()))
]

const Live = Layer.merge(Webhook.layer({ apps, bodyLimit: limit }), Inbox.layerMemory())

it.layer(Webhook.layer({ apps, bodyLimit: limit }))((it) => {
  describe("a delivery that LivePerson signed is read, however its JSON is written", () => {
    const delivery = Arbitrary.all({
      message: Arbitrary.schema(Schema.String),
      spelling: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: spellings.length - 1 }))),
      algorithm: Arbitrary.schema(Schema.Literals(["sha1", "sha256"]))
    })

    it.effect.prop("whatever it says", [delivery], ([{ algorithm, message, spelling }]) =>
      Effect.gen(function* () {
        const body = utf8.encode(spellings[spelling]?.(text(message)))
        const notification = yield* Webhook.receive({ headers: signed(body, algorithm), body })
        expect(messageOf(notification)).toBe(message)
      })
    )

    it.effect.each(["🚚 on its way", "\ud83d\ude9a", "naïve – “quoted”", "a\u0000b\u2028c", '"\\/\b\f\n\r\t'])(
      "as with %j",
      ([...message]) =>
        Effect.gen(function* () {
          for (const spell of spellings) {
            const body = utf8.encode(spell(text(message.join(""))))
            expect(messageOf(yield* Webhook.receive({ headers: signed(body, "sha256"), body }))).toBe(message.join(""))
          }
        })
    )
  })

  describe("what is not LivePerson's is not read", () => {
    const body = utf8.encode(JSON.stringify(text("Hi")))
    const headers = signed(body)
    const { "x-liveperson-signature": signature, ...unsigned } = headers
    const broken = utf8.encode('{"kind":"notification",')
    const number = utf8.encode("7")
    const noBody = utf8.encode('{"kind":"notification","type":"x"}')
    const noText = Uint8Array.from([0xff, 0xfe])
    const large = new Uint8Array(limit + 1)
    const noUtf8 = utf8.encode(JSON.stringify(text("H\u0001i"))).map((byte) => (byte === 0x48 ? 0xff : byte))

    it.effect.each<readonly [string, Webhook.Posted, Webhook.WebhookError["_tag"]]>([
      ["an account that nobody knows", { headers: { ...headers, "x-liveperson-account-id": "1" }, body }, "UnknownApp"],
      ["an app that nobody knows", { headers: { ...headers, "x-liveperson-client-id": "x" }, body }, "UnknownApp"],
      ["no account and no app", { headers: { "x-liveperson-signature": signature }, body }, "UnknownApp"],
      [
        "another account's app, with this one's signature",
        { headers: { ...headers, "x-liveperson-account-id": "87654321" }, body },
        "SignatureInvalid"
      ],
      ["no signature", { headers: unsigned, body }, "SignatureMissing"],
      ["an empty signature", { headers: { ...unsigned, "x-liveperson-signature": "" }, body }, "SignatureMissing"],
      ["a signature over other bytes", { headers: signed(utf8.encode("{}")), body }, "SignatureInvalid"],
      ["a signature with another secret", { headers: signed(body, "sha1", "wrong"), body }, "SignatureInvalid"],
      [
        "a signature by another algorithm than it says",
        { headers: { ...headers, "x-liveperson-signature": signature.replace("sha1", "sha256") }, body },
        "SignatureInvalid"
      ],
      [
        "an algorithm that nobody knows",
        { headers: { ...headers, "x-liveperson-signature": signature.replace("sha1", "md5") }, body },
        "SignatureInvalid"
      ],
      [
        "a signature that is no base64",
        { headers: { ...headers, "x-liveperson-signature": "sha1=*" }, body },
        "SignatureInvalid"
      ],
      [
        "half a signature",
        { headers: { ...headers, "x-liveperson-signature": signature.slice(0, 20) }, body },
        "SignatureInvalid"
      ],
      [
        "a signature without its algorithm",
        { headers: { ...headers, "x-liveperson-signature": signature.slice(5) }, body },
        "SignatureInvalid"
      ],
      ["too many bytes", { headers: signed(large), body: large }, "BodyTooLarge"],
      ["no JSON", { headers: signed(broken), body: broken }, "NotJson"],
      ["JSON with bytes that are no text", { headers: signed(noUtf8), body: noUtf8 }, "NotJson"],
      ["no text", { headers: signed(noText), body: noText }, "NotJson"],
      ["JSON that is no notification", { headers: signed(number), body: number }, "NotANotification"],
      ["a notification without a body", { headers: signed(noBody), body: noBody }, "NotANotification"]
    ])("%s", ([, posted, tag]) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Webhook.receive(posted))
        expect(error._tag).toBe(tag)
        expect(JSON.stringify(error) + error.message).not.toMatch(/Hi|s3cret|87654321/)
      })
    )

    const changed = Arbitrary.all({
      at: Arbitrary.schema(Schema.Natural),
      bit: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 7 })))
    })
    it.effect.prop("one bit of the body that is not as it was signed", [changed], ([{ at, bit }]) =>
      Effect.gen(function* () {
        const tampered = body.slice()
        tampered[at % body.length] = (tampered[at % body.length] ?? 0) ^ (1 << bit)
        expect((yield* Effect.flip(Webhook.receive({ headers, body: tampered })))._tag).toBe("SignatureInvalid")
      })
    )
  })

  it.effect("a secret that is being replaced counts beside the one that replaces it", () =>
    Effect.gen(function* () {
      const body = utf8.encode(JSON.stringify(text("Hi")))
      for (const key of [secret, "the-new-one"]) yield* Webhook.receive({ headers: signed(body, "sha256", key), body })
    })
  )

  it.effect("header names are read whatever their case", () =>
    Effect.gen(function* () {
      const body = utf8.encode(JSON.stringify(text("Hi")))
      const headers = Object.fromEntries(
        Object.entries(signed(body)).map(([name, value]) => [name.toUpperCase(), value])
      )
      yield* Webhook.receive({ headers, body })
    })
  )

  it.effect("what is signed for a test is what LivePerson would sign", () =>
    Effect.gen(function* () {
      const body = utf8.encode(JSON.stringify(text("🚚")))
      for (const algorithm of ["sha1", "sha256"] as const) {
        const options = { accountId, clientId, clientSecret: Redacted.make(secret), body, algorithm }
        expect(yield* Webhook.sign(options)).toEqual(signed(body, algorithm))
      }
    })
  )
})

describe("the endpoint", () => {
  const post = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>, init: RequestInit = {}) =>
    new Request("https://connector.example/liveperson", { method: "POST", body, headers, ...init })
  const good = utf8.encode(JSON.stringify(text("Hi")))
  const bad = utf8.encode("{")
  const large = new Uint8Array(limit + 1)

  const answering = <A>(layer: typeof Live, use: (handler: (request: Request) => Promise<Response>) => Promise<A>) => {
    const { dispose, handler } = WebhookEndpoint.toWebHandler(layer)
    return Effect.promise(() => use(handler)).pipe(Effect.ensuring(Effect.promise(dispose)))
  }

  it.live.each<readonly [string, () => Request, number]>([
    ["a notification", () => post(good, signed(good)), 200],
    ["one that is not signed", () => post(good, {}), 401],
    ["one with a wrong signature", () => post(good, signed(bad)), 401],
    ["garbage that is signed", () => post(bad, signed(bad)), 400],
    ["too many bytes", () => post(large, signed(large)), 413],
    ["another method", () => new Request("https://connector.example/liveperson"), 405]
  ])("answers %s", ([, request, status]) =>
    Effect.gen(function* () {
      const response = yield* answering(Live, (handler) => handler(request()))
      expect(response.status).toBe(status)
      expect(yield* Effect.promise(() => response.text())).toBe("")
    })
  )

  it.live.each<readonly [string, Record<string, string>, number]>([
    ["announces nothing", {}, 413],
    ["announces little", { "content-length": "5" }, 400],
    ["announces what is no number", { "content-length": "" }, 413]
  ])("reads no more than its limit of a body that %s and never ends", ([, headers, status]) =>
    Effect.gen(function* () {
      let read = 0
      const body = new ReadableStream({
        pull: (controller) => {
          read += 1_000
          if (read > 10 * limit) controller.error(new Error("it is read on and on"))
          else controller.enqueue(new Uint8Array(1_000))
        }
      })
      const streamed = { method: "POST", body, headers, duplex: "half" }
      const request = new Request("https://connector.example/liveperson", streamed)
      expect((yield* answering(Live, (handler) => handler(request))).status).toBe(status)
      expect(read).toBeLessThan(limit + 10_000)
    })
  )

  it.live("answers 503 when the inbox is full, and takes the same again when it is not", () =>
    Effect.gen(function* () {
      const layer = Layer.merge(
        Webhook.layer({ apps }),
        Inbox.layerMemory({ capacity: 1, onShutdown: () => Effect.void })
      )
      const statuses = yield* answering(layer, async (handler) => {
        const second = utf8.encode(JSON.stringify(text("more", 1)))
        return [(await handler(post(good, signed(good)))).status, (await handler(post(second, signed(second)))).status]
      })
      expect(statuses).toEqual([200, 503])
    })
  )
})
