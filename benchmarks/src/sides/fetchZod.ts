/** The platform's own `fetch`, and zod on the way out and on the way in. */
import { Effect, Layer } from "effect"
import { lanes, serve } from "../harness/Side.ts"
import { batch, headers, path, url } from "./batch.ts"
import { Batch, BatchResponse } from "./zodShapes.ts"

const all = { ...headers, "content-type": "application/json", accept: "application/json" }

const open = async () => {
  const response = await fetch(`${url}${path}?v=3`, {
    method: "POST",
    headers: all,
    body: JSON.stringify(Batch.parse(batch)),
    signal: AbortSignal.timeout(10_000)
  })
  if (response.status !== 200) throw new Error(`status ${response.status}`)
  return BatchResponse.parse(await response.json())[1].body.conversationId
}

serve(Effect.succeed(lanes(open)), Layer.empty)
