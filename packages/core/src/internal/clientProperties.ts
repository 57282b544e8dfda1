import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../ConnectorError.ts"
import { ClientProperties, type ClientPropertiesInput } from "../protocol/ClientProperties.ts"
import { decodeInput } from "./issues.ts"

const encode = Schema.encodeSync(ClientProperties)

/** A header holds no more than ASCII; JSON can say the rest in it. */
const ascii = (json: string): string =>
  json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)

const known = new WeakMap<ClientPropertiesInput, string>()

/** The `Client-Properties` header: the same properties give the same text every time. */
export const headerOf = (
  properties: ClientPropertiesInput | undefined,
  operation: string
): Effect.Effect<Record<string, string>, InvalidInput> => {
  if (properties === undefined) return Effect.succeed({})
  const header = known.get(properties)
  if (header !== undefined) return Effect.succeed({ "client-properties": header })
  return Effect.map(decodeInput(ClientProperties, operation, "clientProperties")(properties), (decoded) => {
    const text = ascii(JSON.stringify(encode(decoded)))
    known.set(properties, text)
    return { "client-properties": text }
  })
}
