/**
 * Ratios as a picture: a bar for every side, and a line where it would be as quick as its peer.
 */
import * as Figures from "./Figures.ts"
import type { Result } from "./Result.ts"

const width = 760
const labels = 300
const barHeight = 16
const scale = 110

const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** As far as a bar may go: what is more is cut off, and its number says how much it is. */
const most = 4

/** The throughput of every side of every result, by its peer's. */
export const svg = (results: ReadonlyArray<Result>): string => {
  const lines: Array<string> = []
  let y = 24
  for (const { name, rows } of results) {
    const bars = rows.flatMap(({ side, values }) => {
      const ratio = values.find(({ label }) => label === "throughput")?.ratio
      return ratio === undefined ? [] : [{ side, ratio }]
    })
    if (bars.length < 2) continue
    lines.push(`<text x="0" y="${y}" class="name">${escape(name)}</text>`)
    y += 10
    for (const { ratio, side } of bars) {
      const long = Math.min(ratio, most) * scale
      lines.push(
        `<text x="${labels - 8}" y="${y + 12}" class="side" text-anchor="end">${escape(side)}</text>`,
        `<rect x="${labels}" y="${y}" width="${long.toFixed(1)}" height="${barHeight - 3}" rx="2" class="${ratio === 1 ? "peer" : "bar"}"/>`,
        `<text x="${(labels + long + 6).toFixed(1)}" y="${y + 12}" class="ratio">${Figures.short(ratio)}</text>`
      )
      y += barHeight
    }
    y += 26
  }
  const style = `text{font:12px system-ui,sans-serif;fill:#444}.name{font-weight:600;font-size:13px}.ratio{font-variant-numeric:tabular-nums}.bar{fill:#4f5bd5}.peer{fill:#a9adb8}line{stroke:#a9adb8;stroke-dasharray:3 3}@media(prefers-color-scheme:dark){text{fill:#ccc}.bar{fill:#8d96f2}.peer{fill:#666b78}}`
  const line = `<line x1="${labels + scale}" y1="14" x2="${labels + scale}" y2="${y - 20}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" role="img" aria-label="Throughput of each side by its peer's"><style>${style}</style>${line}${lines.join("")}</svg>\n`
}
