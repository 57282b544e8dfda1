import { Connector, type ConnectorError, Conversation, SendApi } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { accountId, connectorOn, opened, scripted, Wire } from "./support.ts"

/** The error of an input that must not be sent, and that it was not. */
const refusal = <A, R>(effect: Effect.Effect<A, ConnectorError.ConnectorError, R>) =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(effect)
    expect((yield* Wire).seen).toEqual([])
    return error
  })

const issuesOf = (error: ConnectorError.ConnectorError) => {
  expect(error._tag).toBe("InvalidInput")
  return error._tag === "InvalidInput" ? error.issues.map(({ expected, path }) => `${path}: ${expected}`) : []
}

/** What someone without types could pass. */
const untyped = (value: unknown): never => value as never

const request = (index: number, change: Record<string, unknown> = {}) => ({
  ...[
    { kind: "req", id: "1", type: "userprofile.SetUserProfile", body: {} },
    {
      kind: "req",
      id: "2",
      type: "cm.ConsumerRequestConversation",
      body: { channelType: "MESSAGING", brandId: accountId }
    },
    {
      kind: "req",
      id: "3",
      type: "ms.PublishEvent",
      body: { event: { type: "ContentEvent", contentType: "text/plain", message: "Hi" } }
    }
  ][index],
  ...change
})

const someone = Connector.onBehalfOf("sms:1")

it.layer(connectorOn(opened))((it) => {
  describe("a batch that is wrong is not sent, and the error names the field and what would be right", () => {
    it.effect.each<readonly [string, unknown, ReadonlyArray<string>]>([
      [
        "an id of 65 characters",
        [request(0, { id: "x".repeat(65) }), request(1)],
        ["[0].id: expected a text of 1 to 64 characters"]
      ],
      ["an empty id", [request(0), request(1, { id: "" })], ["[1].id: expected a text of 1 to 64 characters"]],
      [
        "an id twice",
        [request(0), request(1, { id: "1" })],
        ["[1].id: expected an id that no other request of the batch has"]
      ],
      ["one payload", [request(0)], ["[1]: expected a value, and there is none"]],
      ["no payload", [], ["[0]: expected a value, and there is none", "[1]: expected a value, and there is none"]],
      ["four payloads", [request(0), request(1), request(2), request(2, { id: "4" })], ["[3]: expected no such field"]],
      [
        "the wrong order",
        [request(1), request(0)],
        ['[0].type: expected "userprofile.SetUserProfile"', '[1].type: expected "cm.ConsumerRequestConversation"']
      ],
      [
        "an empty brand",
        [request(0), request(1, { body: { channelType: "MESSAGING", brandId: "" } })],
        ["[1].body.brandId: expected a text that is not empty"]
      ],
      [
        "an urgency nobody knows",
        [request(0), request(1, { body: { channelType: "MESSAGING", brandId: "1", ttrDefName: "SOON" } })],
        ['[1].body.ttrDefName: expected "NORMAL" | "URGENT" | "PRIORITIZED" | "CUSTOM"']
      ],
      [
        "a context of another type",
        [
          request(0),
          request(1, { body: { channelType: "MESSAGING", brandId: "1", conversationContext: { type: "Other" } } })
        ],
        ['[1].body.conversationContext.type: expected "SharkContext"']
      ],
      [
        "a field that no profile has",
        [request(0, { body: { firstname: "Ada" } }), request(1)],
        ["[0].body.firstname: expected no such field"]
      ],
      [
        "a message that is no text",
        [
          request(0),
          request(1),
          request(2, { body: { event: { type: "ContentEvent", contentType: "text/plain", message: 1 } } })
        ],
        ["[2].body.event.message: expected string"]
      ],
      [
        "NaN for a balance",
        [
          request(0, {
            body: { authenticatedData: { lp_sdes: [{ type: "ctmrinfo", info: { balance: Number.NaN } }] } }
          }),
          request(1)
        ],
        ["[0].body.authenticatedData.lp_sdes[0].info.balance: expected a finite number"]
      ],
      [
        "a fraction of a company",
        [
          request(0, { body: { authenticatedData: { lp_sdes: [{ type: "ctmrinfo", info: { companySize: 1.5 } }] } } }),
          request(1)
        ],
        ["[0].body.authenticatedData.lp_sdes[0].info.companySize: expected an integer"]
      ],
      [
        "a gender nobody knows",
        [
          request(0, {
            body: { authenticatedData: { lp_sdes: [{ type: "personal", personal: { gender: "male" } }] } }
          }),
          request(1)
        ],
        ['[0].body.authenticatedData.lp_sdes[0].personal.gender: expected "MALE" | "FEMALE" | "OTHER"']
      ]
    ])("%s", ([, batch, issues]) =>
      Effect.gen(function* () {
        const error = yield* refusal(SendApi.conversation(untyped(batch)).pipe(someone))
        for (const issue of issues) expect(issuesOf(error)).toContain(issue)
        expect(error).toMatchObject({ sent: false, operation: "SendApi.conversation" })
        expect(error.message).toContain("nothing was sent")
      })
    )
  })

  it.effect("an empty consumer id is not spoken for", () =>
    Effect.gen(function* () {
      const error = yield* refusal(Conversation.make().pipe(Connector.open, Connector.onBehalfOf("")))
      expect(issuesOf(error)).toEqual(["consumer: expected a text that is not empty"])
    })
  )

  it.effect("everything that is wrong is named at once", () =>
    Effect.gen(function* () {
      const error = yield* refusal(
        Conversation.make(untyped({ firstName: 1, mail: "x" })).pipe(
          Conversation.withUrgency(untyped("SOON")),
          Conversation.withSkill(Number.NaN),
          Conversation.withMessage(untyped(null)),
          Connector.open,
          someone
        )
      )
      expect(issuesOf(error).toSorted()).toEqual([
        "[0].body.firstName: expected string",
        "[0].body.mail: expected no such field",
        "[1].body.skillId: expected an integer",
        '[1].body.ttrDefName: expected "NORMAL" | "URGENT" | "PRIORITIZED" | "CUSTOM"',
        "[2].body.event.message: expected string"
      ])
    })
  )

  it.effect("a profile from anywhere is read or refused", () =>
    Effect.gen(function* () {
      yield* Conversation.fromUnknown({ firstName: "Ada" })
      const error = yield* refusal(Conversation.fromUnknown({ firstName: null, role: "X" }))
      expect(issuesOf(error)).toEqual(["profile.firstName: expected string"])
      expect(issuesOf(yield* refusal(Conversation.fromUnknown("Ada")))[0]).toMatch(/^profile: /)
    })
  )
})

describe("a request may have as many characters as LivePerson allows", () => {
  const overhead = JSON.stringify(request(2)).length - "Hi".length
  const saying = (length: number) =>
    Conversation.make().pipe(Conversation.withMessage("x".repeat(length - overhead)), Connector.open, someone)

  it.effect("5000 and not one more", () =>
    Effect.gen(function* () {
      const error = yield* refusal(saying(5001))
      expect(issuesOf(error)).toEqual(["[2]: expected a request of at most 5000 characters of JSON"])
      yield* saying(5000)
    }).pipe(Effect.provide(connectorOn(opened)))
  )

  it.effect("or as many as the program says", () =>
    Effect.gen(function* () {
      expect(issuesOf(yield* refusal(saying(201)))).toEqual([
        "[2]: expected a request of at most 200 characters of JSON"
      ])
      yield* saying(200)
    }).pipe(Effect.provide(connectorOn(opened, { requestLimit: 200 })))
  )
})

describe("a layer that cannot work is not built", () => {
  const good = { accountId, clientId: "id", clientSecret: Redacted.make("secret") }
  it.effect.each<readonly [string, Connector.Options, string]>([
    ["an empty account id", { ...good, accountId: "" }, "accountId: expected a text that is not empty"],
    ["an empty client id", { ...good, clientId: "" }, "clientId: expected a text that is not empty"],
    ["an empty secret", { ...good, clientSecret: Redacted.make("") }, "clientSecret: expected a text that is not empty"]
  ])("%s", ([, options, issue]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(Connector.layer(options)))
      expect(issuesOf(error)).toEqual([issue])
    }).pipe(Effect.provide(scripted(opened)))
  )
})
