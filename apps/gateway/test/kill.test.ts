import { describe, it } from "@effect/vitest"
import { Console, Effect, Fiber, Random } from "effect"
import * as Cluster from "./cluster.ts"

/** How often it is killed: 200 times is the long way, with 10,000 messages of 500 consumers. */
const kills = Number(process.env["GATEWAY_KILLS"] ?? 3)
const consumers = Math.round(Math.max(20, kills * 2.5))
const messages = kills > 3 ? 20 : 10
/** How long a consumer thinks between two messages, so that there are some at every kill. */
const pause = Math.round((kills * 2_000) / messages)

describe("a gateway that is killed", () => {
  it.live(
    "at any moment under load delivers every message once and in order",
    () =>
      Effect.gen(function* () {
        const world = yield* Cluster.start({ runners: 1 })
        const [runner] = world.runners
        if (runner === undefined) return yield* Effect.die("no runner")
        const load = Cluster.load(consumers, messages)
        const delivering = yield* Effect.forkChild(
          Effect.forEach(
            load,
            ({ consumer, messages }) =>
              Effect.forEach(
                messages,
                (id) =>
                  Effect.flatMap(Random.nextIntBetween(0, 2 * pause), (millis) =>
                    Effect.delay(world.deliver(consumer, id), millis)
                  ),
                { discard: true }
              ),
            { concurrency: "unbounded", discard: true }
          )
        )
        for (let kill = 0; kill < kills; kill += 1) {
          yield* Effect.sleep(yield* Random.nextIntBetween(300, 1_500))
          yield* runner.signal("SIGKILL")
          yield* runner.start
          yield* world.ready(runner)
        }
        yield* Fiber.join(delivering)
        yield* Cluster.expectAll(world, load, 30_000 + kills * 1_000)
        if (kills > 3)
          yield* Console.log(`${kills} kills, ${consumers * messages} messages, ${world.told.length} events`)
      }).pipe(Effect.scoped),
    120_000 + kills * 20_000
  )
})
