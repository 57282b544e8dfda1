import { Connector, Echo, Message, Protocol } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Option, Schema } from "effect"
import { TestClock } from "effect/testing"

const decode = Schema.decodeUnknownSync(Protocol.Notification)

const told = (
  event: unknown,
  options: { readonly dialog?: string; readonly sequence?: number; readonly role?: string } = {}
) =>
  Echo.Echo.use((echo) =>
    echo.hear(
      decode({
        kind: "notification",
        type: "ms.MessagingEventNotification",
        body: {
          changes: [
            {
              ...(options.sequence === undefined ? {} : { sequence: options.sequence }),
              originatorMetadata: { id: "x", role: options.role ?? "CONSUMER" },
              event,
              dialogId: options.dialog ?? "d"
            }
          ]
        }
      })
    )
  )

const text = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message })

const sent = (sequence: number | undefined): Connector.Sent => ({
  conversationId: Protocol.ConversationId.make("d"),
  dialogId: Protocol.DialogId.make("d"),
  sequence
})

const within = { within: "5 seconds" } as const

describe("a message that was sent", () => {
  it.effect("is confirmed by its number, whether it comes back before one asks or after", () =>
    Effect.gen(function* () {
      yield* told(text("a"), { sequence: 1 })
      expect(Option.isSome(yield* Connector.confirm(sent(1)))).toBe(true)
      const waiting = yield* Effect.forkChild(Connector.confirm(sent(2)))
      yield* Effect.yieldNow
      yield* told(text("b"), { sequence: 2, dialog: "another" })
      yield* told(text("b"), { sequence: 2, role: "ASSIGNED_AGENT" })
      yield* TestClock.adjust(0)
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* told(text("b"), { sequence: 2 })
      expect(Option.map(yield* Fiber.join(waiting), ({ sequence }) => sequence)).toEqual(Option.some(2))
    }).pipe(Effect.provide(Echo.layerMemory()))
  )

  it.effect("is not when it does not come back in time", () =>
    Effect.gen(function* () {
      const waiting = yield* Effect.forkChild(Connector.confirm(sent(1), within))
      yield* told(text("a"), { sequence: 0 })
      yield* TestClock.adjust("4999 millis")
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(waiting)).toEqual(Option.none())
    }).pipe(Effect.provide(Echo.layerMemory()))
  )
})

describe("a message of which it is not known whether it was sent", () => {
  const messages: ReadonlyArray<readonly [string, Message.Message, unknown, unknown]> = [
    ["text, also with a line of its own at the end", Message.text("Hi"), text("Hi\n"), text("Hi there")],
    [
      "file",
      Message.file({ relativePath: "/a", fileType: "PNG" }),
      { type: "ContentEvent", contentType: "hosted/file", message: { relativePath: "/a" } },
      { type: "ContentEvent", contentType: "hosted/file", message: { relativePath: "/b" } }
    ],
    [
      "card, in whatever order LivePerson writes its fields",
      Message.card({ title: "x" }),
      {
        type: "RichContentEvent",
        content: { elements: [{ style: { bold: true }, text: "x", type: "text" }], type: "vertical" }
      },
      { type: "RichContentEvent", content: { type: "vertical", elements: [] } }
    ],
    [
      "form",
      Message.secureForm({ submissionId: "s", invitationId: "i" }),
      {
        type: "ContentEvent",
        contentType: "forms/secure-submission",
        message: { submissionId: "s", invitationId: "i" }
      },
      {
        type: "ContentEvent",
        contentType: "forms/secure-submission",
        message: { submissionId: "t", invitationId: "i" }
      }
    ],
    [
      "state",
      Message.chatState("GONE"),
      { type: "ChatStateEvent", chatState: "GONE" },
      { type: "ChatStateEvent", chatState: "PAUSE" }
    ],
    [
      "receipt",
      Message.read([1, 2]),
      { type: "AcceptStatusEvent", status: "READ", sequenceList: [1, 2] },
      { type: "AcceptStatusEvent", status: "ACCEPT", sequenceList: [1, 2] }
    ]
  ]

  it.effect.each(messages)("is known by what it says: %s", ([, message, same, other]) =>
    Effect.gen(function* () {
      yield* told(other, { sequence: 1 })
      const waiting = yield* Effect.forkChild(Connector.confirm({ target: "d", message }, within))
      yield* TestClock.adjust(0)
      expect(waiting.pollUnsafe()).toBeUndefined()
      yield* told(same, { sequence: 2 })
      expect(Option.isSome(yield* Fiber.join(waiting))).toBe(true)
    }).pipe(Effect.provide(Echo.layerMemory()))
  )

  it.effect("is not known by the same words said earlier", () =>
    Effect.gen(function* () {
      yield* told(text("yes"), { sequence: 3 })
      const asked = { target: "d", message: Message.text("yes"), after: 3 }
      const waiting = yield* Effect.forkChild(Connector.confirm(asked, within))
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(waiting)).toEqual(Option.none())
      yield* told(text("yes"), { sequence: 5 })
      expect(Option.isSome(yield* Connector.confirm(asked, within))).toBe(true)
    }).pipe(Effect.provide(Echo.layerMemory()))
  )

  it.effect("is not known by what was heard too long ago", () =>
    Effect.gen(function* () {
      for (let sequence = 0; sequence < 3; sequence++) yield* told(text("x"), { sequence })
      const waiting = yield* Effect.forkChild(Connector.confirm(sent(0), within))
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(waiting)).toEqual(Option.none())
      expect(Option.isSome(yield* Connector.confirm(sent(1)))).toBe(true)
    }).pipe(Effect.provide(Echo.layerMemory({ capacity: 2 })))
  )
})
