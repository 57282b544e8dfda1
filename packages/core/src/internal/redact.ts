/**
 * Blacks out, in a text that came back from outside, whatever it repeats of what was sent: an error may quote a server,
 * and a server may quote the consumer.
 */

const mask = "***"

/** Shared runs of at least this many characters are blacked out, wherever in a secret they stand. */
const window = 6

const jwt = /[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g

const escapes = (text: string): ReadonlyArray<string> => {
  const json = JSON.stringify(text).slice(1, -1)
  return [
    text,
    json,
    json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    encodeURIComponent(text.toWellFormed())
  ]
}

/** The first `length` characters of a text, without anything it shares with the secrets. */
export const redact = (text: string, secrets: Iterable<string>, length = 200): string => {
  const excerpt = text.slice(0, length)
  const hidden = new Uint8Array(excerpt.length)
  const hide = (part: string) => {
    for (let at = excerpt.indexOf(part); at !== -1; at = excerpt.indexOf(part, at + 1)) {
      hidden.fill(1, at, at + part.length)
    }
  }
  for (const secret of secrets) {
    if (secret.length < 2) continue
    for (const form of new Set(escapes(secret))) {
      hide(form)
      for (let at = 0; at + window <= excerpt.length; at++) {
        if (form.includes(excerpt.slice(at, at + window))) hidden.fill(1, at, at + window)
      }
    }
  }
  for (const match of excerpt.matchAll(jwt)) hidden.fill(1, match.index, match.index + match[0].length)
  let out = ""
  for (let at = 0; at < excerpt.length; at++) {
    if (hidden[at] === 0) out += excerpt[at]
    else if (at === 0 || hidden[at - 1] === 0) out += mask
  }
  return out
}

const harmless: ReadonlySet<string> = new Set(["type", "kind", "contentType", "channelType", "ttrDefName", "brandId"])

/** The texts of a JSON value that may be about a person: all but those that the protocol itself chooses. */
export function* textsOf(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (!harmless.has(key)) yield* textsOf(member)
    }
  }
}
