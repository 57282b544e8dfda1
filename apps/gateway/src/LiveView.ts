/**
 * What flows, on one screen: read from the metrics, once a second. Where standard output is no terminal nothing is drawn.
 */
import { Effect, Metric, Schedule, Terminal } from "effect"
import { styleText } from "node:util"

const bold = (text: string) => styleText("bold", text)
const dim = (text: string) => styleText("dim", text)

interface Line {
  readonly name: string
  readonly value: number
}

const numberOf = (state: unknown): number => {
  if (typeof state !== "object" || state === null) return 0
  if ("value" in state) return Number(state.value)
  return "count" in state ? Number(state.count) : 0
}

const linesOf = Effect.map(Metric.snapshot, (metrics) =>
  metrics.flatMap(({ attributes, id, state }): ReadonlyArray<Line> => {
    if (!id.startsWith("gateway_")) return []
    const { account: _account, ...rest } = attributes ?? {}
    return [{ name: [id.slice("gateway_".length), ...Object.values(rest)].join(" "), value: numberOf(state) }]
  })
)

const labels: ReadonlyArray<readonly [name: string, label: string]> = [
  ["accepted", "taken from the channel"],
  ["mailbox_depth", "waiting for LivePerson"],
  ["mailbox_oldest_seconds", "  the oldest, in seconds"],
  ["deliveries sent", "delivered"],
  ["deliveries unknown", "  of which looked for first"],
  ["deliveries refused", "refused"],
  ["dead_letters", "  dead letters now"],
  ["notices", "heard from LivePerson"],
  ["inbox_depth", "waiting for the channel"],
  ["events told", "told to the channel"]
]

const draw = (header: string, lines: ReadonlyArray<Line>, before: ReadonlyMap<string, number>): string => {
  const rows = labels.map(([name, label]) => {
    const value = lines.filter((line) => line.name === name).reduce((sum, line) => sum + line.value, 0)
    const rate = value - (before.get(name) ?? value)
    const isCount = !/depth|oldest|dead/.test(name)
    const number = Math.round(value).toLocaleString("en").padStart(12)
    return `  ${label.padEnd(30)}${bold(number)}${isCount && rate > 0 ? dim(`  +${rate}/s`) : ""}`
  })
  const retries = lines
    .filter(({ name }) => name.startsWith("retries "))
    .map(
      ({ name, value }) =>
        `  again after ${name.slice("retries ".length)}`.padEnd(32) + bold(String(value).padStart(12))
    )
  return ["\u001B[H\u001B[J", header, "", ...rows, ...retries, "", dim("  Ctrl-C stops it.")].join("\n")
}

/** Draws for ever. */
export const run = (header: string) =>
  Effect.gen(function* () {
    const terminal = yield* Terminal.Terminal
    let before: ReadonlyMap<string, number> = new Map()
    yield* Effect.gen(function* () {
      const lines = yield* linesOf
      yield* terminal.display(`${draw(header, lines, before)}\n`)
      before = new Map(lines.map(({ name, value }) => [name, value]))
    }).pipe(Effect.repeat(Schedule.spaced("1 second")))
  })
