/**
 * Figures of several rounds: in the middle, and how far they spread.
 */
import { Number, Schema } from "effect"

export const Figure = Schema.Struct({ median: Schema.Finite, least: Schema.Finite, most: Schema.Finite })
export type Figure = typeof Figure.Type

/** The value that this fraction of them is below. */
export const percentile = (values: ReadonlyArray<number>, fraction: number): number => {
  const sorted = values.toSorted(Number.Order)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0
}

export const of = (values: ReadonlyArray<number>): Figure => ({
  median: percentile(values, 0.5),
  least: percentile(values, 0),
  most: percentile(values, 1)
})

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 })

export const short = (value: number): string => digits.format(value)

export const told = ({ least, median, most }: Figure): string =>
  least === most ? short(median) : `${short(median)} (${short(least)}–${short(most)})`
