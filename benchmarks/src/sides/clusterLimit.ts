/**
 * What a gateway cannot be quicker than: persisted messages to 500 entities whose handler does nothing, from the call
 * until they are handled. `plain` has the cluster and the database's client as they come, `gateway` as the gateway
 * sets them up.
 */
import { NodeClusterSocket } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { ConfigProvider, Effect, Layer, Latch, Option, Redacted, Schema } from "effect"
import { ClusterSchema, Entity, RunnerAddress } from "effect/cluster"
import { Rpc } from "effect/rpc"
import * as Cluster from "../../../apps/gateway/src/Cluster.ts"
import * as Database from "../../../apps/gateway/src/Database.ts"
import { serve } from "../harness/Side.ts"

const [, , kind = "", url = "", port = ""] = process.argv

const consumers = 500
const lanes = 64

const Deliver = Rpc.make("Deliver", {
  payload: { id: Schema.String, text: Schema.String },
  primaryKey: ({ id }) => id
}).annotate(ClusterSchema.Persisted, true)

const Consumer = Entity.make("Limit", [Deliver])

let awaited = 0
const all = Latch.makeUnsafe(true)

const handled = Effect.sync(() => {
  awaited -= 1
  if (awaited === 0) all.openUnsafe()
})

const make = Effect.gen(function* () {
  const clientOf = yield* Consumer.client
  let round = 0
  return Effect.fnUntraced(function* (times: number) {
    round += 1
    awaited = times
    all.closeUnsafe()
    yield* Effect.forEach(
      Array.from({ length: lanes }, (_, lane) => lane),
      Effect.fnUntraced(function* (lane) {
        for (let nth = lane; nth < times; nth += lanes) {
          const message = { id: `${round}-${nth}`, text: "It was due on Monday" }
          yield* clientOf(`consumer-${nth % consumers}`).Deliver(message, { discard: true })
        }
      }),
      { concurrency: lanes, discard: true }
    )
    yield* all.await
  })
})

const cluster =
  kind === "plain"
    ? NodeClusterSocket.layer({
        storage: "sql",
        shardingConfig: { runnerAddress: Option.some(RunnerAddress.make("127.0.0.1", Number(port))) }
      }).pipe(Layer.provide(PgClient.layer({ url: Redacted.make(url) })))
    : Cluster.layer.pipe(
        Layer.provide(Database.layerUrl(Redacted.make(url))),
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ GATEWAY_RUNNER_PORT: port })))
      )

serve(make, Consumer.toLayer({ Deliver: () => handled }, { concurrency: 1 }).pipe(Layer.provideMerge(cluster)))
