/**
 * Blacks out what nobody is to see of what went over the wire.
 */
import * as Headers from "effect/http/Headers"

const blackout = "<redacted>"

const secretive = '(?!token_type)[^"=&?]*(?:token|secret|password|bearer|signature|_sig)[^"=&]*'

const inJson = new RegExp(`("${secretive}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, "gi")
const inForm = new RegExp(`(^|[?&])(${secretive})=[^&\\s]*`, "gi")

const secretHeader = /authorization|on-behalf|cookie|token|secret|password|signature|api-?key/i

/** A URL, or a form. */
export const inQuery = (text: string): string => text.replace(inForm, `$1$2=${blackout}`)

/** A body: JSON or a form. */
export const inBody = (text: string): string =>
  /^\s*[[{"]/.test(text) ? text.replace(inJson, `$1"${blackout}"`) : inQuery(text)

export const inHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Headers.fromInput(headers)).map(([name, value]) => [
      name,
      secretHeader.test(name) ? blackout : value
    ])
  )
