import { describe, expect, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8")

const files = new Map(
  readdirSync(new URL(".", import.meta.url))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => [name, read(name)] as const)
)

/** The names of a file's tests and of what holds them together, in order: the texts that a call begins with. */
const namesIn = (source: string): ReadonlyArray<string> =>
  [...source.matchAll(/\(\s*"((?:[^"\\]|\\.)+)",\s*[({]/g)].map(([, name = ""]) => name)

const isSource = (source: string): boolean =>
  source.split(/, | to /).every((part) => /^(?:\d+(?:\.\d+)*|D\d+|assumed|the CONVERSATION page)$/.test(part))

const rows = read("../FIDELITY.md")
  .split("\n")
  .filter((line) => /^\|(?! *-)(?! *Behaviour)/.test(line))
  .map((line) => {
    const [behaviour = "", source = "", held = "", ...more] = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { behaviour, source, tests: held.split("<br>"), more }
  })

const inOrder = (names: ReadonlyArray<string>, path: ReadonlyArray<string>): boolean =>
  path.reduce((after, name) => (after === -1 ? -1 : names.indexOf(name, after) + 1 || -1), 0) !== -1

/** Whether a file has these names, one after the other; the last may be that of a case. */
const has = (source: string, path: ReadonlyArray<string>): boolean => {
  const names = namesIn(source)
  const isCase = path.length > 1 && source.includes(`"${path.at(-1)}"`)
  return inOrder(names, path) || (isCase && inOrder(names, path.slice(0, -1)))
}

describe("FIDELITY.md", () => {
  it("has in every row a behaviour, its source, and tests that exist", () => {
    expect(rows.length).toBeGreaterThan(100)
    const wrong = rows.flatMap(({ behaviour, more, source, tests }) => {
      const missing = tests.filter((test) => {
        const [, file = "", path = ""] = /^`([\w.]+)` (.+)$/.exec(test) ?? []
        return !has(files.get(file) ?? "", path.split(" › "))
      })
      const isWhole = behaviour !== "" && isSource(source) && more.length === 0
      return missing.length === 0 && isWhole ? [] : [{ behaviour, missing }]
    })
    expect(wrong).toEqual([])
  })

  it("knows each of the 55 places where LivePerson's own documents contradict each other", () => {
    const cited = new Set(rows.flatMap(({ source }) => source.match(/\bD\d+\b/g) ?? []))
    const all = Array.from({ length: 55 }, (_, nth) => `D${nth + 1}`)
    expect(all.filter((name) => !cited.has(name))).toEqual([])
  })
})
