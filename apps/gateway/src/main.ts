/**
 * The gateway, wired. On a bare machine it brings everything along: a PostgreSQL in `.gateway` and a simulated
 * LivePerson. With `DATABASE_URL` it uses that database, and with `LP_ACCOUNT_ID`, `LP_CLIENT_ID` and `LP_CLIENT_SECRET`
 * the account that they name.
 */
import { NodeHttpClient, NodeHttpServer, NodeRuntime, NodeServices } from "@effect/platform-node"
import { Connector } from "@effect-liveperson/core"
import { Channel, Gateway, Settings } from "@effect-liveperson/gateway"
import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { Config, Console, Duration, Effect, Fiber, Layer, Option, Redacted } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { Otlp } from "effect/observability"
import { createServer } from "node:http"
import * as Cluster from "./Cluster.ts"
import * as Database from "./Database.ts"
import { toFailure } from "./Failure.ts"
import * as LiveView from "./LiveView.ts"

const channel = {
  url: Config.String("GATEWAY_CHANNEL_URL"),
  secret: Config.Redacted("GATEWAY_CHANNEL_SECRET")
}

const token = Config.Redacted("GATEWAY_TOKEN")

const config = Config.all({
  host: Config.String("GATEWAY_HOST").pipe(Config.withDefault("127.0.0.1")),
  port: Config.Int("GATEWAY_PORT").pipe(Config.withDefault(8090)),
  liveperson: Connector.configOption,
  drain: Config.Duration("GATEWAY_DRAIN").pipe(Config.withDefault(Duration.zero)),
  settle: Config.Duration("GATEWAY_SETTLE").pipe(Config.withDefault(Settings.defaults.settle)),
  retention: Config.Duration("GATEWAY_RETENTION").pipe(Config.withDefault(Settings.defaults.retention)),
  channel: Config.all([Config.option(channel.url), Config.option(channel.secret)]).pipe(
    // One of them alone is a mistake: nobody would be told anything.
    Config.flatMap(([url, secret]) =>
      Option.isSome(url) || Option.isSome(secret)
        ? Config.map(Config.all(channel), Option.some)
        : Config.succeed(Option.none())
    )
  ),
  data: Database.folder,
  view: Config.Boolean("GATEWAY_VIEW").pipe(Config.withDefault(true)),
  telemetry: Config.String("OTEL_EXPORTER_OTLP_ENDPOINT").pipe(Config.option),
  simulator: Config.Int("GATEWAY_SIMULATOR_PORT").pipe(Config.withDefault(8091))
})

/** What may still leave and what may still arrive share the time that there is. */
const settingsOf = (settle: Duration.Duration, retention: Duration.Duration): Settings.Settings => ({
  ...Settings.defaults,
  settle,
  sendWindow: Duration.times(settle, 1 / 3),
  timeout: Duration.times(settle, 2 / 3),
  retention
})

const exampleToken = Redacted.make("gateway")

const example = (url: string, bearer: string) =>
  [
    `curl ${url}/v1/accounts/${Simulator.credentials.accountId}/consumers/ada/messages \\`,
    `  -H "authorization: Bearer ${bearer}" -H "idempotency-key: $RANDOM" \\`,
    `  -H 'content-type: application/json' -d '{"content":{"_tag":"Text","text":"Hi, my parcel is late"}}'`
  ].join("\n")

const subscription = (endpoint: string) => ({
  "ms.MessagingEventNotification.ContentEvent": { endpoint },
  "ms.MessagingEventNotification.RichContentEvent": { endpoint },
  "ms.MessagingEventNotification.AcceptStatusEvent": { endpoint },
  "ms.MessagingEventNotification.ChatStateEvent": { endpoint },
  "cqm.ExConversationChangeNotification": { endpoint },
  retry: { retention_time: 3600 }
})

const app = (draining: Effect.Effect<boolean>) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { channel, data, host, liveperson, port, retention, settle, simulator, telemetry, view } = yield* config
      const isDrawn = process.stdout.isTTY && view
      const simulated = Option.isNone(liveperson)
        ? {
            ...Simulator.credentials,
            domainApi: `http://127.0.0.1:${simulator}`
          }
        : undefined
      const account = Option.getOrElse(liveperson, () => simulated ?? Simulator.credentials)
      // What everybody knows opens a simulated LivePerson, and no other.
      const secret = yield* Option.isSome(liveperson) ? token : Config.withDefault(token, exampleToken)

      const accounts = [account] as const
      const routes = HttpRouter.serve(Gateway.layerRoutes({ accounts, token: secret, draining }), {
        disableLogger: true,
        disableListenLog: true
      })
      const told = Layer.effectDiscard(
        HttpServer.addressFormattedWith((url) => {
          const header = [
            `The gateway listens at ${url}, its documentation is at ${url}/docs.`,
            ...(secret === exampleToken ? [`Its token is "${Redacted.value(exampleToken)}": set GATEWAY_TOKEN.`] : []),
            ...(simulated === undefined
              ? []
              : [
                  `LivePerson is simulated: be the agent at ${simulated.domainApi}.`,
                  "",
                  example(url, secret === exampleToken ? Redacted.value(exampleToken) : "$GATEWAY_TOKEN")
                ])
          ].join("\n")
          // One screen where there is one; lines, which say the same, elsewhere.
          return isDrawn ? Effect.asVoid(Effect.forkScoped(LiveView.run(header))) : Console.log(header)
        })
      )
      const out = Option.match(channel, {
        onNone: () => (isDrawn ? Channel.layer(() => Effect.void) : Channel.layerConsole),
        onSome: (options) => Channel.layerWebhook(options)
      })
      const gateway = Layer.merge(routes, told).pipe(
        Layer.provide(NodeHttpServer.layer(createServer, { host, port })),
        Layer.provide(Gateway.layer({ accounts })),
        Layer.provide(out),
        Layer.provide(Cluster.layer),
        Layer.provide(Database.layer),
        Layer.provide(
          Option.match(telemetry, {
            onNone: () => Layer.empty,
            onSome: (baseUrl) => Otlp.layerJson({ baseUrl, resource: { serviceName: "liveperson-gateway" } })
          })
        ),
        Layer.provide(NodeHttpClient.layerUndici),
        Layer.provide(Layer.succeed(Settings.Settings, settingsOf(settle, retention)))
      )
      if (simulated === undefined) return gateway
      return gateway.pipe(
        Layer.provide(
          // What the database remembers of conversations, LivePerson has to remember as well.
          NodeSimulator.layer({ port: simulator, webhooks: subscription(`http://127.0.0.1:${port}/liveperson`) }).pipe(
            Layer.provide(NodeSimulator.layerData(`${data}/simulator`))
          )
        )
      )
    })
  )

/** Stops taking work before it stops: whoever balances load sees it at `/health/ready` for as long as `GATEWAY_DRAIN`. */
const program = Effect.gen(function* () {
  const { drain } = yield* config
  let isDraining = false
  const running = yield* Effect.forkDetach(Layer.launch(app(Effect.sync(() => isDraining))))
  return yield* Fiber.join(running).pipe(
    Effect.onInterrupt(() =>
      Effect.gen(function* () {
        isDraining = true
        yield* Effect.sleep(drain)
        yield* Fiber.interrupt(running)
      })
    )
  )
})

program.pipe(
  Effect.mapError(toFailure),
  Effect.tapError(({ message }) => Console.error(message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
