/**
 * What it costs to go from values to JSON text and back, with every field checked.
 */
import { Effect } from "effect"
import * as Compare from "./harness/Compare.ts"

const works = {
  encode: "Encode a batch of three payloads",
  response: "Decode its response",
  notification: "Decode a notification"
}

export const run = Effect.forEach(Object.entries(works), ([work, name]) =>
  Compare.run({
    name,
    what: "JSON text and values, every field checked",
    sides: {
      zod: ["sides/codecZod", work],
      core: ["sides/codecCore", work],
      "core, compiled": ["sides/codecCoreCompiled", work]
    },
    times: 20_000
  })
)
