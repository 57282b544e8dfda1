import { Webhook } from "@effect-liveperson/core"
import { expect, it } from "@effect/vitest"
import { Cause, Effect, Exit, Option, Random, Redacted } from "effect"
import { createHmac } from "node:crypto"

/** `FUZZ=1000000` mutates more. */
const runs = Number(process.env["FUZZ"] ?? 100_000)

const secret = "s3cret"
const utf8 = new TextEncoder()

const original = utf8.encode(
  JSON.stringify({
    kind: "notification",
    type: "ms.MessagingEventNotification",
    body: {
      changes: [
        {
          sequence: 1,
          originatorId: "a",
          originatorMetadata: { id: "a", role: "ASSIGNED_AGENT" },
          serverTimestamp: 1,
          event: { type: "ContentEvent", contentType: "text/plain", message: "Hi 🚚" },
          dialogId: "d"
        }
      ]
    }
  })
)

const tagOf = (body: Uint8Array) => createHmac("sha256", secret).update(body).digest("base64")

const headers = {
  "x-liveperson-account-id": "1",
  "x-liveperson-client-id": "app",
  "x-liveperson-signature": `sha256=${tagOf(original)}`
}

type Headers = Record<string, string>

interface Request {
  readonly headers: Headers
  readonly body: Uint8Array
}

const below = (max: number) => Random.nextIntBetween(0, max, { halfOpen: true })

/** One small thing that is not as it was. */
const mutations: ReadonlyArray<(request: Request) => Effect.Effect<Request>> = [
  ({ body, headers }) =>
    Effect.map(Effect.all([below(body.length || 1), below(8)]), ([at, bit]) => ({
      headers,
      body: body.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte))
    })),
  ({ body, headers }) => Effect.map(below(body.length + 1), (end) => ({ headers, body: body.slice(0, end) })),
  ({ body, headers }) =>
    Effect.map(below(body.length + 1), (at) => ({
      headers,
      body: Uint8Array.from([...body.subarray(0, at), ...body.subarray(at, at + 20), ...body.subarray(at)])
    })),
  ({ body, headers }) => Effect.map(below(256), (byte) => ({ headers, body: Uint8Array.from([...body, byte]) })),
  ({ body, headers }) =>
    Effect.map(below(3), (which) => {
      const name = Object.keys(headers)[which] ?? ""
      return { body, headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)) }
    }),
  ({ body, headers }) =>
    Effect.map(Effect.all([below(3), below(60), below(0xffff)]), ([which, at, code]) => {
      const name = Object.keys(headers)[which] ?? "x"
      const value = headers[name] ?? ""
      return {
        body,
        headers: { ...headers, [name]: value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1) }
      }
    })
]

/** Signed as it is, so that what lies behind the signature is reached as well. */
const resigned = ({ body, headers }: Request): Request => ({
  body,
  headers: { ...headers, "x-liveperson-signature": `sha256=${tagOf(body)}` }
})

const mutated: Effect.Effect<Request> = Effect.gen(function* () {
  let request: Request = { headers, body: original }
  for (let left = 1 + (yield* below(3)); left > 0; left--) {
    const mutation = mutations[yield* below(mutations.length)]
    if (mutation !== undefined) request = yield* mutation(request)
  }
  return (yield* below(4)) === 0 ? resigned(request) : request
})

const isGenuine = ({ body, headers: { ...given } }: Request): boolean =>
  given["x-liveperson-account-id"] === "1" &&
  given["x-liveperson-client-id"] === "app" &&
  given["x-liveperson-signature"] === `sha256=${tagOf(body)}`

it.layer(Webhook.layer({ apps: [{ accountId: "1", clientId: "app", clientSecret: Redacted.make(secret) }] }))((it) => {
  it.effect(
    `of ${runs} requests that were tampered with none crashes, and none is accepted that is not signed`,
    () =>
      Effect.gen(function* () {
        const outcomes: Record<string, number> = {}
        const before = process.memoryUsage().heapUsed
        for (let run = 0; run < runs; run++) {
          const request = yield* mutated
          const exit = yield* Effect.exit(Webhook.receive(request))
          if (Exit.isFailure(exit) && Cause.hasDies(exit.cause)) throw new Error(Cause.pretty(exit.cause))
          const outcome = Exit.isSuccess(exit)
            ? "accepted"
            : Option.match(Cause.findErrorOption(exit.cause), { onNone: () => "?", onSome: ({ _tag }) => _tag })
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
          if (outcome === "accepted" && !isGenuine(request)) expect(request).toBe("signed")
        }
        const kinds = ["NotANotification", "NotJson", "SignatureInvalid", "SignatureMissing", "UnknownApp", "accepted"]
        expect(Object.keys(outcomes).toSorted()).toEqual(kinds)
        expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024)
      }).pipe(Random.withSeed("tampered")),
    600_000
  )
})
