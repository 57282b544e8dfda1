/** The library's schemas, from values to text and back, as the library itself uses them. */
import { Protocol } from "@effect-liveperson/core"
import { Effect, Layer, Schema } from "effect"
import { serve } from "../harness/Side.ts"
import { batch } from "./batch.ts"
import { notification, repeated, response } from "./documents.ts"

const typed = Schema.decodeUnknownSync(Protocol.Batch)(batch)
const encodeBatch = Schema.encodeUnknownSync(Protocol.Batch)
const decodeResponse = Schema.decodeUnknownSync(Schema.Array(Protocol.Payload.Response))
const successes = Protocol.batchPayloads.map(({ success }) => Schema.decodeUnknownSync(success))
const decodeNotification = Schema.decodeUnknownSync(Protocol.Notification)

const works: Record<string, () => unknown> = {
  encode: () => JSON.stringify(encodeBatch(typed)),
  response: () => decodeResponse(JSON.parse(response)).map(({ body }, nth) => successes[nth]?.(body)),
  notification: () => decodeNotification(JSON.parse(notification))
}

const work = works[process.argv[2] ?? ""]
if (work !== undefined)
  serve(
    Effect.succeed((times: number) => Effect.sync(() => repeated(work)(times))),
    Layer.empty
  )
