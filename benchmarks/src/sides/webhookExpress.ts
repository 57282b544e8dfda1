/** What people write instead: Express, the raw body, an HMAC, JSON.parse and a queue. Prints where it listens. */
import express from "express"
import { createHmac, timingSafeEqual } from "node:crypto"

const app = express()
const queue: Array<unknown> = []

const isGenuine = (signature: string, body: Buffer): boolean => {
  const expected = Buffer.from(`sha256=${createHmac("sha256", "secret").update(body).digest("base64")}`)
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

app.post("/lp", express.raw({ type: "application/json" }), (request, response) => {
  const body: unknown = request.body
  if (!Buffer.isBuffer(body) || !isGenuine(request.get("x-liveperson-signature") ?? "", body)) {
    response.sendStatus(401)
    return
  }
  queue.push(JSON.parse(body.toString()))
  if (queue.length > 1000) queue.length = 0
  response.sendStatus(200)
})

const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
