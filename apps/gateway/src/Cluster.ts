/**
 * This process's place in the cluster: who works for which consumers is agreed on in the database.
 */
import { NodeClusterSocket, NodeCrypto } from "@effect/platform-node"
import { Config, Duration, Effect, Layer, Option } from "effect"
import {
  ClusterError,
  MessageStorage,
  type Reply,
  RunnerAddress,
  ShardingConfig,
  Snowflake,
  SqlMessageStorage,
  SqlRunnerStorage
} from "effect/cluster"
import { SqlClient } from "effect/sql"
import { positive, Quick } from "./Database.ts"

/**
 * A runner at `GATEWAY_RUNNER_HOST` and `GATEWAY_RUNNER_PORT`, which the others must be able to reach. Its shards are its
 * own for `GATEWAY_LEASE` after it was last heard of; what else `ShardingConfig` reads from the environment counts too.
 *
 * Leases are rows that expire, and not the locks of a session: a process that hangs keeps its session, and with it
 * everything would wait for it.
 */
export const shardingConfig = Effect.gen(function* () {
  const host = yield* Config.String("GATEWAY_RUNNER_HOST").pipe(Config.withDefault("127.0.0.1"))
  const port = yield* Config.Int("GATEWAY_RUNNER_PORT").pipe(Config.withDefault(34431))
  const lease = yield* Config.Duration("GATEWAY_LEASE").pipe(Config.withDefault(Duration.seconds(15)))
  const shards = yield* positive("GATEWAY_SHARDS").pipe(Config.withDefault(64))
  return {
    runnerAddress: Option.some(RunnerAddress.make(host, port)),
    shardsPerGroup: shards,
    shardLockDisableAdvisory: true,
    shardLockExpiration: lease,
    shardLockRefreshInterval: Duration.times(lease, 1 / 4),
    entityMessagePollInterval: Duration.seconds(2),
    refreshAssignmentsInterval: Duration.seconds(1),
    runnerHealthCheckInterval: Duration.seconds(5),
    simulateRemoteSerialization: false
  } satisfies Partial<ShardingConfig.ShardingConfig["Service"]>
})

/** A reply and its message's end in one statement: a transaction of two goes to the database and back four times. */
const saveReply =
  (sql: SqlClient.SqlClient) =>
  ({ exit, id, requestId }: Reply.WithExitEncoded) =>
    sql`
      WITH done AS (
        UPDATE cluster_messages SET processed = TRUE, last_reply_id = ${id} WHERE request_id = ${requestId}
      )
      INSERT INTO cluster_replies (id, kind, request_id, payload)
      VALUES (${id}, 0, ${requestId}, ${JSON.stringify(exit)})`.pipe(
      Effect.asVoid,
      ClusterError.PersistenceError.refail,
      Effect.withTracerEnabled(false)
    )

/**
 * What was taken is on the disk before it is acknowledged. That something was done need not be: if a crash of the database
 * undoes it, it is found done when it is tried again.
 */
const messages = Layer.effect(
  MessageStorage.MessageStorage,
  Effect.gen(function* () {
    const durable = yield* SqlMessageStorage.makeEncoded()
    const sql = yield* Quick
    const quick = yield* SqlMessageStorage.makeEncodedStorage().pipe(Effect.provideService(SqlClient.SqlClient, sql))
    const save = saveReply(sql)
    return yield* MessageStorage.makeEncoded({
      ...durable,
      saveReply: (reply) => (reply._tag === "WithExit" ? save(reply) : quick.saveReply(reply)),
      unprocessedMessages: quick.unprocessedMessages
    })
  })
).pipe(Layer.provide([Snowflake.layerGenerator, NodeCrypto.layerDigest]))

/** Who has which shards: what a crash undoes of that is agreed on anew, and an entity's epoch keeps the last owner out. */
const runners = SqlRunnerStorage.layer.pipe(Layer.provide(Layer.effect(SqlClient.SqlClient, Quick)), Layer.orDie)

export const layer = Layer.unwrap(
  Effect.map(shardingConfig, (shardingConfig) =>
    NodeClusterSocket.layer({ storage: "byo", shardingConfig }).pipe(
      Layer.provideMerge(messages),
      Layer.provide(runners),
      Layer.provide(ShardingConfig.layerFromEnv(shardingConfig))
    )
  )
)
