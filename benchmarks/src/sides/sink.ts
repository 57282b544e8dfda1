/**
 * A storage that takes whatever is put and forgets it. Prints where it listens.
 */
import { createServer } from "node:http"

const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(201).end())
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
