/**
 * A storage that takes whatever is put and forgets it. Prints its port.
 */
import { createServer } from "node:http"

const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(201).end())
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`${typeof address === "object" ? address?.port : address}\n`)
})
