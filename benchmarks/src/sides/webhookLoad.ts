/** LivePerson's side of a webhook: deliveries, each of another event, as quickly as they are answered. */
import { Effect, Layer } from "effect"
import { serve } from "../harness/Side.ts"
import { awake, connections, deliveries } from "./posting.ts"

const [, , url = "", count = ""] = process.argv

const next = deliveries(new URL(url).host, 0, Number(count))

let posted = 0

const work = async (times: number): Promise<void> => {
  const open = await connections(url, 32)
  const sleep = awake()
  await new Promise<void>((resolve) => {
    let started = 0
    let ended = 0
    for (const connection of open) {
      const post = () => {
        if (started === times) return
        started += 1
        connection.socket.write(next(posted++))
      }
      connection.answered = () => {
        ended += 1
        if (ended === times) resolve()
        else post()
      }
      post()
    }
  })
  sleep()
  for (const { socket } of open) socket.destroy()
}

serve(
  Effect.succeed((times: number) => Effect.promise(() => work(times))),
  Layer.empty
)
