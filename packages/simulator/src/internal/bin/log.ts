/**
 * Tells of each call and each delivery in a line, when it is over. No bodies, no secrets.
 */
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Simulator } from "../../Simulator.ts"
import { Row } from "../../Wire.ts"
import { cyan, dim, green, magenta, red, yellow } from "./style.ts"

const colourOf = (status: Row["status"]) => {
  if (status === "dropped" || status === "timeout") return magenta
  if (status === "waiting" || status < 300) return green
  return status < 500 ? yellow : red
}

/** What does not print could steer a terminal. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, "�")

const nameOf = (row: Row) => {
  if (row._tag === "Call") return `${row.method} ${row.path}`
  return `${row.type} → ${row.endpoint}${row.attempt > 1 ? ` (attempt ${row.attempt})` : ""}`
}

const text = (row: Row) => {
  const notes = [
    ...(row._tag === "Call" ? row.payloads : []),
    ...(row.fault === undefined ? [] : [`fault ${row.fault}`])
  ].join(", ")
  return [
    dim(new Date(row.at).toISOString().slice(11, 23)),
    colourOf(row.status)(String(row.status)),
    printable(nameOf(row)),
    dim(`${Math.round(row.millis ?? 0)} ms`),
    ...(notes === "" ? [] : [cyan(printable(notes))])
  ].join("  ")
}

const json = Schema.encodeSync(Schema.fromJsonString(Row))

/** Writes the log of what changes from when this is done until the scope ends, and then of what was not told yet. */
export const log = Effect.fnUntraced(function* (
  format: "text" | "json" | "none",
  { live, wire }: Pick<Simulator["Service"], "live" | "wire">
) {
  if (format === "none") return
  const line = format === "json" ? json : text
  const begun = yield* Deferred.make<void>()
  const waiting = new Set<number>()
  let newest = 0

  const isOver = ({ id, status }: Row) => {
    newest = Math.max(newest, id)
    if (status === "waiting") waiting.add(id)
    else waiting.delete(id)
    return status !== "waiting"
  }
  const tell = (rows: ReadonlyArray<Row>) =>
    Effect.forEach(rows.filter(isOver), (row) => Console.log(line(row)), { discard: true })

  yield* Effect.forkScoped(
    Stream.runForEach(live, (changes) => {
      if (changes.reset) {
        waiting.clear()
        newest = 0
      }
      return Effect.andThen(tell(changes.wire), Deferred.succeed(begun, undefined))
    })
  )
  yield* Effect.addFinalizer(() =>
    Effect.flatMap(wire, (rows) => tell(rows.filter(({ id }) => id > newest || waiting.has(id))))
  )
  yield* Deferred.await(begun)
})
