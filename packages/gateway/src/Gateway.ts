/**
 * The gateway, put together: {@link layer} is what every runner of the cluster does, {@link layerRoutes} what it serves.
 *
 * A program brings the cluster (`NodeClusterSocket.layer`, or `SingleRunner.layer` for one process), a database, a
 * `Channel`, and an `HttpServer`. `apps/gateway` is one that is ready.
 *
 * ```ts
 * import { Channel, Gateway } from "@effect-liveperson/gateway"
 * import { Layer, Redacted } from "effect"
 * import { HttpRouter } from "effect/http"
 *
 * const account = { accountId: "12345678", clientId: "my-app", clientSecret: Redacted.make("secret") }
 *
 * const Served = HttpRouter.serve(Gateway.layerRoutes({ accounts: [account], token: Redacted.make("token") })).pipe(
 *   Layer.provide(Gateway.layer({ accounts: [account] })),
 *   Layer.provide(Channel.layerConsole)
 * )
 * ```
 */
import { type Connector, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type * as Redacted from "effect/Redacted"
import * as Sharding from "effect/cluster/Sharding"
import * as Api from "./internal/api.ts"
import { type Desk, layer as layerDesk } from "./internal/desk.ts"
import * as Entity from "./internal/entity.ts"
import * as Inbox from "./internal/inbox.ts"
import * as Lines from "./internal/line.ts"
import * as Migrations from "./internal/migrations.ts"
import { type Store } from "./internal/store.ts"
import * as StoreSql from "./internal/storeSql.ts"
import * as Upkeep from "./internal/upkeep.ts"
import { layer as layerViews, Views } from "./internal/views.ts"

/** An account, and the app that speaks for its consumers. */
export type Account = Connector.Options

/** Options of {@link layer}. */
export interface Options {
  readonly accounts: Arr.NonEmptyReadonlyArray<Account>
}

/** Brings the gateway's own tables up to date. {@link layer} does it as well. */
export const layerMigrations = Migrations.layer

/** What {@link layerRoutes} stands on. */
export type Services = Desk | Store | Views | Lines.Lines

/** What a runner does: has the consumers of its shards, and its share of the upkeep. */
export const layer = (options: Options) =>
  Layer.merge(Entity.layer, Upkeep.layer(options.accounts.map(({ accountId }) => accountId))).pipe(
    Layer.provideMerge(layerDesk),
    Layer.provideMerge(Layer.mergeAll(StoreSql.layer, layerViews, Lines.layer(options.accounts))),
    Layer.provide(Migrations.layer)
  )

/** Options of {@link layerRoutes}. */
export interface RoutesOptions extends Options {
  /** What callers of the API have to show. */
  readonly token: Redacted.Redacted
  /** Where LivePerson's webhooks come in: `/liveperson`. */
  readonly webhookPath?: HttpRouter.PathInput | undefined
  /** Whether this process is to get no more work: no, unless it is said otherwise. */
  readonly draining?: Effect.Effect<boolean> | undefined
}

const text = (text: string, status: number) => HttpServerResponse.text(`${text}\n`, { status })

/**
 * `/health/live` answers 200 as long as the process does, `/health/ready` while it can take work: the database answers,
 * the process has its place in the cluster, and it is not about to stop.
 */
const layerHealth = (draining: Effect.Effect<boolean>) =>
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      const views = yield* Views
      const sharding = yield* Sharding.Sharding
      yield* router.add("GET", "/health/live", text("live", 200))
      yield* router.add(
        "GET",
        "/health/ready",
        Effect.gen(function* () {
          if ((yield* draining) || (yield* sharding.isShutdown)) return text("draining", 503)
          const isUp = yield* views.ping.pipe(
            Effect.timeout("2 seconds"),
            Effect.match({ onSuccess: () => true, onFailure: () => false })
          )
          return isUp ? text("ready", 200) : text("the database does not answer", 503)
        })
      )
    })
  )

/**
 * The way in (`/v1/…`, `/openapi.json`, `/docs`), LivePerson's webhooks (`/liveperson`), `/metrics` for Prometheus, and
 * `/health/live` and `/health/ready`.
 */
export const layerRoutes = (options: RoutesOptions) => {
  const { draining = Effect.succeed(false), token, webhookPath = "/liveperson" } = options
  const apps = Arr.map(options.accounts, ({ accountId, clientId, clientSecret }) => ({
    accountId,
    clientId,
    clientSecret
  }))
  const webhooks = HttpRouter.use((router) =>
    Effect.gen(function* () {
      const context = yield* Effect.context<Desk | Store | Webhook.Webhook>()
      yield* router.add("POST", webhookPath, Effect.provideContext(WebhookEndpoint.appTo(Inbox.offer), context))
    })
  ).pipe(Layer.provide(Webhook.layer({ apps })))
  return Layer.mergeAll(Api.layer(token), webhooks, PrometheusMetrics.layerHttp(), layerHealth(draining))
}
