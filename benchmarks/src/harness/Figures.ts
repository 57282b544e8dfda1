/**
 * Figures of several rounds: in the middle, and how far they spread.
 */
import { Number, Schema } from "effect"

export const Figure = Schema.Struct({ median: Schema.Finite, least: Schema.Finite, most: Schema.Finite })
export type Figure = typeof Figure.Type

export const of = (values: ReadonlyArray<number>): Figure => {
  const sorted = values.toSorted(Number.Order)
  const at = (fraction: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0
  return { median: at(0.5), least: at(0), most: at(1) }
}

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 })

export const short = (value: number): string => digits.format(value)

export const told = ({ least, median, most }: Figure): string => `${short(median)} (${short(least)}–${short(most)})`
