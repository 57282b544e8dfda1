/**
 * A webhook endpoint whose handlers take so many milliseconds, none unless it is said otherwise. Prints where it listens.
 */
import { Inbox, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import { NodeCrypto, NodeHttpServer, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Redacted } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"

const slowness = Number(process.argv[2] ?? 0)

const apps = [{ accountId: "1", clientId: "app", clientSecret: Redacted.make("secret") }] as const

const Live = HttpRouter.serve(WebhookEndpoint.route("/lp"), { disableLogger: true, disableListenLog: true }).pipe(
  Layer.provide(Webhook.layerMac({ apps })),
  Layer.provide(NodeCrypto.layerMac),
  Layer.provideMerge(Inbox.layerMemory({ capacity: 1_000_000, onShutdown: () => Effect.void })),
  Layer.provideMerge(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" }))
)

const program = Effect.gen(function* () {
  yield* HttpServer.addressFormattedWith((url) => Console.log(url))
  yield* Inbox.run({ orElse: () => Effect.sleep(slowness) })
})

program.pipe(Effect.provide(Live), NodeRuntime.runMain)
