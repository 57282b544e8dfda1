import { Inbox, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import type * as Schedule from "effect/Schedule"
import { describe, expect, test } from "tstyche"

const nothing = () => Effect.void

const all = {
  Text: nothing,
  File: nothing,
  SecureFormInvitation: nothing,
  SecureFormSubmission: nothing,
  OtherContent: nothing,
  RichContent: nothing,
  ChatState: nothing,
  AcceptStatus: nothing,
  ConversationChange: nothing,
  Unrecognized: nothing
}

describe("handlers", () => {
  test("are for every kind, or say what is done with the others", () => {
    const { Text, ...allButText } = all
    expect(Inbox.run).type.toBeCallableWith(all)
    expect(Inbox.run).type.not.toBeCallableWith(allButText)
    expect(Inbox.run).type.toBeCallableWith({ Text, orElse: nothing })
    expect(Inbox.run).type.not.toBeCallableWith({ Txt: nothing, orElse: nothing })
  })

  test("are handed what is of their kind", () => {
    Inbox.run({
      Text: (event) => {
        expect(event.message).type.toBe<string>()
        return Effect.void
      },
      ChatState: (event) => {
        expect(event.chatState).type.toBe<"ACTIVE" | "INACTIVE" | "GONE" | "COMPOSING" | "PAUSE" | "BACKGROUND">()
        return Effect.void
      },
      orElse: nothing
    })
  })

  test("run for ever, and require what they require", () => {
    const running = Inbox.run({ orElse: nothing })
    expect(running).type.toBe<Effect.Effect<never, never, Inbox.Inbox>>()
  })

  test("are tried again by a schedule of their own errors", () => {
    expect<Inbox.RunOptions<"oh">["retry"]>().type.toBe<Schedule.Schedule<unknown, "oh"> | undefined>()
  })
})

describe("the endpoint", () => {
  test("needs somebody who verifies, and somewhere to put what is verified", () => {
    const route = WebhookEndpoint.route("/lp")
    const provided = route.pipe(Layer.provide([Webhook.layer({ apps: [] as never }), Inbox.layerMemory()]))
    expect<Layer.Services<typeof provided>>().type.toBe<HttpRouter.HttpRouter>()
    expect<Layer.Services<typeof route>>().type.not.toBe<HttpRouter.HttpRouter>()
    expect(WebhookEndpoint.toWebHandler).type.not.toBeCallableWith(Inbox.layerMemory())
  })
})
