/**
 * Answers every CONVERSATION of three payloads alike, as cheaply as Node can, and prints where it listens.
 */
import { createServer } from "node:http"

const answer = Buffer.from(
  JSON.stringify([
    { code: "OK", body: { msg: "OK User Profile set successfully" }, reqId: "1" },
    { code: "OK", body: { conversationId: "8602832d-dce1-446b-8445-0d51f5926a42" }, reqId: "2" },
    { code: "OK", body: { sequence: 0 }, reqId: "3" }
  ])
)
const headers = { "content-type": "application/json", "content-length": answer.length }

const server = createServer((request, response) => {
  request.on("end", () => response.writeHead(200, headers).end(answer)).resume()
})
server.keepAliveTimeout = 60_000
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
