/** The limit: `undici.request` and JSON, nothing checked. */
import { Effect, Layer } from "effect"
import { request } from "undici"
import { lanes, serve } from "../harness/Side.ts"
import { batch, headers, path, url } from "./batch.ts"

const all = { ...headers, "content-type": "application/json", accept: "application/json" }

const open = async () => {
  const { body, statusCode } = await request(`${url}${path}?v=3`, {
    method: "POST",
    headers: all,
    body: JSON.stringify(batch)
  })
  const answers = await body.json()
  if (statusCode !== 200 || !Array.isArray(answers)) throw new Error(`status ${statusCode}`)
  return answers[1].body.conversationId
}

serve(Effect.succeed(lanes(open)), Layer.empty)
