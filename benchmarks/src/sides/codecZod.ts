/** zod on the same shapes. */
import { Effect, Layer } from "effect"
import { serve } from "../harness/Side.ts"
import { batch } from "./batch.ts"
import { notification, repeated, response } from "./documents.ts"
import { Batch, BatchResponse, Notification } from "./zodShapes.ts"

const works: Record<string, () => unknown> = {
  encode: () => JSON.stringify(Batch.parse(batch)),
  response: () => BatchResponse.parse(JSON.parse(response)),
  notification: () => Notification.parse(JSON.parse(notification))
}

const work = works[process.argv[2] ?? ""]
if (work !== undefined)
  serve(
    Effect.succeed((times: number) => Effect.sync(() => repeated(work)(times))),
    Layer.empty
  )
