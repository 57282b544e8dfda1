/**
 * Which LivePerson the quickstart talks to: the one that the environment names, or a simulated one on a loopback port.
 */
import { Connector, type ConnectorError, type Inbox } from "@effect-liveperson/core"
import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeHttpClient } from "@effect/platform-node"
import { type Config, Console, Effect, Layer, Option } from "effect"
import type { HttpClient, HttpServerError } from "effect/http"
import * as Counterpart from "./Counterpart.ts"
import { bold } from "./Style.ts"

type Live = Layer.Layer<
  Connector.Services | Counterpart.Counterpart | Inbox.Inbox,
  Config.ConfigError | ConnectorError.InvalidInput | HttpServerError.ServeError,
  HttpClient.HttpClient
>

/** The simulator, and a connector that finds it by its own address, over real HTTP. */
const simulated: Live = Layer.unwrap(
  Effect.gen(function* () {
    const domainApi = yield* NodeSimulator.url
    yield* Console.log(
      `${bold("A simulated LivePerson")} listens on ${domainApi}. Set LP_ACCOUNT_ID, LP_CLIENT_ID, LP_CLIENT_SECRET for the real one.\n`
    )
    return Connector.layer({ ...Simulator.credentials, domainApi })
  })
).pipe(Layer.merge(Counterpart.simulated), Layer.provideMerge(Counterpart.inbox), Layer.provide(NodeSimulator.layer()))

const real = (options: Config.Success<typeof Connector.config>): Live =>
  Layer.unwrap(
    Effect.as(
      Console.log(`${bold("LivePerson")} account ${options.accountId}, domain API ${options.domainApi}.\n`),
      Connector.layer(options)
    )
  ).pipe(Layer.merge(Counterpart.nobody), Layer.provideMerge(Counterpart.inbox))

/** LivePerson, or where none of its settings is there the simulator. Some of them are a mistake. */
export const layer = Layer.unwrap(
  Effect.map(Connector.configOption, Option.match({ onNone: () => simulated, onSome: real }))
).pipe(Layer.provide(NodeHttpClient.layerUndici))
