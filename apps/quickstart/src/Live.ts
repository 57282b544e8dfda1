/**
 * Which LivePerson the quickstart talks to: the one that the environment names, or a simulated one on a loopback port.
 */
import { Connector, type ConnectorError, type Inbox } from "@effect-liveperson/core"
import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeHttpClient } from "@effect/platform-node"
import { Config, Console, Effect, Layer, Option } from "effect"
import type { HttpClient, HttpServerError } from "effect/http"
import * as Counterpart from "./Counterpart.ts"
import { Failure } from "./Failure.ts"
import { bold } from "./Style.ts"

type Live = Layer.Layer<
  Connector.Services | Counterpart.Counterpart | Inbox.Inbox,
  Config.ConfigError | ConnectorError.InvalidInput | HttpServerError.ServeError,
  HttpClient.HttpClient
>

const names = ["LP_ACCOUNT_ID", "LP_CLIENT_ID", "LP_CLIENT_SECRET"] as const

/** The simulator, and a connector that finds it by its own address, over real HTTP. */
const simulated: Live = Layer.unwrap(
  Effect.gen(function* () {
    const domainApi = yield* NodeSimulator.url
    yield* Console.log(
      `${bold("A simulated LivePerson")} listens on ${domainApi}. Set ${names.join(", ")} for the real one.\n`
    )
    return Connector.layer({ ...Simulator.credentials, domainApi })
  })
).pipe(Layer.merge(Counterpart.simulated), Layer.provideMerge(Counterpart.inbox), Layer.provide(NodeSimulator.layer()))

const real: Live = Layer.unwrap(
  Effect.gen(function* () {
    const { accountId, domainApi } = yield* Connector.config
    yield* Console.log(`${bold("LivePerson")} account ${accountId}, domain API ${domainApi}.\n`)
    return Connector.layerConfig()
  })
).pipe(Layer.merge(Counterpart.nobody), Layer.provideMerge(Counterpart.inbox))

/** All three of LivePerson's settings, or none of them: some are a mistake. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const values = yield* Effect.forEach(names, (name) => Config.option(Config.NonEmptyString(name)))
    const missing = names.filter((_name, index) => Option.isNone(values[index] ?? Option.none()))
    if (missing.length === names.length) return simulated
    if (missing.length > 0) {
      return yield* new Failure({
        message: `To talk to LivePerson, ${names.join(", ")} must all be set; ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not.`
      })
    }
    return real
  })
).pipe(Layer.provide(NodeHttpClient.layerUndici))
