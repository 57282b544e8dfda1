import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Effect } from "effect"
import { page } from "./page.ts"
import {
  accountId,
  conversationsOf,
  lpConsumerId,
  message,
  onSocket,
  post,
  profile,
  request,
  signIn,
  type Tokens
} from "./support.ts"

const conversationId = expect.stringMatching(/^.{1,64}$/)
const profileSet = { msg: "OK User Profile set successfully" }

/** What the reference answers to a batch with these ids. */
const opened = (first: string, second: string, third?: string) => [
  { code: "OK", body: profileSet, reqId: first },
  { code: "OK", body: { conversationId }, reqId: second },
  ...(third === undefined ? [] : [{ code: "OK", body: { sequence: 0 }, reqId: third }])
]

onSocket()("CONVERSATION accepts", (it) => {
  it.effect("the page's example, and answers as the page does", () =>
    Effect.gen(function* () {
      const { body, headers, status } = yield* post(yield* signIn("page"), page(accountId))
      expect(status).toBe(200)
      expect(headers["content-type"]).toMatch(/^application\/json/)
      expect(body).toStrictEqual(opened("2,", "1,", "3"))
    })
  )

  const context = (changes: object) => request({ body: { ...request().body, ...changes } })
  const conversationContext = {
    type: "SharkContext",
    visitorId: "",
    sessionId: "",
    interactionContextId: "2",
    lang: "en-US"
  }

  it.effect.each([
    ["the minimal batch", [profile(), request({ body: { brandId: accountId } })]],
    ["requests without a kind", [profile({ kind: undefined }), request({ kind: undefined })]],
    ["metadata beside the body", [profile({ metadata: [{ type: "ExternalId", id: "1" }] }), request()]],
    ...["NORMAL", "URGENT", "PRIORITIZED", "CUSTOM", null].map(
      (ttrDefName) => [`ttrDefName ${ttrDefName}`, [profile(), context({ ttrDefName })]] as const
    ),
    ["a skill as a number (D11)", [profile(), context({ skillId: -1 })]],
    [
      "a campaign in numbers (D12)",
      [profile(), context({ campaignInfo: { campaignId: 99999, engagementId: 888888 } })]
    ],
    ["a campaign in part", [profile(), context({ campaignInfo: { campaignId: "99999" } })]],
    ["a context", [profile(), context({ conversationContext })]],
    [
      "a context with a number (D13)",
      [profile(), context({ conversationContext: { ...conversationContext, interactionContextId: 2 } })]
    ],
    ["a context without a type (3.2)", [profile(), context({ conversationContext: { lang: "en-US" } })]],
    ["an empty context (3.2)", [profile(), context({ conversationContext: {} })]]
  ] as const)("%s", ([name, batch]) =>
    Effect.gen(function* () {
      const { body, status } = yield* post(yield* signIn(name), batch)
      expect(body).toStrictEqual(opened("profile", "request"))
      expect(status).toBe(200)
    })
  )

  it.effect.each([
    ["numbers, which come back as text (D2)", [1, 2, 3], ["1", "2", "3"]],
    ["zero", [0, 1, 2], ["0", "1", "2"]],
    ["texts in no order", ["3", "1", "2"], ["3", "1", "2"]],
    ["texts of 1 and of 64 characters", ["x", "y".repeat(64), " "], ["x", "y".repeat(64), " "]],
    ["one id for both, answered in order (2.3, D3)", ["1,", "1,", "3"], ["1,", "1,", "3"]]
  ] as const)("as ids %s", ([name, [first, second, third], [one, two, three]]) =>
    Effect.gen(function* () {
      const batch = [profile({ id: first }), request({ id: second }), message("Hi", { id: third })]
      const { body, status } = yield* post(yield* signIn(name), batch)
      expect(body).toStrictEqual(opened(one, two, three))
      expect(status).toBe(200)
    })
  )

  it.effect("customer info and personal info with keys and values that its sources disagree on (D7, D8)", () =>
    Effect.gen(function* () {
      const info = {
        customerId: "C-1",
        balance: -400.99,
        companyBranch: "north",
        loginStatus: 1,
        favouriteColour: "red"
      }
      const lastPaymentDate = { day: 15, month: 10, year: 2014 }
      const contacts = [
        { email: "a@example.com", phone: "+1 555 0100", phoneType: "MOBILE", address: { country: "NL" } }
      ]
      const personal = {
        firstname: "Ada",
        age: { age: 30, year: "1969", month: 1, day: 1 },
        contacts,
        gender: "FEMALE"
      }
      const lp_sdes = [
        { type: "ctmrinfo", info: { ...info, lastPaymentDate } },
        { type: "personal", personal }
      ]
      const tokens = yield* signIn("sdes")
      const { body, status } = yield* post(tokens, [profile({ body: { authenticatedData: { lp_sdes } } }), request()])
      expect(body).toStrictEqual(opened("profile", "request"))
      expect(status).toBe(200)
      const { favouriteColour: _, ...known } = info
      expect((yield* conversationsOf("sdes"))[0]?.profile).toMatchObject({
        authenticatedData: {
          lp_sdes: [
            { type: "ctmrinfo", info: { ...known, lastPaymentDate } },
            { type: "personal", personal: { ...personal, age: { age: 30, year: 1969, month: 1, day: 1 } } }
          ]
        }
      })
    })
  )

  it.effect("an AppJWT alone and one after Bearer (1.3)", () =>
    Effect.gen(function* () {
      for (const prefix of ["", "Bearer ", "bearer "]) {
        const tokens = yield* signIn(`prefix ${prefix}`)
        const { status } = yield* post({ ...tokens, app: `${prefix}${tokens.app}` }, [profile(), request()])
        expect(status).toBe(200)
      }
    })
  )

  it.effect("requests of 5000 characters each and no longer one (2.1)", () =>
    Effect.gen(function* () {
      const long = (characters: number) => message("x".repeat(characters - JSON.stringify(message("")).length))
      expect(JSON.stringify(long(5000)).length).toBe(5000)
      const tokens = yield* signIn("5000")
      const refused = yield* post(tokens, [profile(), request(), long(5001)])
      expect(refused.status).toBe(400)
      expect(refused.body).toStrictEqual({ code: "BAD_REQUEST", body: { msg: "Bad Request" } })
      expect((yield* post(tokens, [profile(), request(), long(5000)])).status).toBe(200)
    })
  )
})

onSocket()("CONVERSATION refuses", (it) => {
  const event = (changes: object) => message("", { body: { event: { ...message().body.event, ...changes } } })

  it.effect.each<readonly [name: string, batch: unknown]>([
    ["no body", ""],
    ["what is not JSON", "[{"],
    ["null", null],
    ["an object in place of the array", profile()],
    ["no requests", []],
    ["the profile alone", [profile()]],
    ["the request for a conversation alone", [request()]],
    ["the request for a conversation first", [request(), profile()]],
    ["the message first", [message(), profile(), request()]],
    ["the message in place of the request for a conversation", [profile(), message()]],
    ["the profile twice", [profile(), profile({ id: "again" }), request()]],
    ["a second message", [profile(), request(), message(), message("Hi", { id: "again" })]],
    ["a request that is null", [profile(), null]],
    ["an unknown type", [profile(), request({ type: "cm.RequestConversation" })]],
    [
      "an unknown type in the third place",
      [profile(), request(), message("Hi", { type: "ms.SubscribeMessagingEvents" })]
    ],
    ["no type", [profile({ type: undefined }), request()]],
    ["another kind", [profile({ kind: "resp" }), request()]],
    [
      "a context of another type",
      [profile(), request({ body: { ...request().body, conversationContext: { type: "MobileAppContext" } } })]
    ],
    [
      "a first message that is no text",
      [profile(), request(), message("", { body: { event: { type: "ChatStateEvent", chatState: "ACTIVE" } } })]
    ],
    ["no body of the profile", [profile({ body: undefined }), request()]],
    ["no body of the request for a conversation", [profile(), request({ body: undefined })]],
    ["no body of the message", [profile(), request(), message("Hi", { body: undefined })]],
    ["no id", [profile({ id: undefined }), request()]],
    ["an id of 65 characters", [profile({ id: "x".repeat(65) }), request()]],
    ["an empty id", [profile(), request({ id: "" })]],
    ["an id that is an object", [profile(), request({ id: {} })]],
    ["a profile whose name is a number", [profile({ body: { firstName: 1 } }), request()]],
    [
      "an SDE of another type",
      [profile({ body: { authenticatedData: { lp_sdes: [{ type: "cart", cart: {} }] } } }), request()]
    ],
    [
      "an SDE without its properties",
      [profile({ body: { authenticatedData: { lp_sdes: [{ type: "ctmrinfo" }] } } }), request()]
    ],
    ["another ttrDefName", [profile(), request({ body: { ...request().body, ttrDefName: "SOON" } })]],
    ["another channelType", [profile(), request({ body: { ...request().body, channelType: "CHAT" } })]],
    ["no brandId", [profile(), request({ body: { channelType: "MESSAGING" } })]],
    ["no event", [profile(), request(), message("", { body: {} })]],
    ["an event without a type", [profile(), request(), event({ type: undefined })]],
    ["an event without a contentType", [profile(), request(), event({ contentType: undefined })]],
    ["an event without a message", [profile(), request(), event({ message: undefined })]],
    ["a profile of over 5000 characters", [profile({ body: { description: "x".repeat(5000) } }), request()]],
    ["a message of over 5000 characters", [profile(), request(), message("x".repeat(5000))]]
  ])("a batch with %s", ([name, batch]) =>
    Effect.gen(function* () {
      const { body, status } = yield* post(yield* signIn(name), batch)
      expect(status).toBe(400)
      expect(body).toMatchObject({ code: "BAD_REQUEST", body: { msg: expect.any(String) } })
      expect(yield* conversationsOf(name)).toEqual([])
    })
  )
})

onSocket()("A consumer", (it) => {
  const hasOne = (tokens: Tokens) =>
    `Consumer request conversation failed: User ${lpConsumerId(tokens.consumer)} already has open conversation. Can't open another one.`

  it.effect("who has an open conversation cannot open another, and is told so beside the profile's success", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("one at a time")
      yield* post(tokens, [profile(), request(), message()])
      const before = yield* conversationsOf("one at a time")
      const { body, status } = yield* post(tokens, [profile(), request()])
      expect(status).toBe(400)
      expect(body).toStrictEqual([
        { code: "OK", body: profileSet, reqId: "profile" },
        { code: "BAD_REQUEST", body: { msg: hasOne(tokens) }, reqId: "request" }
      ])
      expect(before).toHaveLength(1)
      expect(yield* conversationsOf("one at a time")).toStrictEqual(before)
    })
  )

  it.effect("whose conversation was refused has said nothing either", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("unheard")
      yield* post(tokens, [profile(), request(), message("First")])
      const { body, status } = yield* post(tokens, [profile(), request(), message("Second")])
      expect(status).toBe(400)
      expect(body).toStrictEqual([
        { code: "OK", body: profileSet, reqId: "profile" },
        { code: "BAD_REQUEST", body: { msg: hasOne(tokens) }, reqId: "request" },
        { code: "BAD_REQUEST", body: { msg: expect.any(String) }, reqId: "message" }
      ])
      expect(yield* conversationsOf("unheard")).toMatchObject([{ messages: [{ sequence: 0, text: "First" }] }])
    })
  )

  it.effect("who asks twice at once gets one conversation", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("twice at once")
      const ask = post(tokens, [profile(), request()])
      const answers = yield* Effect.all([ask, ask, ask], { concurrency: "unbounded" })
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400])
      expect(yield* conversationsOf("twice at once")).toHaveLength(1)
    })
  )

  it.effect("whose conversation was closed can open another, which leaves the first as it was", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const open = Effect.fnUntraced(function* (firstName: string) {
        const tokens = yield* signIn("again")
        return (yield* post(tokens, [profile({ body: { firstName } }), request(), message(firstName)])).status
      })
      expect(yield* open("Ada")).toBe(200)
      yield* simulator.close("no conversation's id")
      expect(yield* open("Grace")).toBe(400)
      const [first] = yield* conversationsOf("again")
      yield* simulator.close(first?.id ?? "")
      expect(yield* open("Lin")).toBe(200)
      const [closed, current, ...more] = yield* conversationsOf("again")
      expect(closed).toStrictEqual({
        ...first,
        state: "CLOSE",
        closedAt: expect.any(Number),
        closeReason: "AGENT",
        dialogs: [{ dialogId: first?.id, dialogType: "MAIN", state: "CLOSE" }]
      })
      expect(current).toMatchObject({
        state: "OPEN",
        profile: { firstName: "Lin" },
        messages: [{ sequence: 0, text: "Lin" }]
      })
      expect(current?.id).not.toBe(first?.id)
      expect(more).toEqual([])
    })
  )

  it.effect("has a conversation apart from everybody else's", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      for (const consumer of ["Ada", "Grace"]) {
        const batch = [profile({ body: { firstName: consumer } }), request(), message(`I am ${consumer}`)]
        expect((yield* post(yield* signIn(consumer), batch)).status).toBe(200)
      }
      const [[ada], [grace]] = [yield* conversationsOf("Ada"), yield* conversationsOf("Grace")]
      expect(ada?.id).not.toBe(grace?.id)
      yield* simulator.close(ada?.id ?? "")
      const again = [profile({ body: { firstName: "Grace" } }), request()]
      expect((yield* post(yield* signIn("Grace"), again)).status).toBe(400)
      expect(yield* conversationsOf("Grace")).toStrictEqual([grace])
      expect(grace).toMatchObject({
        state: "OPEN",
        profile: { firstName: "Grace" },
        messages: [{ text: "I am Grace" }]
      })
    })
  )

  it.effect("is seen by the agent as the batch describes them", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("seen")
      const text = 'Größe „42“ 🧪 東京\n\t"quoted"'
      const [first, second]: ReadonlyArray<{ readonly body: object }> = JSON.parse(page(accountId))
      const answer = yield* post(tokens, [first, second, message(text)])
      const seen = yield* conversationsOf("seen")
      expect(seen).toEqual([
        {
          id: conversationId,
          account: accountId,
          consumer: "seen",
          state: "OPEN",
          openedAt: expect.any(Number),
          closedAt: undefined,
          closeReason: undefined,
          profile: first?.body,
          request: second?.body,
          agentId: undefined,
          clientProperties: undefined,
          dialogs: [{ dialogId: seen[0]?.id, dialogType: "MAIN", state: "OPEN" }],
          events: [
            {
              dialogId: seen[0]?.id,
              sequence: 0,
              event: { type: "ContentEvent", contentType: "text/plain", message: text },
              metadata: [],
              at: expect.any(Number),
              by: "CONSUMER",
              messageAudience: "ALL",
              clientProperties: undefined
            }
          ],
          messages: [{ sequence: 0, text }],
          typing: false,
          csat: undefined,
          ttr: { ttrType: "CUSTOM" },
          skillId: "-1"
        }
      ])
      expect(answer.body).toMatchObject([{}, { body: { conversationId: seen[0]?.id } }, {}])
    })
  )

  it.effect("whose campaign is named in the context, and not in campaignInfo, has none (D14)", () =>
    Effect.gen(function* () {
      const conversationContext = { campaignId: "99999", engagementId: "888888" }
      yield* post(yield* signIn("context"), [profile(), request({ body: { ...request().body, conversationContext } })])
      const [asked] = yield* conversationsOf("context")
      expect(asked?.request).toStrictEqual({ ...request().body, conversationContext: { type: "SharkContext" } })
    })
  )

  it.effect("who says nothing has no messages", () =>
    Effect.gen(function* () {
      yield* post(yield* signIn("silent"), [profile(), request()])
      expect(yield* conversationsOf("silent")).toMatchObject([{ state: "OPEN", messages: [] }])
    })
  )
})
