/**
 * What a CONVERSATION round trip costs: three payloads, 32 in flight, to a server in another process that always answers
 * the same.
 */
import { Effect } from "effect"
import * as Compare from "./harness/Compare.ts"
import * as Process from "./harness/Process.ts"

const what = "round trips of three payloads, 32 in flight, to a fixed answer on loopback"

export const run = Effect.gen(function* () {
  const url = yield* Process.server("sides/fixedServer")
  return [
    yield* Compare.run({
      name: "CONVERSATION by undici",
      what,
      sides: {
        "undici.request, unchecked": ["sides/undiciBare", url],
        "Effect HttpClient, unchecked": ["sides/effectBare", url],
        core: ["sides/coreUndici", url]
      },
      times: 6_000
    }),
    yield* Compare.run({
      name: "CONVERSATION, as people write it",
      what,
      sides: { "axios + zod": ["sides/axiosZod", url], core: ["sides/coreUndici", url] },
      times: 6_000
    }),
    yield* Compare.run({
      name: "CONVERSATION by fetch",
      what,
      sides: {
        "fetch + zod": ["sides/fetchZod", url],
        "Effect HttpClient, unchecked": ["sides/effectBareFetch", url],
        core: ["sides/coreFetch", url]
      },
      times: 4_000
    })
  ]
}).pipe(Effect.scoped)
