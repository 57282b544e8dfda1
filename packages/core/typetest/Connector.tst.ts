import {
  Connector,
  type ConnectorError,
  Conversation,
  type OnBehalfOf,
  Protocol,
  SendApi
} from "@effect-liveperson/core"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import { describe, expect, test } from "tstyche"

declare const clientSecret: Redacted.Redacted
declare const live: Layer.Layer<Connector.Services>

const opening = Conversation.make({}).pipe(Connector.open)
const openingWithMessage = Conversation.make({}).pipe(Conversation.withMessage("x"), Connector.open)

describe("on whose behalf", () => {
  test("is required of whoever opens a conversation", () => {
    expect<Effect.Services<typeof opening>>().type.toBe<Connector.Connector | OnBehalfOf.OnBehalfOf>()
  })

  test("is said by onBehalfOf, without which nothing runs", () => {
    const unsaid = opening.pipe(Effect.provide(live))
    const said = unsaid.pipe(Connector.onBehalfOf("sms:+15550100"))
    expect<Effect.Services<typeof unsaid>>().type.toBe<OnBehalfOf.OnBehalfOf>()
    expect(Effect.runPromise).type.not.toBeCallableWith(unsaid)
    expect(Effect.runPromise).type.toBeCallableWith(said)
  })
})

describe("Connector.layer", () => {
  test("needs an HttpClient and nothing else", () => {
    const layer = Connector.layer({ accountId: "12345678", clientId: "id", clientSecret })
    expect(layer).type.toBe<Layer.Layer<Connector.Services, ConnectorError.InvalidInput, HttpClient.HttpClient>>()
  })
})

describe("SendApi.conversation", () => {
  const profile = Protocol.SetUserProfile.request.make({ id: Protocol.RequestId.make("1"), body: {} })
  const conversation = Protocol.ConsumerRequestConversation.request.make({
    id: Protocol.RequestId.make("2"),
    body: { brandId: Protocol.AccountId.make("12345678") }
  })
  const message = Protocol.PublishFirstEvent.request.make({
    id: Protocol.RequestId.make("3"),
    body: { event: Protocol.TextEvent.make({ message: "x" }) }
  })

  test("takes the profile, the conversation and at most one message", () => {
    expect(SendApi.conversation).type.toBeCallableWith([profile, conversation])
    expect(SendApi.conversation).type.toBeCallableWith([profile, conversation, message])
  })

  test("takes them in no other order and number", () => {
    expect(SendApi.conversation).type.not.toBeCallableWith([])
    expect(SendApi.conversation).type.not.toBeCallableWith([profile])
    expect(SendApi.conversation).type.not.toBeCallableWith([conversation])
    expect(SendApi.conversation).type.not.toBeCallableWith([conversation, profile])
    expect(SendApi.conversation).type.not.toBeCallableWith([profile, message])
    expect(SendApi.conversation).type.not.toBeCallableWith([profile, message, conversation])
    expect(SendApi.conversation).type.not.toBeCallableWith([profile, conversation, message, message])
  })

  const two = SendApi.conversation([profile, conversation])
  const three = SendApi.conversation([profile, conversation, message])

  test("is sent on someone's behalf too", () => {
    expect<Effect.Services<typeof two>>().type.toBe<SendApi.SendApi | OnBehalfOf.OnBehalfOf>()
  })

  test("answers each of them with its own success", () => {
    type Profile = { readonly msg?: string }
    type Conversation = { readonly conversationId: Protocol.ConversationId }
    type Message = { readonly sequence?: Protocol.Sequence }
    expect<Effect.Success<typeof two>>().type.toBe<readonly [Profile, Conversation]>()
    expect<Effect.Success<typeof three>>().type.toBe<readonly [Profile, Conversation, Message]>()
  })
})

describe("what is opened", () => {
  test("has a sequence exactly where there was a first message", () => {
    expect<Effect.Success<typeof opening>>().type.toBe<Conversation.Opened>()
    expect<Effect.Success<typeof opening>>().type.not.toHaveProperty("sequence")
    expect<Effect.Success<typeof openingWithMessage>>().type.toHaveProperty("sequence")
    expect<Effect.Success<typeof openingWithMessage>["sequence"]>().type.toBe<number | undefined>()
  })
})

describe("opening", () => {
  test("fails with what ConnectorError names and nothing else", () => {
    expect<Effect.Error<typeof opening>>().type.toBe<ConnectorError.ConnectorError>()
  })

  test("fails no otherwise on someone's behalf", () => {
    const said = opening.pipe(Connector.onBehalfOf("sms:+15550100"))
    expect<Effect.Error<typeof said>>().type.toBe<ConnectorError.ConnectorError>()
  })
})
