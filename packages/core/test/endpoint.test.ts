import { Echo, Inbox, Message, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import { NodeHttpServer } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Option, Queue, Redacted } from "effect"
import { HttpEffect, HttpRouter, HttpServer } from "effect/http"
import { createHmac } from "node:crypto"
import { createServer } from "node:http"

const limit = 100_000
const apps = [{ accountId: "1", clientId: "app", clientSecret: Redacted.make("secret") }] as const

/** The route on a real socket, as a user serves it. */
const Served = HttpRouter.serve(WebhookEndpoint.route("/lp"), { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provide(Webhook.layer({ apps, bodyLimit: limit })),
  Layer.provideMerge(Inbox.layerMemory({ onShutdown: () => Effect.void })),
  Layer.provideMerge(Echo.layerMemory()),
  Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" }))
)

const signed = (body: string) => ({
  "x-liveperson-account-id": "1",
  "x-liveperson-client-id": "app",
  "x-liveperson-signature": `sha1=${createHmac("sha1", "secret").update(body).digest("base64")}`
})

const text = (message: string, sequence: number) =>
  JSON.stringify({
    kind: "notification",
    type: "ms.MessagingEventNotification",
    body: {
      changes: [
        {
          sequence,
          originatorId: "a",
          event: { type: "ContentEvent", contentType: "text/plain", message },
          dialogId: "d"
        }
      ]
    }
  })

const posting = (body: string | ReadableStream<Uint8Array>, headers: Record<string, string>, path = "/lp") =>
  HttpServer.addressFormattedWith((url) =>
    Effect.promise(() =>
      fetch(`${url}${path}`, { method: "POST", body, headers, ...(typeof body === "string" ? {} : { duplex: "half" }) })
    )
  )

it.layer(Served, { excludeTestServices: true })((it) => {
  describe("on a real socket", () => {
    it.effect("a delivery is answered before its handler is done, and handled in order", () =>
      Effect.gen(function* () {
        const handled = yield* Queue.unbounded<string>()
        yield* Effect.forkScoped(
          Inbox.run({
            Text: (event) => Effect.andThen(Effect.sleep("150 millis"), Queue.offer(handled, event.message)),
            orElse: () => Effect.void
          })
        )
        const bodies = Array.from({ length: 5 }, (_, sequence) => text(`${sequence} 🚚`, sequence))
        const statuses = yield* Effect.forEach(bodies, (body) =>
          Effect.map(posting(body, signed(body)), ({ status }) => status)
        )
        expect(statuses).toEqual([200, 200, 200, 200, 200])
        expect(yield* Queue.size(handled)).toBeLessThan(5)
        expect(yield* Effect.forEach(bodies, () => Queue.take(handled))).toEqual([
          "0 🚚",
          "1 🚚",
          "2 🚚",
          "3 🚚",
          "4 🚚"
        ])
      })
    )

    it.effect.each<readonly [string, string, Record<string, string>, number]>([
      ["what is not signed", text("x", 9), {}, 401],
      ["garbage that is signed", "{", signed("{"), 400],
      ["nothing", "", signed(""), 400],
      ["what says that it is too large", "x".repeat(limit + 1), signed("x".repeat(limit + 1)), 413]
    ])("%s is refused", ([, body, headers, status]) =>
      Effect.gen(function* () {
        expect((yield* posting(body, headers)).status).toBe(status)
      })
    )

    it.effect("a body that does not say how large it is is read no further than the limit", () =>
      Effect.gen(function* () {
        let sent = 0
        const endless = new ReadableStream<Uint8Array>({
          pull: (controller) => {
            sent += 10_000
            if (sent > 200 * limit) controller.close()
            else controller.enqueue(new Uint8Array(10_000))
          }
        })
        const outcome = yield* Effect.exit(posting(endless, signed("")))
        expect(outcome._tag === "Success" ? outcome.value.status : 413).toBe(413)
        expect(sent).toBeLessThan(200 * limit)
      })
    )

    it.effect("the connector hears its own words", () =>
      Effect.gen(function* () {
        const body = text("mine", 20).replace('"originatorId":"a"', '"originatorMetadata":{"role":"CONSUMER"}')
        yield* posting(body, signed(body))
        const heard = yield* Echo.confirm({ target: "d", message: Message.text("mine") }, { within: "1 second" })
        expect(Option.map(heard, ({ sequence }) => sequence)).toEqual(Option.some(20))
      })
    )

    it.effect("another path is not found", () =>
      Effect.gen(function* () {
        expect((yield* posting("{}", {}, "/other")).status).toBe(404)
      })
    )
  })
})

describe("an inbox of one's own", () => {
  it.effect("is told whose the notification is, and what it fails with is answered 503", () =>
    Effect.gen(function* () {
      const offered: Array<string> = []
      let isFull = false
      const { dispose, handler } = HttpEffect.toWebHandlerLayer(
        WebhookEndpoint.appTo((notification, accountId) =>
          isFull
            ? Effect.fail(new Inbox.InboxFull())
            : Effect.sync(() => void offered.push(`${accountId} ${notification._tag}`))
        ),
        Webhook.layer({ apps })
      )
      const body = text("Hi", 0)
      const post = () =>
        Effect.promise(() => handler(new Request("http://localhost/", { method: "POST", body, headers: signed(body) })))
      expect((yield* post()).status).toBe(200)
      isFull = true
      expect((yield* post()).status).toBe(503)
      expect(offered).toEqual(["1 MessagingEventNotification"])
      yield* Effect.promise(dispose)
    })
  )
})
