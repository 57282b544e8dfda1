import { AccountId, ConsumerId, ConversationId } from "@effect-liveperson/core/protocol"
import { Channel, Event } from "@effect-liveperson/gateway"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { createHmac } from "node:crypto"

const event: Event.Event = {
  id: "dialog:7",
  account: AccountId.make("12345678"),
  consumer: ConsumerId.make("sms:+15550100"),
  conversationId: ConversationId.make("conversation"),
  late: false,
  happening: Event.Happening.cases.Text.make({ text: "It is on its way 🚚" })
}

const told = (answer: number | "broken") => {
  const posted: Array<HttpClientRequest.HttpClientRequest> = []
  const client = HttpClient.make((request) => {
    posted.push(request)
    return answer === "broken"
      ? Effect.fail(
          new HttpClientError.HttpClientError({
            reason: new HttpClientError.TransportError({ request, cause: "reset" })
          })
        )
      : Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: answer })))
  })
  const live = Channel.layerWebhook({ url: "https://channel.test/events", secret: Redacted.make("secret") })
  return Channel.Channel.use((channel) => channel.tell(event)).pipe(
    Effect.match({ onSuccess: () => "taken", onFailure: ({ _tag }) => _tag }),
    Effect.map((outcome) => ({ outcome, posted })),
    Effect.provide(live.pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, client))))
  )
}

describe("a webhook of the channel's", () => {
  it.effect("carries the event, its id, and a signature over the very bytes and the time", () =>
    Effect.gen(function* () {
      const { outcome, posted } = yield* told(204)
      expect(outcome).toBe("taken")
      const [request] = posted
      const body = request?.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
      expect(JSON.parse(body)).toMatchObject({ id: event.id, happening: { _tag: "Text", text: "It is on its way 🚚" } })
      const { id, signature, timestamp } = Channel.headerNames
      const at = request?.headers[timestamp] ?? ""
      const expected = createHmac("sha256", "secret").update(`${at}.${body}`).digest("base64")
      expect(request?.headers[id]).toBe(event.id)
      expect(request?.headers[signature]).toBe(`sha256=${expected}`)
    })
  )

  it.effect.each([
    [200, "taken"],
    [400, "ChannelRefused"],
    [422, "ChannelRefused"],
    [401, "ChannelUnavailable"],
    [404, "ChannelUnavailable"],
    [429, "ChannelUnavailable"],
    [503, "ChannelUnavailable"],
    [302, "ChannelUnavailable"],
    ["broken", "ChannelUnavailable"]
  ] as const)("that is answered %s counts as %s", ([answer, expected]) =>
    Effect.map(told(answer), ({ outcome }) => {
      expect(outcome).toBe(expected)
    })
  )
})
