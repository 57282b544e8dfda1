/**
 * A log of what went over the wire: the newest exchanges, whole, and blacked out only when somebody looks.
 */
import * as Headers from "effect/http/Headers"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Wire from "../Wire.ts"
import * as Secrets from "./secrets.ts"

/** A request or an answer as it was kept: the answer of an endpoint itself, or a text. */
type Kept = HttpServerResponse.HttpServerResponse | { readonly headers: Headers.Input; readonly body: string }

type Open<Row> = { -readonly [K in keyof Row]: Row[K] }

/** An exchange that goes on. The path of a call has its secrets still. */
export interface Entry<Row extends Wire.Row = Wire.Row> {
  readonly row: Open<Row>
  request: Kept
  response: Kept | undefined
}

/** How every exchange begins. */
type Started = Pick<Wire.Row, "id" | "millis" | "status">

const utf8 = new TextDecoder()

const types = Schema.Struct({ type: Schema.String })
const decodeTypes = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Union([types, Schema.Array(types)])))

const messageOf = (kept: Kept): Wire.Message => {
  if (!HttpServerResponse.isHttpServerResponse(kept)) {
    return { headers: Secrets.inHeaders(Headers.fromInput(kept.headers)), body: Secrets.inBody(kept.body) }
  }
  const { body } = kept
  const type = "contentType" in body && body.contentType !== undefined ? { "content-type": body.contentType } : {}
  const headers = Secrets.inHeaders({ ...type, ...kept.headers })
  if (body._tag !== "Uint8Array") return { headers, body: body._tag === "Empty" ? "" : "(a stream)" }
  const isText = /json|text|xml|form/.test(body.contentType)
  return { headers, body: isText ? Secrets.inBody(utf8.decode(body.body)) : `(${body.body.length} bytes)` }
}

/** What a call carried is read when somebody looks for the first time, and blacked out each time that somebody does. */
const shown = ({ row, request }: Entry): Wire.Row => {
  if (row._tag === "Delivery") return { ...row }
  const isBatchOrSend = row.endpoint === "conversation" || row.endpoint === "send"
  if (isBatchOrSend && row.payloads.length === 0 && "body" in request && typeof request.body === "string") {
    const read = Option.map(decodeTypes(request.body), (types) => ("type" in types ? [types] : types))
    row.payloads = Option.getOrElse(read, () => []).map(({ type }) => type)
  }
  return { ...row, path: Secrets.inQuery(row.path) }
}

export const make = (limit: number, changed: (id: number) => void) => {
  // In the order of their numbers, as they are added in it.
  const entries = new Map<number, Entry>()
  let count = 0
  /** No number below this one is remembered. */
  let oldest = 1

  return {
    /** Begins an exchange. */
    begin: <Row extends Wire.Row>(rowOf: (started: Started) => Row, request: Kept): Entry<Row> => {
      const id = (count += 1)
      const entry: Entry<Row> = {
        row: rowOf({ id, millis: undefined, status: "waiting" }),
        request,
        response: undefined
      }
      entries.set(id, entry)
      for (; entries.size > limit; oldest += 1) entries.delete(oldest)
      changed(id)
      return entry
    },

    /** Ends it. */
    end: (entry: Entry, at: number, status: Wire.Status, response: Kept | undefined): void => {
      entry.row.status = status
      entry.row.millis = at - entry.row.at
      entry.response = response
      changed(entry.row.id)
    },

    rows: (): ReadonlyArray<Wire.Row> => Array.from(entries.values(), shown),

    row: (id: number): Wire.Row | undefined => {
      const entry = entries.get(id)
      return entry === undefined ? undefined : shown(entry)
    },

    exchange: (id: number): Wire.Exchange | undefined => {
      const entry = entries.get(id)
      if (entry === undefined) return undefined
      const { request, response } = entry
      return {
        row: shown(entry),
        request: messageOf(request),
        response: response === undefined ? undefined : messageOf(response)
      }
    },

    /** Forgets what has ended. What goes on will yet be told. */
    clear: (): void => {
      for (const [id, { row }] of entries) if (row.status !== "waiting") entries.delete(id)
    }
  }
}

export type Log = ReturnType<typeof make>
