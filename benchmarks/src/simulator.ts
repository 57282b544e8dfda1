/**
 * How many round trips a second a test gets out of the simulator: in process, and beside it the same over loopback
 * sockets to a simulator in another process.
 */
import { Effect } from "effect"
import * as Compare from "./harness/Compare.ts"
import * as Process from "./harness/Process.ts"

const rounds = 7
const warmUp = 4
const opens = 2_000

export const run = Effect.gen(function* () {
  const url = yield* Process.server("sides/simulatorServer")
  const consumers = String((rounds + warmUp) * opens)
  return [
    yield* Compare.run({
      name: "Conversations opened in the simulator",
      what: "round trips, 32 in flight",
      sides: {
        "over loopback": ["sides/simulatorLoopback", "open", url, consumers],
        "in process": ["sides/simulatorInProcess", "open", "https://liveperson.test", consumers]
      },
      times: opens,
      rounds,
      warmUp
    }),
    yield* Compare.run({
      name: "Messages sent to the simulator",
      what: "round trips, 32 in flight",
      sides: {
        "over loopback": ["sides/simulatorLoopback", "send", url, "500"],
        "in process": ["sides/simulatorInProcess", "send", "https://liveperson.test", "500"]
      },
      times: 5_000,
      rounds,
      warmUp
    })
  ]
}).pipe(Effect.scoped)
