/**
 * This process's place in the cluster: who works for which consumers is agreed on in the database.
 */
import { NodeClusterSocket } from "@effect/platform-node"
import { Config, Duration, Effect, Layer, Option } from "effect"
import { RunnerAddress, type ShardingConfig } from "effect/cluster"

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
  return {
    runnerAddress: Option.some(RunnerAddress.make(host, port)),
    shardLockDisableAdvisory: true,
    shardLockExpiration: lease,
    shardLockRefreshInterval: Duration.times(lease, 1 / 4),
    entityMessagePollInterval: Duration.seconds(2),
    refreshAssignmentsInterval: Duration.seconds(1),
    runnerHealthCheckInterval: Duration.seconds(5),
    simulateRemoteSerialization: false
  } satisfies Partial<ShardingConfig.ShardingConfig["Service"]>
})

export const layer = Layer.unwrap(
  Effect.map(shardingConfig, (shardingConfig) => NodeClusterSocket.layer({ storage: "sql", shardingConfig }))
)
