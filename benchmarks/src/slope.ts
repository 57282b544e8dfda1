/**
 * Whether one open costs more where more conversations are known: it must not.
 */
import { Effect } from "effect"
import * as Compare from "./harness/Compare.ts"

export const run = Effect.map(
  Compare.run({
    name: "One open, by how many conversations are known",
    what: "opens by new consumers, tokens included, one at a time, to the simulator in process",
    sides: {
      "10 known": ["sides/slope", "10"],
      "1,000 known": ["sides/slope", "1000"],
      "100,000 known": ["sides/slope", "100000"]
    },
    times: 100,
    rounds: 15
  }),
  (result) => [result]
)
