import { Connector, type ConnectorError, Message, Protocol, Retry, SendApi } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { answered, type Answer, connectorOn, elapsed, type Seen, Wire, withoutJitter } from "./support.ts"

const conversation = "8602832d-dce1-446b-8445-0d51f5926a42"
const someone = Connector.onBehalfOf("sms:1")

const sentBodies = Effect.map(Wire, ({ seen }) => seen.map(({ body }) => JSON.parse(body)))

const said = Effect.map(sentBodies, (bodies) => bodies.map(({ body }) => body.event.message ?? body.event.chatState))

describe("a verb is one request, as LivePerson's pages write it", () => {
  const dialog = { dialogId: conversation, conversationId: conversation }
  const content = { type: "ContentEvent", contentType: "text/plain" }
  const field = (conversationField: unknown) => ({ conversationId: conversation, conversationField })

  it.effect.each<readonly [string, Effect.Effect<unknown, ConnectorError.ConnectorError, Connector.Connector>, object]>(
    [
      [
        "text",
        Connector.send(conversation, Message.text("Hi")).pipe(someone),
        { type: "ms.PublishEvent", body: { ...dialog, event: { ...content, message: "Hi" } } }
      ],
      [
        "a message in another dialog",
        Connector.send({ id: conversation, dialogId: "survey" }, Message.text("5")).pipe(someone),
        { type: "ms.PublishEvent", body: { ...dialog, dialogId: "survey", event: { ...content, message: "5" } } }
      ],
      [
        "a quick reply",
        Connector.send(conversation, Message.quickReply("Yes", { id: "yes-1234" })).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: { ...dialog, event: { ...content, message: "Yes" } },
          metadata: [{ type: "ExternalId", id: "yes-1234" }]
        }
      ],
      [
        "a click",
        Connector.send(conversation, Message.action(4, [{ type: "ExternalId", id: "x" }])).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: { ...dialog, event: { type: "AcceptStatusEvent", status: "ACTION", sequenceList: [4] } },
          metadata: [{ type: "ExternalId", id: "x" }]
        }
      ],
      [
        "a file that lies in storage",
        Connector.send(conversation, Message.file({ relativePath: "/a", fileType: "PNG" })).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: {
            ...dialog,
            event: {
              type: "ContentEvent",
              contentType: "hosted/file",
              message: { caption: "", relativePath: "/a", fileType: "PNG" }
            }
          }
        }
      ],
      [
        "a secure form",
        Connector.send(conversation, Message.secureForm({ submissionId: "s", invitationId: "i" })).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: {
            ...dialog,
            event: {
              type: "ContentEvent",
              contentType: "forms/secure-submission",
              message: { submissionId: "s", invitationId: "i" }
            }
          }
        }
      ],
      [
        "a card",
        Connector.send(
          conversation,
          Message.card({
            title: "Parcel",
            text: "Late",
            buttons: [{ title: "Track", actions: [{ type: "link", uri: "https://a.example" }] }]
          })
        ).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: {
            ...dialog,
            event: {
              type: "RichContentEvent",
              content: {
                type: "vertical",
                elements: [
                  { type: "text", text: "Parcel", style: { bold: true } },
                  { type: "text", text: "Late" },
                  { type: "button", title: "Track", click: { actions: [{ type: "link", uri: "https://a.example" }] } }
                ]
              }
            }
          }
        }
      ],
      [
        "accept",
        Connector.accept(conversation, [1, 2]).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: { ...dialog, event: { type: "AcceptStatusEvent", status: "ACCEPT", sequenceList: [1, 2] } }
        }
      ],
      [
        "read",
        Connector.read(conversation, [3]).pipe(someone),
        {
          type: "ms.PublishEvent",
          body: { ...dialog, event: { type: "AcceptStatusEvent", status: "READ", sequenceList: [3] } }
        }
      ],
      [
        "close",
        Connector.close(conversation).pipe(someone),
        {
          type: "cm.UpdateConversationField",
          body: field({ field: "ConversationStateField", conversationState: "CLOSE" })
        }
      ],
      [
        "closing a dialog",
        Connector.closeDialog({ id: conversation, dialogId: "d" }).pipe(someone),
        {
          type: "cm.UpdateConversationField",
          body: field({
            field: "DialogChange",
            type: "UPDATE",
            dialog: { dialogId: "d", state: "CLOSE", closedCause: "Closed by consumer" }
          })
        }
      ],
      [
        "rating",
        Connector.rate(conversation, { stars: 5, resolved: true }).pipe(someone),
        {
          type: "cm.UpdateConversationField",
          body: field({ field: "CSATRate", csatRate: 5, csatResolutionConfirmation: true, status: "FILLED" })
        }
      ],
      [
        "urgency",
        Connector.setUrgency(conversation, "URGENT", "90 seconds").pipe(someone),
        { type: "cm.UpdateConversationField", body: field({ field: "TTRField", ttrType: "URGENT", value: 90 }) }
      ],
      [
        "several fields",
        Connector.update(conversation, [
          { field: "TTRField", ttrType: "NORMAL", value: 60 },
          { field: "Skill", type: "UPDATE", skill: 7 }
        ]).pipe(someone),
        {
          type: "cm.UpdateConversationField",
          body: field([
            { field: "TTRField", ttrType: "NORMAL", value: 60 },
            { field: "Skill", type: "UPDATE", skill: "7" }
          ])
        }
      ],
      [
        "a profile",
        Connector.setProfile({ firstName: "Grace" }).pipe(someone),
        { type: "userprofile.SetUserProfile", body: { firstName: "Grace" } }
      ]
    ]
  )("%s", ([, effect, request]) =>
    Effect.gen(function* () {
      yield* effect
      const { seen } = yield* Wire
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
        "POST https://asyncmessagingent.liveperson.test/api/account/12345678/messaging/consumer/conversation/send?v=3"
      ])
      expect(yield* sentBodies).toEqual([{ kind: "req", id: "1", ...request }])
    }).pipe(Effect.provide(connectorOn(answered)))
  )

  it.effect("whose answer tells the number that the event was given", () =>
    Effect.gen(function* () {
      yield* Connector.send(conversation, Message.text("a")).pipe(someone)
      expect(yield* Connector.send({ id: conversation, dialogId: "d" }, Message.text("b")).pipe(someone)).toEqual({
        conversationId: conversation,
        dialogId: "d",
        sequence: 1
      })
    }).pipe(Effect.provide(connectorOn(answered)))
  )
})

describe("what LivePerson forbids is not sent", () => {
  const long = (length: number) => "x".repeat(length)
  const click = { actions: [{ type: "publishText" as const, text: "x" }] }

  it.effect.each<readonly [string, Effect.Effect<unknown, ConnectorError.ConnectorError, Connector.Connector>, string]>(
    [
      [
        "a text of 5001 characters",
        Connector.send(conversation, Message.text(long(5001))).pipe(someone),
        "body.event.message: expected a text of at most 5000 characters"
      ],
      [
        "a text that makes the request too long",
        Connector.send(conversation, Message.text(long(4990))).pipe(someone),
        ": expected a request of at most 5000 characters of JSON"
      ],
      [
        "an empty conversation",
        Connector.send("", Message.text("x")).pipe(someone),
        "body.dialogId: expected a text of 1 to 64 characters"
      ],
      [
        "a preview of 30 KB and more",
        Connector.send(
          conversation,
          Message.file({ relativePath: "/a", fileType: "PNG", preview: `data:${long(30 * 1024)}` })
        ).pipe(someone),
        "body.event.message.preview: expected a preview under 30 KB"
      ],
      [
        "a preview that is no data URI",
        Connector.send(
          conversation,
          Message.file({ relativePath: "/a", fileType: "PNG", preview: "https://a.example" })
        ).pipe(someone),
        "body.event.message.preview: expected a data URI"
      ],
      [
        "an id of 65 characters",
        Connector.send(conversation, Message.quickReply("x", { id: long(65) })).pipe(someone),
        "metadata[0].id: expected a text of at most 64 characters"
      ],
      [
        "a button title of 129 characters",
        Connector.send(conversation, Message.card({ buttons: [{ title: long(129), actions: [] }] })).pipe(someone),
        "body.event.content.elements[0].title: expected a text of at most 128 characters"
      ],
      [
        "five actions",
        Connector.send(
          conversation,
          Message.card({
            buttons: [
              { title: "x", actions: Array.from({ length: 5 }, () => ({ type: "publishText", text: "x" }) as const) }
            ]
          })
        ).pipe(someone),
        "body.event.content.elements[0].click.actions: expected at most 4 actions"
      ],
      [
        "a carousel of one",
        Connector.send(conversation, Message.carousel([{ title: "x" }])).pipe(someone),
        "body.event.content.elements: expected 2 to 10 cards"
      ],
      [
        "a carousel of eleven",
        Connector.send(conversation, Message.carousel(Array.from({ length: 11 }, () => ({ title: "x" })))).pipe(
          someone
        ),
        "body.event.content.elements: expected 2 to 10 cards"
      ],
      [
        "25 quick replies",
        Connector.send(
          conversation,
          Message.richContent(
            { type: "text", text: "x" },
            {
              quickReplies: {
                type: "quickReplies",
                itemsPerRow: 8,
                replies: Array.from({ length: 25 }, () => ({ type: "button", title: "x", click }) as const)
              }
            }
          )
        ).pipe(someone),
        "body.event.quickReplies.replies: expected at most 24 replies"
      ],
      [
        "a sequence that is a fraction",
        Connector.read(conversation, [1.5]).pipe(someone),
        "body.event.sequenceList[0]: expected an integer"
      ],
      [
        "a negative time to respond",
        Connector.update(conversation, { field: "TTRField", ttrType: "NORMAL", value: -1 }).pipe(someone),
        "body.conversationField.value: "
      ],
      [
        "a click without what was clicked",
        Connector.send(conversation, Message.action(1, [])).pipe(someone),
        "metadata: expected the metadata of the element that was clicked"
      ],
      [
        "an empty path",
        Connector.send(conversation, Message.file({ relativePath: "", fileType: "PNG" })).pipe(someone),
        "body.event.message.relativePath: "
      ]
    ]
  )("%s", ([, effect, issue]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(effect)
      expect(error).toMatchObject({ _tag: "InvalidInput", sent: false })
      expect(
        error._tag === "InvalidInput" ? error.issues.map(({ expected, path }) => `${path}: ${expected}`) : []
      ).toContainEqual(expect.stringContaining(issue))
      expect((yield* Wire).seen).toEqual([])
    }).pipe(Effect.provide(connectorOn(answered)))
  )

  it.effect("but a preview under 30 KB is, though its request is longer than others may be", () =>
    Effect.gen(function* () {
      const preview = `data:image/png;base64,${long(20_000)}`
      yield* Connector.send(conversation, Message.file({ relativePath: "/a", fileType: "PNG", preview })).pipe(someone)
      expect((yield* Wire).seen.length).toBe(1)
    }).pipe(Effect.provide(connectorOn(answered)))
  )
})

describe("what is repeated is said by the payload's declaration", () => {
  const reset: Answer = { broken: { code: "ECONNRESET" } }
  const content: Record<string, Message.Message> = {
    text: Message.text("x"),
    file: Message.file({ relativePath: "/a", fileType: "PNG" }),
    form: Message.secureForm({ submissionId: "s", invitationId: "i" }),
    card: Message.card({ title: "x" })
  }
  const states: Record<string, Message.Message> = { state: Message.chatState("ACTIVE"), receipt: Message.read([1]) }
  const attempts = (
    effect: Effect.Effect<unknown, ConnectorError.ConnectorError, Connector.Connector>,
    answer: Answer
  ) =>
    Effect.gen(function* () {
      yield* elapsed(effect)
      return (yield* Wire).seen.length
    }).pipe(Effect.provide(connectorOn(() => answer)), withoutJitter)

  it.effect.each(Object.entries(content))("content that may have arrived is not: %s", ([, message]) =>
    Effect.gen(function* () {
      const send = Connector.send(conversation, message).pipe(someone)
      expect(yield* attempts(send, reset)).toBe(1)
      expect(yield* attempts(send, { status: 504 })).toBe(1)
      expect(yield* attempts(send, { status: 503 })).toBe(4)
      expect(yield* attempts(Retry.evenIfProcessed(send), reset)).toBe(4)
    })
  )

  it.effect.each(Object.entries(states))("what says a state is: %s", ([, message]) =>
    Effect.gen(function* () {
      expect(yield* attempts(Connector.send(conversation, message).pipe(someone), reset)).toBe(4)
    })
  )

  it.effect("so are fields and profiles", () =>
    Effect.gen(function* () {
      expect(yield* attempts(Connector.close(conversation).pipe(someone), reset)).toBe(4)
      expect(yield* attempts(Connector.setProfile({}).pipe(someone), reset)).toBe(4)
    })
  )
})

describe("SEND's answers", () => {
  const send = Connector.send(conversation, Message.text("Hi")).pipe(someone, Retry.off)
  const bad = (msg: string) => ({ code: "BAD_REQUEST", body: { msg }, reqId: "1" })

  it.effect.each<readonly [string, Answer, object]>([
    [
      "closed, in the answer of the request",
      { status: 400, body: bad("Bad Request, Conversation is close") },
      {
        _tag: "RequestRejected",
        reason: { _tag: "ConversationClosed" },
        payload: "ms.PublishEvent",
        code: "BAD_REQUEST"
      }
    ],
    [
      "closed, without reqId",
      { status: 400, body: { code: "BAD_REQUEST", body: { msg: "Bad Request, Conversation is close" } } },
      { _tag: "RequestRejected", reason: { _tag: "ConversationClosed" }, payload: "ms.PublishEvent" }
    ],
    [
      "closed, with 200",
      { status: 200, body: bad("Bad Request, Conversation is close") },
      { _tag: "RequestRejected", reason: { _tag: "ConversationClosed" } }
    ],
    [
      "refused with 200",
      { status: 200, body: bad("No") },
      { _tag: "RequestRejected", reason: { _tag: "Other" }, msg: "No" }
    ],
    [
      "refused with 400",
      { status: 400, body: bad("No") },
      { _tag: "InvalidInput", sent: true, msg: "No", payload: "ms.PublishEvent" }
    ],
    [
      "another request's",
      { status: 200, body: { code: "OK", body: { sequence: 1 }, reqId: "2" } },
      { _tag: "UnexpectedResponse", problem: "no answer to ms.PublishEvent (reqId 1)" }
    ],
    [
      "two",
      {
        status: 200,
        body: [
          { code: "OK", body: {}, reqId: "1" },
          { code: "OK", body: {}, reqId: "1" }
        ]
      },
      { _tag: "UnexpectedResponse" }
    ],
    ["no JSON", { status: 200, text: "OK" }, { _tag: "UnexpectedResponse", excerpt: "OK" }],
    ["401", { status: 401 }, { _tag: "Unauthorized" }],
    ["429", { status: 429, headers: { "retry-after": "7" } }, { _tag: "RateLimited" }],
    ["500", { status: 500 }, { _tag: "ServerError", status: 500 }],
    ["404", { status: 404 }, { _tag: "UnexpectedResponse", status: 404 }]
  ])("%s", ([, answer, expected]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(send)
      expect({ ...error }).toMatchObject(expected)
      expect(error.operation).toBe("SendApi.send")
    }).pipe(Effect.provide(connectorOn(() => answer)))
  )

  it.effect.each<readonly [string, unknown]>([
    ["an object", { code: "OK", body: { sequence: 3 }, reqId: "1" }],
    ["an array of it", [{ code: "OK", body: { sequence: 3 }, reqId: "1" }]],
    ["a number for a code and an id", { code: 200, body: { sequence: 3 }, reqId: 1 }],
    ["more than is known", { code: "201", kind: "resp", type: "x", body: { sequence: 3, more: true }, reqId: "1" }]
  ])("are read as %s", ([, body]) =>
    Effect.gen(function* () {
      expect((yield* send).sequence).toBe(3)
    }).pipe(Effect.provide(connectorOn(() => ({ status: 200, body }))))
  )

  it.effect("are read where a text stands for an object (D32)", () =>
    Effect.gen(function* () {
      const { msg } = yield* SendApi.send(
        Protocol.UpdateConversationField.request.make({
          id: Protocol.RequestId.make("9"),
          body: {
            conversationId: Protocol.ConversationId.make("c"),
            conversationField: { field: "ConversationStateField", conversationState: "CLOSE" }
          }
        })
      ).pipe(someone)
      expect(msg).toBe("OK Conversation resolved successfully")
    }).pipe(
      Effect.provide(
        connectorOn(() => ({
          status: 200,
          body: { code: 200, body: "OK Conversation resolved successfully", reqId: "9" }
        }))
      )
    )
  )
})

describe("the order of a conversation", () => {
  /** Answers after as long as the script says, so that a later message could overtake an earlier one. */
  const slowly = (delays: ReadonlyArray<number>, failing: ReadonlyArray<boolean>) => {
    const tries = new Map<string, number>()
    return (seen: Seen, index: number): Answer => {
      const nth = tries.get(seen.body) ?? 0
      tries.set(seen.body, nth + 1)
      return failing[index % (failing.length || 1)] === true && nth === 0
        ? { status: 503, after: delays[index % (delays.length || 1)] ?? 0 }
        : { ...answered(seen, index), after: delays[index % (delays.length || 1)] ?? 0 }
    }
  }
  const delays = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 900 })))

  it.effect.prop(
    "is the order of the calls, one at a time, whatever takes long and whatever is tried again",
    {
      delays,
      failing: Schema.Array(Schema.Boolean),
      lanes: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 }))
    },
    ({ delays, failing, lanes }) =>
      Effect.gen(function* () {
        const calls = Array.from({ length: 12 }, (_, index) => ({ target: `c-${index % lanes}`, text: `${index}` }))
        const exit = yield* elapsed(
          Effect.forEach(calls, ({ target, text }) => Connector.send(target, Message.text(text)), {
            concurrency: "unbounded"
          }).pipe(someone)
        )
        expect(Exit.isSuccess(exit)).toBe(true)
        const { seen } = yield* Wire
        for (let lane = 0; lane < lanes; lane++) {
          const mine = seen.filter(({ body }) => body.includes(`"dialogId":"c-${lane}"`))
          const texts = mine.map(({ body }) => JSON.parse(body).body.event.message)
          const firsts = texts.filter((text, index) => texts.indexOf(text) === index)
          expect(firsts).toEqual(calls.filter(({ target }) => target === `c-${lane}`).map(({ text }) => text))
          expect([...texts].toSorted((a, b) => Number(a) - Number(b))).toEqual(texts)
          for (let at = 1; at < mine.length; at++) expect(mine[at]?.at).toBeGreaterThanOrEqual(mine[at - 1]?.done ?? 0)
        }
      }).pipe(Effect.provide(connectorOn(slowly(delays, failing))), withoutJitter)
  )

  it.effect("makes no conversation wait for another", () =>
    Effect.gen(function* () {
      yield* Effect.forkChild(Connector.send("slow", Message.text("x")).pipe(someone))
      yield* Effect.yieldNow
      yield* Connector.send("quick", Message.text("y")).pipe(someone)
      expect(yield* said).toEqual(["x", "y"])
    }).pipe(
      Effect.provide(connectorOn((seen, index) => (seen.body.includes('"slow"') ? "never" : answered(seen, index))))
    )
  )

  it.effect("goes on when one who waits gives up, and when one fails", () =>
    Effect.gen(function* () {
      const send = (text: string) =>
        Effect.forkChild(Effect.exit(Connector.send("c", Message.text(text)).pipe(someone)))
      const [first, second, third] = [yield* send("first"), yield* send("second"), yield* send("third")]
      yield* Effect.yieldNow
      yield* Fiber.interrupt(second)
      yield* TestClock.adjust("10 seconds")
      expect(Exit.isFailure(yield* Fiber.join(first))).toBe(true)
      expect(Exit.isSuccess(yield* Fiber.join(third))).toBe(true)
      expect(yield* said).toEqual(["first", "third"])
    }).pipe(Effect.provide(connectorOn((seen, index) => (index === 0 ? "never" : answered(seen, index)))))
  )
})

describe("typing", () => {
  const states = Effect.map(said, (all) => all.filter((one: string) => ["COMPOSING", "ACTIVE"].includes(one)))

  const endings: Record<string, Effect.Effect<unknown, unknown>> = {
    "a success": Effect.void,
    "a failure": Effect.fail("oh"),
    "a defect": Effect.die("oh"),
    "an interruption": Effect.interrupt
  }

  it.effect.each(Object.entries(endings))("ends with its scope, however it ends: %s", ([, ending]) =>
    Effect.gen(function* () {
      yield* Effect.exit(Effect.scoped(Effect.andThen(Connector.typing(conversation), ending)).pipe(someone))
      expect(yield* states).toEqual(["COMPOSING", "ACTIVE"])
    }).pipe(Effect.provide(connectorOn(answered)))
  )

  it.effect("ends though its beginning is interrupted on its way, and after it", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.scoped(Connector.typing(conversation)).pipe(someone))
      yield* Effect.yieldNow
      const interruption = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(interruption)
      const { seen } = yield* Wire
      expect(yield* states).toEqual(["COMPOSING", "ACTIVE"])
      expect(seen[1]?.at).toBeGreaterThanOrEqual(seen[0]?.done ?? Number.NaN)
    }).pipe(Effect.provide(connectorOn((seen, index) => ({ ...answered(seen, index), after: 3_000 }))))
  )

  it.effect("ends though LivePerson does not say whether it began", () =>
    Effect.gen(function* () {
      const exit = yield* elapsed(Effect.scoped(Connector.typing(conversation)).pipe(someone))
      expect(Exit.isFailure(exit)).toBe(true)
      expect(yield* states).toEqual(["COMPOSING", "ACTIVE"])
    }).pipe(Effect.provide(connectorOn((seen, index) => (index === 0 ? "never" : answered(seen, index)))))
  )

  it.effect("ends behind what was sent in it", () =>
    Effect.gen(function* () {
      yield* Effect.gen(function* () {
        yield* Connector.typing(conversation)
        yield* Effect.forkChild(Connector.send(conversation, Message.text("Hi")))
        yield* Effect.yieldNow
      }).pipe(Effect.scoped, someone)
      yield* TestClock.adjust("10 seconds")
      expect(yield* said).toEqual(["COMPOSING", "Hi", "ACTIVE"])
    }).pipe(Effect.provide(connectorOn(answered)))
  )
})

describe("Client-Properties", () => {
  const properties = { features: ["RICH_CONTENT"], deviceModel: "Gerät 🚚", osName: "x" }
  const headers = Effect.map(Wire, ({ seen }) => seen.map((call) => call.headers["client-properties"]))
  const send = Connector.send(conversation, Message.text("x")).pipe(someone)

  it.effect("go with everything that is sent in their reach, as the same ASCII text", () =>
    Effect.gen(function* () {
      yield* send
      yield* Connector.withClientProperties(properties)(
        Effect.andThen(send, Connector.close(conversation).pipe(someone))
      )
      const [none, first, second] = yield* headers
      expect(none).toBeUndefined()
      expect(first).toMatch(/^[ -~]+$/)
      expect(JSON.parse(first ?? "")).toEqual({ type: ".ClientProperties", ...properties })
      expect(second).toBe(first)
    }).pipe(Effect.provide(connectorOn(answered)))
  )

  it.effect("go with everything where the program says so, unless a call says otherwise", () =>
    Effect.gen(function* () {
      yield* send
      yield* Connector.withClientProperties({ osName: "other" })(send)
      expect((yield* headers).map((header) => JSON.parse(header ?? "").osName)).toEqual(["x", "other"])
    }).pipe(Effect.provide(connectorOn(answered, { clientProperties: properties })))
  )

  it.effect("are checked before anything is sent", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Connector.withClientProperties({ ipAddress: "1.2.3", appVersion: "x".repeat(33) })(send)
      )
      expect(error._tag === "InvalidInput" ? error.issues.map(({ path }) => path).toSorted() : []).toEqual([
        "clientProperties.appVersion",
        "clientProperties.ipAddress"
      ])
      expect((yield* Wire).seen).toEqual([])
    }).pipe(Effect.provide(connectorOn(answered)))
  )
})
