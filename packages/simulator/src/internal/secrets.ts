/**
 * Blacks out what nobody is to see of what went over the wire.
 */
import * as Headers from "effect/http/Headers"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Key, type Webhooks } from "../Webhooks.ts"

const blackout = "<redacted>"

const secretive = /token|secret|password|bearer|csrf|signature|_sig|api[-_]?key|header_value/i

/** Whether what goes by a name is nobody's business. What type a token is of may be known. */
const isSecret = (name: string): boolean => secretive.test(name) && !/token_type/i.test(name)

const secretHeader = /authorization|on-behalf|cookie/i

/** A string of JSON, or the beginning of one that was cut short. */
const string = String.raw`"[^"\\]*(?:\\(?:[^]|$)[^"\\]*)*(?:"|$)`

/** A string and, where it is the name of a member that is no object and no list, its value. */
const member = new RegExp(String.raw`(${string})(?:(\s*:\s*)(${string}|[^\s"[\]{},]+))?`, "g")

const decodeName = Schema.decodeOption(Schema.fromJsonString(Schema.String))

const inJson = (text: string): string =>
  text.replace(member, (all: string, name: string, colon: string | undefined) =>
    colon !== undefined && isSecret(Option.getOrElse(decodeName(name), () => name))
      ? `${name}${colon}"${blackout}"`
      : all
  )

const inForm = (text: string): string =>
  text
    .split("&")
    .map((pair) => {
      const [name = ""] = pair.split("=", 1)
      const isName = name.length < pair.length && !/[\s<>"]/.test(name)
      return isName && [...new URLSearchParams(name).keys()].some(isSecret) ? `${name}=${blackout}` : pair
    })
    .join("&")

/** The query of a URL. */
export const inQuery = (url: string): string => {
  const [path = ""] = url.split("?", 1)
  return path.length === url.length ? url : `${path}?${inForm(url.slice(path.length + 1))}`
}

/** A body: JSON or a form. */
export const inBody = (text: string): string => (/^\s*[[{"]/.test(text) ? inJson(text) : inForm(text))

export const inHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Headers.fromInput(headers)).map(([name, value]) => [
      name,
      isSecret(name) || secretHeader.test(name) ? blackout : value
    ])
  )

/** Headers of which some are secret whatever they are called. */
export const without = (
  headers: Readonly<Record<string, string>>,
  names: ReadonlyArray<string>
): Record<string, string> => ({
  ...headers,
  ...Object.fromEntries(names.map((name) => [name.toLowerCase(), blackout]))
})

const nameless = ({ header_name }: { readonly header_name: string }) => ({ header_name, header_value: blackout })

/** What is subscribed to: where it goes and what it carries may be secret. */
export const inWebhooks = (webhooks: Webhooks): Webhooks => ({
  ...webhooks,
  ...Object.fromEntries(
    Key.literals.flatMap((key) => {
      const target = webhooks[key]
      if (target === undefined) return []
      const { headers, ...rest } = { ...target, endpoint: inQuery(target.endpoint) }
      return [[key, headers === undefined ? rest : { ...rest, headers: headers.map(nameless) }]]
    })
  )
})
