/**
 * Requests as the JSON text that is sent, checked on the way: by their schemas, and by LivePerson's limit on their
 * length.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { InvalidInput, Issue } from "../ConnectorError.ts"
import { Batch } from "../protocol/Batch.ts"
import { SendRequest } from "../protocol/Send.ts"
import { encodeStrictly, invalid, issuesOf } from "./issues.ts"

type Encoded = NonNullable<(typeof Batch)["Encoded"][number]> | (typeof SendRequest)["Encoded"]

/** How long a file's preview is: it has a limit of its own, and does not count towards the request's. */
const previewOf = ({ body }: Encoded): number => {
  const message = "event" in body && "message" in body.event ? body.event.message : undefined
  return typeof message === "object" && "preview" in message ? (message.preview?.length ?? 0) : 0
}

const tooLong = (request: Encoded, path: string, limit: number) =>
  JSON.stringify(request).length - previewOf(request) > limit
    ? [{ path, expected: `expected a request of at most ${limit} characters of JSON` }]
    : []

const encodeBatch = encodeStrictly(Batch)
const encodeSend = encodeStrictly(SendRequest)

/** Writes what was encoded as JSON, or says what is wrong with it, or why it could not be encoded. */
const written =
  <A>(operation: string, limit: number, issuesIn: (encoded: A) => ReadonlyArray<Issue>) =>
  (encoded: Effect.Effect<A, Schema.SchemaError>): Effect.Effect<string, InvalidInput> =>
    Effect.matchEffect(encoded, {
      onFailure: (error) => Effect.fail(invalid(operation, issuesOf(error))),
      onSuccess: (encoded) => {
        const json = JSON.stringify(encoded)
        // What is short as a whole has no part that is too long.
        const issues = json.length <= limit ? [] : issuesIn(encoded)
        return issues.length === 0 ? Effect.succeed(json) : Effect.fail(invalid(operation, issues))
      }
    })

const isThere = <A>(request: A | undefined): request is A => request !== undefined

/** The JSON of a batch. Each of its requests may have `limit` characters. */
export const batchJson = (operation: string, batch: Batch, limit: number): Effect.Effect<string, InvalidInput> =>
  Effect.map(encodeBatch(batch), (requests) => requests.filter(isThere)).pipe(
    written(operation, limit, (requests) => requests.flatMap((request, nth) => tooLong(request, `[${nth}]`, limit)))
  )

/** The JSON of one request, which may have `limit` characters. */
export const sendJson = (operation: string, request: SendRequest, limit: number): Effect.Effect<string, InvalidInput> =>
  encodeSend(request).pipe(written(operation, limit, (request) => tooLong(request, "", limit)))
