/**
 * One side of a comparison: a process of its own that does a piece of work as often as it is told to, and says what
 * that took.
 */
import { NodeRuntime, NodeWorkerRunner } from "@effect/platform-node"
import { Effect, Layer, Schema } from "effect"
import { Rpc, RpcGroup, RpcServer } from "effect/rpc"

/** What a round took: on the clock, of the processor, and in memory at its end. */
export const Round = Schema.Struct({
  times: Schema.Int,
  seconds: Schema.Finite,
  cpuSeconds: Schema.Finite,
  rss: Schema.Int,
  heap: Schema.Int
})
export type Round = typeof Round.Type

export class Rounds extends RpcGroup.make(
  Rpc.make("run", { payload: { times: Schema.Int }, success: Round }),
  /** The memory that is left when everything that can be collected is. */
  Rpc.make("settle", { success: Schema.Struct({ rss: Schema.Int, heap: Schema.Int }) })
) {}

const memory = Effect.sync(() => {
  const { heapUsed, rss } = process.memoryUsage()
  return { rss, heap: heapUsed }
})

const settled = Effect.suspend(() => {
  globalThis.gc?.()
  return memory
})

/** Serves rounds of the work that `make` prepares, until the comparison is over. */
export const serve = <E, R, EX>(
  make: Effect.Effect<(times: number) => Effect.Effect<unknown, E>, EX, R>,
  context: Layer.Layer<R, unknown>
): void => {
  const handlers = Rounds.toLayer(
    Effect.gen(function* () {
      const work = yield* make
      return {
        run: Effect.fnUntraced(function* ({ times }) {
          const cpu = process.cpuUsage()
          const before = performance.now()
          yield* Effect.orDie(work(times))
          const seconds = (performance.now() - before) / 1000
          const { system, user } = process.cpuUsage(cpu)
          return { times, seconds, cpuSeconds: (system + user) / 1e6, ...(yield* memory) }
        }),
        settle: () => settled
      }
    })
  )
  RpcServer.layer(Rounds).pipe(
    Layer.provide(handlers),
    Layer.provide(RpcServer.layerProtocolWorkerRunner),
    Layer.provide([NodeWorkerRunner.layer, context]),
    Layer.launch,
    NodeRuntime.runMain
  )
}

/** Does something so often, with as many at a time as the comparison has in flight. */
export const inFlight =
  (concurrency: number) =>
  <E, R>(one: Effect.Effect<unknown, E, R>) =>
  (times: number): Effect.Effect<void, E, R> => {
    const each = Math.floor(times / concurrency)
    const lane = (nth: number) =>
      Effect.replicateEffect(one, each + (nth < times % concurrency ? 1 : 0), { discard: true })
    return Effect.forEach(
      Array.from({ length: concurrency }, (_, nth) => nth),
      lane,
      { concurrency, discard: true }
    )
  }

/** The same for a function that knows nothing of effects. */
export const lanes =
  (one: () => Promise<unknown>, concurrency = 32) =>
  (times: number): Effect.Effect<void> =>
    Effect.promise(
      () =>
        new Promise<void>((resolve, reject) => {
          let started = 0
          let ended = 0
          const next = (): void => {
            if (started === times) return
            started += 1
            one().then(() => {
              ended += 1
              if (ended === times) resolve()
              else next()
            }, reject)
          }
          for (let lane = 0; lane < concurrency; lane += 1) next()
        })
    )
