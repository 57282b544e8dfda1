import { AppToken, Connector, ConsumerToken, Conversation, Domains, Protocol } from "@effect-liveperson/core"
import { Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { Base64Url } from "effect/encoding"
import { TestClock } from "effect/testing"
import { accountId, type Answer, elapsed, opened, scripted, type Seen, Wire, withoutJitter } from "./support.ts"

type Endpoint = "domains" | "sentinel" | "idp" | "conversation"

const endpointOf = ({ url }: Seen): Endpoint =>
  url.includes("/service/")
    ? "domains"
    : url.includes("/sentinel/")
      ? "sentinel"
      : url.includes("/messaging/")
        ? "conversation"
        : "idp"

/** A token as LivePerson makes them, but for the signature. */
const jwt = (claims: object): string => `${Base64Url.encode("{}")}.${Base64Url.encode(JSON.stringify(claims))}.c2ln`

const hour = 3600

/** A LivePerson that answers well, unless a script says otherwise for the n-th call of an endpoint. */
const livePerson = (script: Partial<Record<Endpoint, (nth: number, seen: Seen) => Answer | undefined>> = {}) => {
  const counts: Record<Endpoint, number> = { domains: 0, sentinel: 0, idp: 0, conversation: 0 }
  const good: Record<Endpoint, (seen: Seen) => Answer> = {
    domains: ({ url }) => {
      const service = /service\/(\w+)\//.exec(url)?.[1]
      return { status: 200, body: { service, account: accountId, baseURI: `${service?.toLowerCase()}.example` } }
    },
    sentinel: ({ at }) => ({
      status: 200,
      body: { access_token: jwt({ exp: at / 1000 + hour, nth: counts.sentinel }), token_type: "Bearer" }
    }),
    idp: ({ body }) => ({ status: 201, body: { token: `jws ${counts.idp} ${body}` } }),
    conversation: opened
  }
  return scripted((seen) => {
    const endpoint = endpointOf(seen)
    const nth = counts[endpoint]++
    return script[endpoint]?.(nth, seen) ?? good[endpoint](seen)
  })
}

const credentials = { accountId, clientId: "client-id", clientSecret: Redacted.make("client-secret") }

const connected = (script?: Parameters<typeof livePerson>[0], options?: Partial<Connector.Options>) =>
  Connector.layer({ ...credentials, ...options }).pipe(Layer.provideMerge(livePerson(script)))

const open = (consumer: string) => Conversation.make().pipe(Connector.open, Connector.onBehalfOf(consumer))

const callsOf = (endpoint: Endpoint) =>
  Effect.map(Wire, ({ seen }) => seen.filter((call) => endpointOf(call) === endpoint))

const counts = Effect.map(Wire, ({ seen }) =>
  Object.entries(Object.groupBy(seen, endpointOf)).map(([name, calls]) => [name, calls.length])
)

const expired: Answer = {
  status: 401,
  body: { kind: "resp", code: 401, body: { title: "Invalid AppJWT", details: "expired", errorCode: 40102 } }
}

const getApp = AppToken.AppToken.use((tokens) => tokens.get)
const getConsumer = (name: string) =>
  ConsumerToken.ConsumerToken.use((tokens) => tokens.get(Protocol.ConsumerId.make(name)))
const getHost = Domains.Domains.use((domains) => domains.get("idp"))

describe("the requests are LivePerson's", () => {
  it.effect("to the letter, and the secret is in no URL", () =>
    Effect.gen(function* () {
      yield* open("sms:+15550100")
      const { seen } = yield* Wire
      const [domain, sentinel, , idp, , conversation] = seen
      expect(seen.map(endpointOf)).toEqual(["domains", "sentinel", "domains", "idp", "domains", "conversation"])
      expect(domain?.method).toBe("GET")
      expect(domain?.url).toBe(
        "https://api.liveperson.net/api/account/12345678/service/sentinel/baseURI.json?version=1.0"
      )
      expect(sentinel?.method).toBe("POST")
      expect(sentinel?.url).toBe(
        "https://sentinel.example/sentinel/api/account/12345678/app/token?v=1.0&grant_type=client_credentials"
      )
      expect(sentinel?.body).toBe("client_id=client-id&client_secret=client-secret")
      expect(sentinel?.headers["content-type"]).toContain("application/x-www-form-urlencoded")
      const token = jwt({ exp: hour, nth: 1 })
      expect(idp?.method).toBe("POST")
      expect(idp?.url).toBe("https://idp.example/api/account/12345678/consumer?v=1.0")
      expect(idp?.headers["authorization"]).toBe(token)
      expect(idp?.body).toBe('{"ext_consumer_id":"sms:+15550100"}')
      expect(conversation?.method).toBe("POST")
      expect(conversation?.url).toBe(
        "https://asyncmessagingent.example/api/account/12345678/messaging/consumer/conversation?v=3"
      )
      expect(conversation?.headers["authorization"]).toBe(token)
      expect(conversation?.headers["x-lp-on-behalf"]).toBe('jws 1 {"ext_consumer_id":"sms:+15550100"}')
      expect(conversation?.headers["content-type"]).toBe("application/json")
    }).pipe(Effect.provide(connected()))
  )

  it.effect("with an account id that is not a path", () =>
    Effect.gen(function* () {
      yield* getHost
      const [domain] = (yield* Wire).seen
      expect(domain?.url).toContain("/api/account/a%2Fb%3Fc/service/idp/")
    }).pipe(
      Effect.provide(
        Domains.layer({ accountId: "a/b?c" }).pipe(
          Layer.provideMerge(
            livePerson({
              domains: () => ({ status: 200, body: { service: "idp", account: "a", baseURI: "x.example" } })
            })
          )
        )
      )
    )
  )

  it.effect("by the scheme of the Domain API", () =>
    Effect.gen(function* () {
      expect(yield* getHost).toBe("http://idp.example")
    }).pipe(Effect.provide(connected({}, { domainApi: "http://127.0.0.1:8080/" })))
  )
})

describe("the AppJWT", () => {
  it.effect(
    "is fetched once for ten thousand concurrent opens",
    () =>
      Effect.gen(function* () {
        yield* Effect.forEach(
          Array.from({ length: 10_000 }, (_, index) => `consumer-${index}`),
          open,
          {
            concurrency: "unbounded",
            discard: true
          }
        )
        expect(yield* counts).toEqual(
          expect.arrayContaining([
            ["domains", 3],
            ["sentinel", 1],
            ["idp", 10_000],
            ["conversation", 10_000]
          ])
        )
      }).pipe(Effect.provide(connected())),
    // It is about calls, not about time: a slow machine may take as long as it needs.
    120_000
  )

  it.effect("is fetched for those who wait even if the first of them gives up", () =>
    Effect.gen(function* () {
      const first = yield* Effect.forkChild(getApp)
      const second = yield* Effect.forkChild(getApp)
      yield* Effect.yieldNow
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("3 seconds")
      expect(Redacted.value(yield* Fiber.join(second))).toContain(".")
      expect((yield* callsOf("sentinel")).length).toBe(2)
    }).pipe(Effect.provide(connected({ sentinel: (nth) => (nth === 0 ? { status: 429 } : undefined) })), withoutJitter)
  )

  it.effect("is renewed five minutes before its end while callers go on with the old one", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("3 hours")
      const first = yield* getApp
      yield* TestClock.adjust("54 minutes")
      expect(yield* getApp).toBe(first)
      expect((yield* callsOf("sentinel")).length).toBe(1)
      yield* TestClock.adjust("1 minute")
      expect(yield* getApp).toBe(first)
      yield* TestClock.adjust(0)
      expect((yield* callsOf("sentinel")).length).toBe(2)
      expect(yield* getApp).not.toBe(first)
      expect((yield* callsOf("sentinel")).length).toBe(2)
    }).pipe(Effect.provide(connected()))
  )

  it.effect("is used to its end when it cannot be renewed, and not a second longer", () =>
    Effect.gen(function* () {
      const first = yield* getApp
      yield* TestClock.adjust("55 minutes")
      for (let minute = 55; minute < 60; minute++) {
        expect(yield* getApp).toBe(first)
        yield* TestClock.adjust("1 minute")
      }
      const error = yield* Effect.flip(getApp)
      expect(error._tag).toBe("Unauthorized")
      expect((yield* callsOf("sentinel")).length).toBeGreaterThan(3)
    }).pipe(Effect.provide(connected({ sentinel: (nth) => (nth === 0 ? undefined : { status: 401 }) })))
  )

  it.effect("that says nothing of its end is taken to live an hour", () =>
    Effect.gen(function* () {
      yield* getApp
      yield* TestClock.adjust("54 minutes")
      yield* getApp
      expect((yield* callsOf("sentinel")).length).toBe(1)
      yield* TestClock.adjust("6 minutes")
      yield* getApp
      expect((yield* callsOf("sentinel")).length).toBe(2)
    }).pipe(Effect.provide(connected({ sentinel: () => ({ status: 200, body: { access_token: "opaque" } }) })))
  )

  it.effect("that LivePerson refuses is replaced, and the request repeated once", () =>
    Effect.gen(function* () {
      expect((yield* open("ada")).id).toBe("c-1")
      const tried = yield* callsOf("conversation")
      expect(tried.map((call) => call.headers["authorization"])).toEqual([1, 2].map((nth) => jwt({ exp: hour, nth })))
      expect((yield* callsOf("idp")).length).toBe(1)
    }).pipe(Effect.provide(connected({ conversation: (nth) => (nth === 0 ? expired : undefined) })))
  )

  it.effect("that LivePerson keeps refusing is an error after one repetition", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open("ada"))
      expect(error).toMatchObject({ _tag: "Unauthorized", errorCode: 40102, token: "AppJWT" })
      expect((yield* callsOf("conversation")).length).toBe(2)
      expect((yield* callsOf("sentinel")).length).toBe(2)
    }).pipe(Effect.provide(connected({ conversation: () => expired })))
  )

  it.effect("that the IDP refuses is replaced as well", () =>
    Effect.gen(function* () {
      yield* open("ada")
      expect((yield* callsOf("idp")).length).toBe(2)
      expect((yield* callsOf("sentinel")).length).toBe(2)
    }).pipe(Effect.provide(connected({ idp: (nth) => (nth === 0 ? expired : undefined) })))
  )

  it.effect("is not fetched anew for a thousand who saw the same one refused", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(
        Array.from({ length: 1000 }, (_, index) => `consumer-${index}`),
        open,
        {
          concurrency: "unbounded",
          discard: true
        }
      )
      expect((yield* callsOf("sentinel")).length).toBe(2)
      expect((yield* callsOf("conversation")).length).toBe(2000)
    }).pipe(
      Effect.provide(
        connected({
          conversation: (_nth, seen) =>
            seen.headers["authorization"] === jwt({ exp: hour, nth: 1 }) ? expired : undefined
        })
      )
    )
  )

  it.effect("that cannot be fetched is tried for as one call, not anew by each that waits for it", () =>
    Effect.gen(function* () {
      const exit = yield* elapsed(open("ada"))
      expect(yield* Effect.flip(exit)).toMatchObject({ _tag: "ServerError", operation: "AppToken.fetch" })
      expect((yield* callsOf("sentinel")).length).toBe(4)
    }).pipe(Effect.provide(connected({ sentinel: () => ({ status: 500 }) })))
  )

  it.effect("of one's own is never replaced", () =>
    Effect.gen(function* () {
      const tokens = yield* AppToken.AppToken
      expect(Redacted.value(yield* tokens.get)).toBe("mine")
      expect(yield* tokens.drop(yield* tokens.get)).toBe(false)
    }).pipe(Effect.provide(AppToken.layerStatic(Redacted.make("mine"))))
  )
})

describe("a ConsumerJWS", () => {
  it.effect("is fetched once per consumer, and kept", () =>
    Effect.gen(function* () {
      yield* Effect.all([getConsumer("ada"), getConsumer("ada"), getConsumer("bob")], { concurrency: "unbounded" })
      yield* TestClock.adjust("1000 days")
      yield* getConsumer("ada")
      expect((yield* callsOf("idp")).length).toBe(2)
    }).pipe(Effect.provide(connected()))
  )

  it.effect("is kept for no more consumers than was said", () =>
    Effect.gen(function* () {
      for (const consumer of ["a", "b", "c", "b", "c"]) yield* getConsumer(consumer)
      expect((yield* callsOf("idp")).length).toBe(3)
      yield* getConsumer("a")
      expect((yield* callsOf("idp")).length).toBe(4)
    }).pipe(Effect.provide(connected({}, { consumerTokenCapacity: 2 })))
  )

  it.effect("that LivePerson refuses is replaced, and the AppJWT is not", () =>
    Effect.gen(function* () {
      yield* open("ada")
      expect((yield* callsOf("idp")).length).toBe(2)
      expect((yield* callsOf("sentinel")).length).toBe(1)
      expect((yield* callsOf("conversation")).length).toBe(2)
    }).pipe(
      Effect.provide(
        connected({
          conversation: (nth) => (nth === 0 ? { status: 401, body: { body: { errorCode: 40103 } } } : undefined)
        })
      )
    )
  )
})

describe("a host", () => {
  it.effect("is refreshed every hour while callers go on with the old one", () =>
    Effect.gen(function* () {
      expect(yield* getHost).toBe("https://old.example")
      yield* TestClock.adjust("59 minutes")
      expect(yield* getHost).toBe("https://old.example")
      expect((yield* callsOf("domains")).length).toBe(1)
      yield* TestClock.adjust("1 minute")
      expect(yield* getHost).toBe("https://old.example")
      yield* TestClock.adjust(0)
      expect(yield* getHost).toBe("https://new.example")
      expect((yield* callsOf("domains")).length).toBe(2)
    }).pipe(
      Effect.provide(
        connected({
          domains: (nth) => ({
            status: 200,
            body: { service: "idp", account: accountId, baseURI: nth === 0 ? "old.example" : "new.example" }
          })
        })
      )
    )
  )

  it.effect("is kept when it cannot be refreshed, and asked for again half a minute later", () =>
    Effect.gen(function* () {
      const host = yield* getHost
      yield* TestClock.adjust("1 hour")
      for (let second = 0; second < 60; second++) {
        expect(yield* getHost).toBe(host)
        yield* TestClock.adjust("1 second")
      }
      expect((yield* callsOf("domains")).length).toBe(3)
      yield* TestClock.adjust("1000 days")
      expect(yield* getHost).toBe(host)
    }).pipe(Effect.provide(connected({ domains: (nth) => (nth === 0 ? undefined : { status: 404 }) })))
  )

  it.effect.each<readonly [string, Answer]>([
    ["404", { status: 404 }],
    ["an empty list", { status: 200, body: { baseURIs: [] } }],
    [
      "a list of others",
      { status: 200, body: { baseURIs: [{ service: "IDP", account: accountId, baseURI: "x.example" }] } }
    ]
  ])("that the Domain API does not know is ServiceNotFound: %s", ([, answer]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(getHost)
      expect(error).toMatchObject({ _tag: "ServiceNotFound", account: accountId, service: "idp" })
    }).pipe(Effect.provide(connected({ domains: () => answer })))
  )

  it.effect("that is no host is not sent anything", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open("ada"))
      expect(error).toMatchObject({ _tag: "UnexpectedResponse", operation: "Domains.lookup" })
      expect(yield* counts).toEqual([["domains", 1]])
    }).pipe(
      Effect.provide(
        connected({
          domains: () => ({
            status: 200,
            body: { service: "sentinel", account: accountId, baseURI: "evil.example/path?" }
          })
        })
      )
    )
  )

  it.effect("is found whether one is answered or all", () =>
    Effect.gen(function* () {
      expect(yield* getHost).toBe("https://idp.example")
    }).pipe(
      Effect.provide(
        connected({
          domains: () => ({
            status: 200,
            body: {
              baseURIs: [
                { service: "sentinel", account: accountId, baseURI: "sentinel.example" },
                { service: "idp", account: accountId, baseURI: "idp.example" }
              ]
            }
          })
        })
      )
    )
  )
})

describe("against the simulator's real tokens", () => {
  it.layer(Connector.layer(Simulator.credentials).pipe(Layer.provideMerge(Simulator.layer())), {
    excludeTestServices: true
  })((it) => {
    it.effect.each(["app", "consumer"] as const)("a revoked %s token is replaced mid-run", (kind) =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id } = yield* open(`revoked-${kind}`)
        yield* simulator.close(id)
        yield* simulator.revoke(kind)
        const again = yield* open(`revoked-${kind}`)
        expect(again.id).not.toBe(id)
        const statuses = (yield* simulator.calls)
          .filter((call) => call.endpoint === "conversation")
          .map((call) => call.status)
        expect(statuses.slice(-3)).toEqual([200, 401, 200])
      })
    )
  })
})
