/**
 * What a CONVERSATION round trip costs: three payloads, 32 in flight, to a server in another process that always answers
 * the same.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect } from "effect"
import * as Compare from "./harness/Compare.ts"
import * as Process from "./harness/Process.ts"

const program = Effect.gen(function* () {
  const args = [yield* Process.server("sides/fixedServer")]
  const what = "round trips, 3 payloads, 32 in flight"
  yield* Compare.run({
    name: "CONVERSATION",
    what,
    sides: {
      "undici.request": "sides/undiciBare",
      "Effect HttpClient": "sides/effectBare",
      core: "sides/coreUndici",
      "axios + zod": "sides/axiosZod"
    },
    args,
    times: 4_000
  })
  yield* Compare.run({
    name: "CONVERSATION by fetch",
    what,
    sides: { "fetch + zod": "sides/fetchZod", core: "sides/coreFetch" },
    args,
    times: 4_000
  })
}).pipe(Effect.scoped)

program.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
