import {
  AppToken,
  Connector,
  ConsumerToken,
  Conversation,
  Domains,
  Protocol,
  SendApi,
  Storage
} from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Exit, Layer, Option, Redacted } from "effect"
import { accountId, opened, scripted, Wire } from "./support.ts"

const ada = Protocol.ConsumerId.make("ada")
const open = Conversation.make().pipe(Connector.open, Connector.onBehalfOf("ada"))

describe("a static layer gives what it was given, and nothing else", () => {
  it.effect("of hosts", () =>
    Effect.gen(function* () {
      const domains = yield* Domains.Domains
      expect(yield* domains.get("idp")).toBe("https://idp.example:8443")
      expect(yield* Effect.flip(domains.get("swift"))).toMatchObject({ _tag: "ServiceNotFound", service: "swift" })
    }).pipe(Effect.provide(Domains.layerStatic({ idp: "https://idp.example:8443/" })))
  )

  it.effect("of tokens, which are sent and never replaced", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open)
      expect(error).toMatchObject({ _tag: "Unauthorized", errorCode: 40102 })
      const { seen } = yield* Wire
      expect(seen.map(({ headers }) => [headers["authorization"], headers["x-lp-on-behalf"]])).toEqual([
        ["mine", "ada's"]
      ])
    }).pipe(
      Effect.provide(
        Connector.layerServices({ accountId }).pipe(
          Layer.provide([SendApi.layer({ accountId }), Storage.layer({ accountId })]),
          Layer.provide([
            Domains.layerTest,
            AppToken.layerStatic(Redacted.make("mine")),
            ConsumerToken.layerStatic((consumer) =>
              Effect.succeed(Redacted.make(Protocol.ConsumerJWS.make(`${consumer}'s`)))
            )
          ]),
          Layer.provideMerge(scripted(() => ({ status: 401, body: { body: { errorCode: 40102 } } })))
        )
      )
    )
  )

  it.effect("but no token that is empty", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Layer.build(AppToken.layerStatic(Redacted.make(""))))
      expect(error).toMatchObject({ _tag: "InvalidInput", issues: [{ path: "token" }] })
    })
  )
})

describe("a test layer needs no network", () => {
  it.effect("and is not good for any", () =>
    Effect.gen(function* () {
      const domains = yield* Domains.Domains
      const tokens = yield* ConsumerToken.ConsumerToken
      expect(yield* domains.get("asyncMessagingEnt")).toBe("https://asyncmessagingent.liveperson.test")
      expect(Redacted.value(yield* tokens.get(ada))).toBe("test-consumer-jws:ada")
      expect(String(yield* tokens.get(ada))).toBe("<redacted:ConsumerJWS>")
    }).pipe(Effect.provide([Domains.layerTest, ConsumerToken.layerTest]))
  )
})

describe("layerConfig", () => {
  const variables = {
    LP_ACCOUNT_ID: "87654321",
    LP_CLIENT_ID: "id",
    LP_CLIENT_SECRET: "secret",
    LP_DOMAIN_API: "http://127.0.0.1:9"
  }
  const from = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

  it.effect("reads LivePerson's settings from the environment", () =>
    Effect.gen(function* () {
      yield* Effect.exit(Domains.Domains.use((domains) => domains.get("idp")))
      expect((yield* Wire).seen[0]?.url).toBe(
        "http://127.0.0.1:9/api/account/87654321/service/idp/baseURI.json?version=1.0"
      )
    }).pipe(
      Effect.provide(Connector.layerConfig().pipe(Layer.provide(from(variables)), Layer.provideMerge(scripted(opened))))
    )
  )

  it.effect.each(["LP_ACCOUNT_ID", "LP_CLIENT_ID", "LP_CLIENT_SECRET"])("says so when there is no %s", (name) =>
    Effect.gen(function* () {
      const { [name]: _, ...rest }: Record<string, string> = variables
      const error = yield* Effect.flip(Layer.build(Connector.layerConfig().pipe(Layer.provide(from(rest)))))
      expect(error._tag).toBe("ConfigError")
      expect(String(error)).toContain(name)
    }).pipe(Effect.provide(scripted(opened)))
  )

  it.effect("asks LivePerson's own Domain API where none is named", () =>
    Effect.gen(function* () {
      yield* Effect.exit(Domains.Domains.use((domains) => domains.get("idp")))
      expect((yield* Wire).seen[0]?.url).toMatch(/^https:\/\/api\.liveperson\.net\//)
    }).pipe(
      Effect.provide(
        Connector.layerConfig().pipe(
          Layer.provide(from({ ...variables, LP_DOMAIN_API: "" })),
          Layer.provideMerge(scripted(opened))
        )
      )
    )
  )
})

describe("configOption", () => {
  const names = ["LP_ACCOUNT_ID", "LP_CLIENT_ID", "LP_CLIENT_SECRET", "LP_DOMAIN_API"] as const
  const subsets = Array.from({ length: 2 ** names.length }, (_, bits) =>
    names.filter((_name, nth) => bits & (1 << nth))
  )

  it.effect.each(subsets.map((set) => ({ set })))(
    "takes all or nothing, and not $set when it is part of it",
    ({ set }) =>
      Effect.gen(function* () {
        const env = Object.fromEntries(names.map((name) => [name, set.includes(name) ? "x" : ""]))
        const exit = yield* Effect.exit(
          Effect.provide(Connector.configOption, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
        )
        const missing = names.slice(0, 3).filter((name) => !set.includes(name))
        if (set.length === 0) expect(exit).toEqual(Exit.succeed(Option.none()))
        else if (missing.length === 0) {
          expect(Exit.isSuccess(exit) && Option.getOrUndefined(exit.value)?.domainApi).toBe(
            set.includes("LP_DOMAIN_API") ? "x" : "https://api.liveperson.net"
          )
        } else {
          expect(String(Option.getOrUndefined(Exit.findErrorOption(exit)))).toContain(missing[0])
        }
      })
  )
})
