/**
 * What a benchmark found: sides and their figures, each beside that of the first side, the peer.
 */
import { Console, Effect, Schema } from "effect"
import * as Figures from "./Figures.ts"

/** One figure of a side. `ratio` is it by the peer's; a figure without one stands for itself. */
export const Value = Schema.Struct({
  label: Schema.String,
  unit: Schema.String,
  figure: Figures.Figure,
  ratio: Schema.optionalKey(Schema.Finite)
})
export type Value = typeof Value.Type

export const Row = Schema.Struct({ side: Schema.String, values: Schema.Array(Value) })
export type Row = typeof Row.Type

export const Result = Schema.Struct({
  name: Schema.String,
  /** What was done, how often at a time, against what. */
  what: Schema.String,
  rows: Schema.Array(Row)
})
export type Result = typeof Result.Type

/** A row whose figures were measured once each, or several times. */
export const row = (
  side: string,
  values: Readonly<Record<string, readonly [unit: string, measured: number | ReadonlyArray<number>]>>
): Row => ({
  side,
  values: Object.entries(values).map(([label, [unit, measured]]) => ({
    label,
    unit,
    figure: Figures.of(typeof measured === "number" ? [measured] : measured)
  }))
})

const besides = (peer: Row | undefined, { label, ...value }: Value): Value => {
  const other = peer?.values.find((one) => one.label === label)?.figure.median
  return other === undefined ? { label, ...value } : { label, ...value, ratio: value.figure.median / other }
}

/** Puts every figure beside that of the first row. */
export const of = (name: string, what: string, rows: ReadonlyArray<Row>): Result => {
  const [peer] = rows
  return {
    name,
    what,
    rows:
      rows.length === 1
        ? rows
        : rows.map(({ side, values }) => ({ side, values: values.map((value) => besides(peer, value)) }))
  }
}

const told = ({ figure, ratio, unit }: Value): string =>
  `${Figures.told(figure)} ${unit}${ratio === undefined ? "" : ` ×${Figures.short(ratio)}`}`

/** Prints a result as a table: a line for each side, a column for each figure, and behind it its ratio. */
export const print = Effect.fnUntraced(function* ({ name, rows, what }: Result) {
  const head = ["", ...(rows[0]?.values.map(({ label }) => label) ?? [])]
  const table = [head, ...rows.map(({ side, values }) => [side, ...values.map(told)])]
  const widths = head.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)))
  yield* Console.log(`\n${name}: ${what}`)
  for (const cells of table) {
    yield* Console.log(`  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
  }
})
