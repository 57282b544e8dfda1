/**
 * Requests as the JSON text that is sent, checked on the way: by their schemas, and by LivePerson's limit on their
 * length.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { InvalidInput } from "../ConnectorError.ts"
import { Batch } from "../protocol/Batch.ts"
import { SendRequest } from "../protocol/Send.ts"
import { invalid, issuesOf, strict } from "./issues.ts"

type Encoded = NonNullable<(typeof Batch)["Encoded"][number]> | (typeof SendRequest)["Encoded"]

/** How long a file's preview is: it has a limit of its own, and does not count towards the request's. */
const previewOf = ({ body }: Encoded): number => {
  const message = "event" in body && "message" in body.event ? body.event.message : undefined
  return typeof message === "object" && "preview" in message ? (message.preview?.length ?? 0) : 0
}

const stringify = (request: Encoded, path: string, limit: number) => {
  const json = JSON.stringify(request)
  const issues =
    json.length - previewOf(request) > limit
      ? [{ path, expected: `expected a request of at most ${limit} characters of JSON` }]
      : []
  return { json, issues }
}

const encodeBatch = Schema.encodeUnknownEffect(Batch, strict)
const encodeSend = Schema.encodeUnknownEffect(SendRequest, strict)

/** The JSON of a batch. Each of its requests may have `limit` characters. */
export const batchJson = (operation: string, batch: Batch, limit: number): Effect.Effect<string, InvalidInput> =>
  encodeBatch(batch).pipe(
    Effect.mapError((error) => invalid(operation, issuesOf(error))),
    Effect.flatMap((encoded) => {
      const requests = encoded.flatMap((request, index) =>
        request === undefined ? [] : [stringify(request, `[${index}]`, limit)]
      )
      const issues = requests.flatMap((request) => request.issues)
      return issues.length === 0
        ? Effect.succeed(`[${requests.map(({ json }) => json).join(",")}]`)
        : Effect.fail(invalid(operation, issues))
    })
  )

/** The JSON of one request, which may have `limit` characters. */
export const sendJson = (operation: string, request: SendRequest, limit: number): Effect.Effect<string, InvalidInput> =>
  encodeSend(request).pipe(
    Effect.mapError((error) => invalid(operation, issuesOf(error))),
    Effect.flatMap((encoded) => {
      const { issues, json } = stringify(encoded, "", limit)
      return issues.length === 0 ? Effect.succeed(json) : Effect.fail(invalid(operation, issues))
    })
  )
