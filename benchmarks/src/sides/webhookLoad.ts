/** LivePerson's side of a webhook: signed deliveries, each of another event, as quickly as they are answered. */
import { Effect, Layer } from "effect"
import { Pool } from "undici"
import { lanes, serve } from "../harness/Side.ts"
import { delivery } from "./delivery.ts"

const [, , url = ""] = process.argv

const pool = new Pool(url, { connections: 32 })

let sequence = 0

const post = async () => {
  const { body, headers } = delivery(sequence++)
  const answer = await pool.request({ path: "/lp", method: "POST", headers, body })
  await answer.body.dump()
  if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
}

serve(Effect.succeed(lanes(post)), Layer.empty)
