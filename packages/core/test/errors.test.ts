import { Connector, ConnectorError, Conversation, Retry } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Duration, Effect, Predicate, Random, Result, Schedule, Schema } from "effect"
import { type Answer, connectorOn, elapsed, opened, type Seen, Wire, withoutJitter } from "./support.ts"

type Tag = ConnectorError.ConnectorError["_tag"]

interface Row {
  readonly answer: Answer
  readonly tag: Tag
  /** When each attempt was made, in milliseconds. */
  readonly at: ReadonlyArray<number>
  /** What the error says besides. */
  readonly says?: Record<string, unknown>
}

const once = [0]
const thrice = [0, 5_000, 15_000, 30_000]
const backoff = [0, 1_000, 3_000, 7_000, 15_000, 31_000]

const unauthorized = (errorCode: number): Answer => ({
  status: 401,
  body: { kind: "resp", code: 401, body: { title: "Invalid", details: "No", errorCode }, type: ".ReqBody$ErrorResp" }
})

const limited = (retryAfter: string): Answer => ({ status: 429, headers: { "retry-after": retryAfter } })

const ok = (reqId: string, body: unknown) => ({ code: "OK", body, reqId })
const bad = (reqId: string, msg: string) => ({ code: "BAD_REQUEST", body: { msg }, reqId })
const profile = ok("1", { msg: "OK User Profile set successfully" })
const conversation = ok("2", { conversationId: "c-1" })
const message = ok("3", { sequence: 0 })

const alreadyOpen =
  "Consumer request conversation failed: User 3f already has open conversation. Can't open another one."
const closed = "Bad Request, Conversation is close"

const profileAccepted = { type: "userprofile.SetUserProfile" }
const conversationAccepted = { type: "cm.ConsumerRequestConversation", conversationId: "c-1" }
const messageAccepted = { type: "ms.PublishEvent", sequence: 0 }

const rows: Record<string, Row> = {
  "400, empty": { answer: { status: 400 }, tag: "InvalidInput", at: once, says: { sent: true, issues: [] } },
  "400, an HTML page": { answer: { status: 400, text: "<html>" }, tag: "InvalidInput", at: once, says: { sent: true } },
  "400, 40001": {
    answer: {
      status: 400,
      body: {
        kind: "resp",
        code: 400,
        body: { title: "Missing parameter", details: "Brand Id is missing", errorCode: 40001 }
      }
    },
    tag: "InvalidInput",
    at: once,
    says: { errorCode: 40001, title: "Missing parameter", details: "Brand Id is missing" }
  },
  "400, a message nobody knows": {
    answer: { status: 400, body: { code: "BAD_REQUEST", body: { msg: "Bad Request" } } },
    tag: "InvalidInput",
    at: once,
    says: { msg: "Bad Request" }
  },
  "400, a batch whose conversation is wrong": {
    answer: { status: 400, body: [profile, bad("2", "No such skill")] },
    tag: "InvalidInput",
    at: once,
    says: { payload: "cm.ConsumerRequestConversation", msg: "No such skill", accepted: [profileAccepted] }
  },
  "400, a batch whose message is wrong": {
    answer: { status: 400, body: [profile, conversation, bad("3", "Too long")] },
    tag: "InvalidInput",
    at: once,
    says: { payload: "ms.PublishEvent", accepted: [profileAccepted, conversationAccepted], conversationId: "c-1" }
  },
  "400, already open, in the batch": {
    answer: { status: 400, body: [profile, bad("2", alreadyOpen)] },
    tag: "RequestRejected",
    at: once,
    says: {
      reason: { _tag: "ConversationAlreadyOpen" },
      payload: "cm.ConsumerRequestConversation",
      code: "BAD_REQUEST",
      accepted: [profileAccepted]
    }
  },
  "400, already open, alone": {
    answer: { status: 400, body: { code: "BAD_REQUEST", body: { msg: alreadyOpen } } },
    tag: "RequestRejected",
    at: once,
    says: { reason: { _tag: "ConversationAlreadyOpen" }, accepted: [] }
  },
  "400, closed": {
    answer: { status: 400, body: [profile, conversation, bad("3", closed)] },
    tag: "RequestRejected",
    at: once,
    says: { reason: { _tag: "ConversationClosed" }, payload: "ms.PublishEvent", conversationId: "c-1" }
  },
  "200, a message refused": {
    answer: { status: 200, body: [profile, conversation, bad("3", "No")] },
    tag: "RequestRejected",
    at: once,
    says: { reason: { _tag: "Other" }, msg: "No", conversationId: "c-1" }
  },
  "200, refused by number": {
    answer: { status: 200, body: [profile, conversation, { code: 500, body: {}, reqId: "3" }] },
    tag: "RequestRejected",
    at: once,
    says: { reason: { _tag: "Other" }, code: "500", conversationId: "c-1" }
  },
  "200, refused, and what follows not answered": {
    answer: { status: 200, body: [profile, bad("2", alreadyOpen)] },
    tag: "RequestRejected",
    at: once,
    says: { reason: { _tag: "ConversationAlreadyOpen" } }
  },
  "401, 40001": {
    answer: unauthorized(40001),
    tag: "Unauthorized",
    at: once,
    says: { errorCode: 40001, token: undefined }
  },
  "401, 40102": {
    answer: unauthorized(40102),
    tag: "Unauthorized",
    at: once,
    says: { errorCode: 40102, token: "AppJWT" }
  },
  "401, 40103": {
    answer: unauthorized(40103),
    tag: "Unauthorized",
    at: once,
    says: { errorCode: 40103, token: "ConsumerJWS" }
  },
  "401, 40104": {
    answer: unauthorized(40104),
    tag: "Unauthorized",
    at: once,
    says: { errorCode: 40104, token: "ConsumerJWS" }
  },
  "401, 40105": {
    answer: unauthorized(40105),
    tag: "Unauthorized",
    at: once,
    says: { errorCode: 40105, token: "AppJWT" }
  },
  "401, empty": { answer: { status: 401 }, tag: "Unauthorized", at: once, says: { errorCode: undefined } },
  "429": { answer: { status: 429 }, tag: "RateLimited", at: backoff, says: { retryAfter: undefined } },
  "429, Retry-After 0": { answer: limited("0"), tag: "RateLimited", at: backoff },
  "429, Retry-After 3": { answer: limited("3"), tag: "RateLimited", at: [0, 3_000, 6_000, 10_000, 18_000, 34_000] },
  "429, Retry-After as a date": {
    answer: limited("Thu, 01 Jan 1970 00:00:20 GMT"),
    tag: "RateLimited",
    at: [0, 20_000, 22_000, 26_000, 34_000, 50_000]
  },
  "429, Retry-After in the past": {
    answer: limited("Wed, 31 Dec 1969 23:59:00 GMT"),
    tag: "RateLimited",
    at: backoff
  },
  "429, Retry-After that makes no sense": { answer: limited("soon"), tag: "RateLimited", at: backoff },
  "429, Retry-After of two minutes": {
    answer: limited("120"),
    tag: "RateLimited",
    at: [0, 1, 2, 3, 4, 5].map((n) => n * 120_000)
  },
  "429, Retry-After longer than anyone waits": { answer: limited("121"), tag: "RateLimited", at: once },
  "429, Retry-After of 400 digits": { answer: limited("9".repeat(400)), tag: "RateLimited", at: once },
  ...Object.fromEntries(
    [500, 501, 503, 599].map((status) => [
      `${status}`,
      { answer: { status }, tag: "ServerError", at: thrice, says: { status } } as const
    ])
  ),
  ...Object.fromEntries(
    [502, 504].map((status) => [
      `${status}`,
      { answer: { status }, tag: "ServerError", at: once, says: { status } } as const
    ])
  ),
  ...Object.fromEntries(
    [204, 302, 307, 402, 403, 404, 405, 413, 418].map((status) => [
      `${status}`,
      { answer: { status }, tag: "UnexpectedResponse", at: once, says: { status } } as const
    ])
  ),
  "200, an HTML page": {
    answer: { status: 200, text: "<!doctype html><title>Oops</title>", headers: { "content-type": "text/html" } },
    tag: "UnexpectedResponse",
    at: once,
    says: { contentType: "text/html", excerpt: "<!doctype html><title>Oops</title>" }
  },
  "200, truncated JSON": { answer: { status: 200, text: '[{"code":"OK","bo' }, tag: "UnexpectedResponse", at: once },
  "200, empty": { answer: { status: 200 }, tag: "UnexpectedResponse", at: once },
  "200, an object": { answer: { status: 200, body: profile }, tag: "UnexpectedResponse", at: once },
  "200, an answer missing": {
    answer: { status: 200, body: [profile, conversation] },
    tag: "UnexpectedResponse",
    at: once,
    says: { problem: "no answer to ms.PublishEvent (reqId 3)", conversationId: "c-1" }
  },
  "200, an answer twice": {
    answer: { status: 200, body: [profile, conversation, message, message] },
    tag: "UnexpectedResponse",
    at: once,
    says: { problem: "2 answers to ms.PublishEvent (reqId 3)", conversationId: "c-1" }
  },
  "200, a conversation without reqId": {
    answer: { status: 200, body: [profile, { code: "OK", body: { conversationId: "c-1" } }, message] },
    tag: "UnexpectedResponse",
    at: once,
    says: {
      accepted: [profileAccepted, { ...conversationAccepted, type: "unknown" }, messageAccepted],
      conversationId: "c-1"
    }
  },
  "200, a conversation without id": {
    answer: { status: 200, body: [profile, ok("2", {}), message] },
    tag: "UnexpectedResponse",
    at: once
  },
  "the connection refused": {
    answer: { broken: { code: "ECONNREFUSED" } },
    tag: "TransportError",
    at: thrice,
    says: { reason: "refused", processed: "no", host: "asyncmessagingent.liveperson.test" }
  },
  "the connection refused, as fetch says it": {
    answer: { broken: { cause: { code: "ECONNREFUSED" } } },
    tag: "TransportError",
    at: thrice,
    says: { reason: "refused", processed: "no" }
  },
  "no such host": {
    answer: { broken: { code: "ENOTFOUND" } },
    tag: "TransportError",
    at: thrice,
    says: { reason: "dns", processed: "no" }
  },
  "a certificate nobody trusts": {
    answer: { broken: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } },
    tag: "TransportError",
    at: thrice,
    says: { reason: "tls", processed: "no" }
  },
  "no connection in time": {
    answer: { broken: { code: "UND_ERR_CONNECT_TIMEOUT" } },
    tag: "TransportError",
    at: thrice,
    says: { reason: "timeout", processed: "no" }
  },
  "the connection reset": {
    answer: { broken: { code: "ECONNRESET" } },
    tag: "TransportError",
    at: once,
    says: { reason: "reset", processed: "unknown" }
  },
  "something else": {
    answer: { broken: new Error("?") },
    tag: "TransportError",
    at: once,
    says: { reason: "other", processed: "unknown" }
  },
  "no answer in time": {
    answer: "never",
    tag: "TransportError",
    at: once,
    says: { reason: "timeout", processed: "unknown" }
  }
}

const open = Conversation.make({ firstName: "Ada" }).pipe(
  Conversation.withMessage("Hi"),
  Connector.open,
  Connector.onBehalfOf("sms:1")
)

/** What came of an effect, and when its attempts were made. Every attempt must be the same request. */
const outcome = <A, E>(
  effect: Effect.Effect<A, E, Connector.Connector>,
  answer: (seen: Seen, index: number) => Answer
) =>
  Effect.gen(function* () {
    const start = yield* Clock.currentTimeMillis
    const exit = yield* elapsed(effect)
    const { seen } = yield* Wire
    expect(new Set(seen.map((call) => call.body)).size).toBe(1)
    return { result: yield* Effect.result(exit), at: seen.map((call) => call.at - start) }
  }).pipe(Effect.provide(connectorOn(answer)), withoutJitter)

describe("what LivePerson answers, the error it is and when it is tried again", () => {
  it.effect.each(Object.entries(rows))("%s", ([, row]) =>
    Effect.gen(function* () {
      const { at, result } = yield* outcome(Effect.flip(open), () => row.answer)
      const error = Result.getOrThrow(result)
      expect(error._tag).toBe(row.tag)
      for (const [field, value] of Object.entries(row.says ?? {})) {
        expect([field, Predicate.hasProperty(error, field) ? error[field] : undefined]).toEqual([field, value])
      }
      expect(at).toEqual(row.at)
      expect(error.operation).toBe("SendApi.conversation")
    })
  )

  it("has a row for every tag but one, which only the Domain API can cause", () => {
    const tags = new Set(Object.values(rows).map((row) => row.tag))
    const all = ConnectorError.ConnectorError.members.map((member) => member.fields._tag.schema.literal)
    expect(all.filter((tag) => !tags.has(tag))).toEqual(["ServiceNotFound"])
  })
})

describe("a policy", () => {
  const failing = (answer: Answer, policy: typeof Retry.off) =>
    Effect.map(
      outcome(Effect.exit(policy(open)), () => answer),
      ({ at }) => at
    )

  it.effect("that is off tries once", () =>
    Effect.gen(function* () {
      expect(yield* failing({ status: 503 }, Retry.off)).toEqual(once)
      expect(yield* failing({ status: 429 }, Retry.off)).toEqual(once)
    })
  )

  it.effect("for one kind of error repeats no other", () =>
    Effect.gen(function* () {
      expect(yield* failing({ status: 503 }, Retry.withSchedule(Retry.rateLimited))).toEqual(once)
      expect(yield* failing({ status: 429 }, Retry.withSchedule(Retry.serverError))).toEqual(once)
      expect(yield* failing({ status: 503 }, Retry.withSchedule(Retry.serverError))).toEqual(thrice)
      expect(yield* failing({ broken: { code: "ECONNREFUSED" } }, Retry.withSchedule(Retry.transportError))).toEqual(
        thrice
      )
    })
  )

  it.effect("repeats what may have been processed only when the caller says so", () =>
    Effect.gen(function* () {
      expect(yield* failing({ broken: { code: "ECONNRESET" } }, Retry.evenIfProcessed)).toEqual(thrice)
      expect(yield* failing({ status: 504 }, Retry.evenIfProcessed)).toEqual(thrice)
      expect(yield* failing("never", Retry.evenIfProcessed)).toEqual([0, 15_000, 35_000, 60_000])
    })
  )

  it.effect("never repeats a 4xx, whatever the caller says", () =>
    Effect.gen(function* () {
      expect(yield* failing({ status: 400 }, Retry.evenIfProcessed)).toEqual(once)
      expect(yield* failing({ status: 401 }, Retry.evenIfProcessed)).toEqual(once)
      expect(yield* failing({ status: 404 }, Retry.evenIfProcessed)).toEqual(once)
    })
  )
})

describe("errors of several kinds", () => {
  it.effect("are counted each by itself, and a success ends it", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<Answer> = [{ status: 500 }, { status: 429 }, { status: 503 }, { status: 429 }]
      const { at, result } = yield* outcome(open, (seen, index) => answers[index] ?? opened(seen))
      expect(Result.isSuccess(result)).toBe(true)
      expect(at).toEqual([0, 5_000, 6_000, 16_000, 18_000])
    })
  )
})

describe("jitter", () => {
  it.effect.prop("never shortens a wait, and lengthens it by a tenth at most", { seed: Schema.Int }, ({ seed }) =>
    Effect.gen(function* () {
      const step = yield* Schedule.toStep(Retry.recommended)
      for (const floor of [5_000, 10_000, 15_000]) {
        const [, delay] = yield* step(0, new ConnectorError.ServerError({ operation: "test", status: 500 }))
        expect(Duration.toMillis(delay)).toBeGreaterThanOrEqual(floor)
        expect(Duration.toMillis(delay)).toBeLessThanOrEqual(floor * 1.1)
      }
    }).pipe(Random.withSeed(seed))
  )
})
