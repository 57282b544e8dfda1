/**
 * The wire as a list: how its rows are merged, found and told in words.
 */
import type { Call, Delivery, Row } from "../../src/Wire.ts"

/** How many rows are kept; of more, the oldest go. */
export const limit = 10_000

/** Where a row is, or would be: rows are in the order of their ids. */
const placeOf = (rows: ReadonlyArray<Row>, id: number): number => {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.id ?? Infinity) < id) low = middle + 1
    else high = middle
  }
  return low
}

/** The rows with what is new and what has changed. */
export const merge = (rows: ReadonlyArray<Row>, changed: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  if (changed.length === 0) return rows
  const merged = [...rows]
  for (const row of changed) {
    const place = placeOf(merged, row.id)
    merged.splice(place, merged[place]?.id === row.id ? 1 : 0, row)
  }
  return merged.length > limit ? merged.slice(-limit) : merged
}

/** What became of an exchange, as a class that has a colour and a word. */
export type Outcome = "ok" | "redirect" | "client" | "server" | "broken" | "waiting"

export const outcomeOf = ({ status }: Pick<Row, "status">): Outcome => {
  if (status === "waiting") return "waiting"
  if (typeof status === "string") return "broken"
  if (status < 300) return "ok"
  if (status < 400) return "redirect"
  return status < 500 ? "client" : "server"
}

export interface Filter {
  readonly text: string
  readonly kind: "all" | Row["_tag"]
  readonly outcome: "all" | "ok" | "failed" | "fault" | Outcome
  /** Only what concerns this consumer. */
  readonly whose: Pick<Row, "account" | "consumer"> | undefined
}

/** Whether an exchange went wrong, in whatever way. */
export const failed = (row: Row): boolean => {
  const outcome = outcomeOf(row)
  return outcome === "client" || outcome === "server" || outcome === "broken"
}

/** A webhook key or a payload type without what they nearly all have in common: `ContentEvent`, `PublishEvent`. */
export const shortKey = (key: string): string => key.slice(key.lastIndexOf(".") + 1).replace(/Notification$/, "")

const texts = new WeakMap<Row, string>()

/** Everything of a row that may be searched for. */
const textOf = (row: Row): string => {
  const known = texts.get(row)
  if (known !== undefined) return known
  const own =
    row._tag === "Call"
      ? [row.path, ...row.payloads]
      : [row.key, row.type, row.conversationId, `attempt ${row.attempt}`]
  const text = [row.id, row.method, row.status, row.endpoint, row.account, row.consumer, ...own].join(" ").toLowerCase()
  texts.set(row, text)
  return text
}

export const filtered = (rows: ReadonlyArray<Row>, { kind, outcome, text, whose }: Filter): ReadonlyArray<Row> => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0 && kind === "all" && outcome === "all" && whose === undefined) return rows
  return rows.filter(
    (row) =>
      (kind === "all" || row._tag === kind) &&
      (outcome === "all" ||
        (outcome === "failed"
          ? failed(row)
          : outcome === "fault"
            ? row.fault !== undefined
            : outcomeOf(row) === outcome)) &&
      (whose === undefined || (row.consumer === whose.consumer && row.account === whose.account)) &&
      words.every((word) => textOf(row).includes(word))
  )
}

/** What a row is about, in a word: an endpoint of LivePerson's or a kind of notification. */
export const subjectOf = (row: Row): string => (row._tag === "Call" ? row.endpoint : shortKey(row.key))

/** What a row is about, in detail. */
export const detailOf = (row: Row): string => (row._tag === "Call" ? callDetail(row) : deliveryDetail(row))

const joined = (...parts: ReadonlyArray<string | undefined>): string =>
  parts.filter((part) => part !== undefined).join(" · ")

const callDetail = ({ consumer, path, payloads }: Call): string =>
  joined(payloads.length > 0 ? payloads.map(shortKey).join(" + ") : path, consumer)

const deliveryDetail = ({ consumer, endpoint, key, type }: Delivery): string =>
  joined(shortKey(key) === type ? undefined : type, consumer, endpoint)

/** How often it was tried, where that says something. */
export const attemptOf = (row: Row): string | undefined => {
  if (row._tag === "Call" || row.attempt === 1) return undefined
  return row.attempt === 0 ? "never posted" : `attempt ${row.attempt}`
}

const words: Partial<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Too Large",
  429: "Too Many Requests",
  500: "Server Error",
  502: "Bad Gateway",
  503: "Unavailable",
  504: "Gateway Timeout"
}

/** A status with its name, where it has one that is known. */
export const statusOf = ({ status }: Pick<Row, "status">): string =>
  typeof status === "number" && words[status] !== undefined ? `${status} ${words[status]}` : String(status)
