/** What people write instead: axios, zod on the way out and on the way in, and errors told apart by their status. */
import { create } from "axios"
import { Effect, Layer } from "effect"
import { Agent } from "node:http"
import { lanes, serve } from "../harness/Side.ts"
import { batch, headers, path, url } from "./batch.ts"
import { Batch, BatchResponse } from "./zodShapes.ts"

const client = create({
  baseURL: url,
  headers: { ...headers, accept: "application/json" },
  httpAgent: new Agent({ keepAlive: true }),
  timeout: 10_000,
  validateStatus: () => true
})

const open = async () => {
  const { data, status } = await client.post(`${path}?v=3`, Batch.parse(batch))
  if (status === 401) throw new Error("unauthorized")
  if (status === 429) throw new Error("rate limited")
  if (status !== 200) throw new Error(`status ${status}`)
  return BatchResponse.parse(data)[1].body.conversationId
}

serve(Effect.succeed(lanes(open)), Layer.empty)
