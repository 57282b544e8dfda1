import { Connector, type ConnectorError, Message, type OnBehalfOf, Protocol, SendApi } from "@effect-liveperson/core"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { describe, expect, test } from "tstyche"

const id = Protocol.RequestId.make("1")

interface DiskError {
  readonly _tag: "DiskError"
}
interface Disk {
  readonly mounted: true
}
declare const stream: Stream.Stream<Uint8Array, DiskError, Disk>

describe("SendApi.send", () => {
  test("answers each payload with its own success", () => {
    const publish = SendApi.send(
      Protocol.PublishEvent.request.make({
        id,
        body: { dialogId: Protocol.DialogId.make("d"), event: { type: "ChatStateEvent", chatState: "GONE" } }
      })
    )
    const upload = SendApi.send(
      Protocol.GenerateURLForUploadFile.request.make({ id, body: { fileSize: 1, fileType: "PNG" } })
    )
    const profile = SendApi.send(Protocol.SetUserProfile.request.make({ id, body: {} }))
    expect<Effect.Success<typeof publish>>().type.toBe<{ readonly sequence?: number }>()
    expect<Effect.Success<typeof upload>>().type.toBe<Protocol.FileUrl>()
    expect<Effect.Success<typeof profile>>().type.toBe<{ readonly msg?: string }>()
    expect<Effect.Services<typeof publish>>().type.toBe<SendApi.SendApi | OnBehalfOf.OnBehalfOf>()
    expect<Effect.Error<typeof publish>>().type.toBe<ConnectorError.ConnectorError>()
  })

  test("does not take what only CONVERSATION does", () => {
    const request = Protocol.ConsumerRequestConversation.request.make({
      id,
      body: { brandId: Protocol.AccountId.make("1") }
    })
    expect(SendApi.send).type.not.toBeCallableWith(request)
    expect(SendApi.send).type.not.toBeCallableWith(
      Protocol.PublishFirstEvent.request.make({ id, body: { event: Protocol.TextEvent.make({ message: "x" }) } })
    )
  })
})

describe("whoever", () => {
  test("sends is required to say on whose behalf", () => {
    const sending = Connector.send("c", Message.text("x"))
    expect<Effect.Services<typeof sending>>().type.toBe<Connector.Connector | OnBehalfOf.OnBehalfOf>()
    expect<Effect.Success<typeof sending>>().type.toBe<Connector.Sent>()
    expect<Effect.Error<typeof sending>>().type.toBe<ConnectorError.ConnectorError>()
  })

  test("types needs a scope to type in", () => {
    const typing = Connector.typing("c")
    expect<Effect.Services<typeof typing>>().type.toBe<Connector.Connector | OnBehalfOf.OnBehalfOf | Scope.Scope>()
  })

  test("sends a file fails as its stream fails, and requires what it requires", () => {
    const sending = Connector.sendFile("c", { type: "PNG", stream, size: 1 })
    expect<Effect.Error<typeof sending>>().type.toBe<ConnectorError.ConnectorError | DiskError>()
    expect<Effect.Services<typeof sending>>().type.toBe<Connector.Connector | OnBehalfOf.OnBehalfOf | Disk>()
    const bytes = Connector.sendFile("c", { type: "PNG", bytes: new Uint8Array() })
    expect<Effect.Error<typeof bytes>>().type.toBe<ConnectorError.ConnectorError>()
    expect<Effect.Services<typeof bytes>>().type.toBe<Connector.Connector | OnBehalfOf.OnBehalfOf>()
  })

  test("streams a file says its size", () => {
    expect(Connector.sendFile).type.not.toBeCallableWith("c", { type: "PNG", stream })
  })
})

describe("a message", () => {
  test("is what LivePerson knows", () => {
    expect(Message.chatState).type.not.toBeCallableWith("TYPING")
    expect(Message.status).type.not.toBeCallableWith("SEEN", [1])
    expect(Message.richContent).type.not.toBeCallableWith({ type: "vertical" })
    expect(Connector.rate).type.not.toBeCallableWith("c", { stars: 6, resolved: true })
    expect(Connector.rate).type.toBeCallableWith("c", { stars: 5, resolved: true })
  })
})
