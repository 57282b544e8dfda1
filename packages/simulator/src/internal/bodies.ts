/**
 * Answers whose bodies do not arrive as they should.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { Reply } from "./reply.ts"

const none = new Uint8Array()

const bytesOf = ({ body }: Reply): Uint8Array => (body._tag === "Uint8Array" ? body.body : none)

const like = ({ body, headers, status }: Reply) => ({
  status,
  headers,
  ...(body._tag === "Uint8Array" ? { contentType: body.contentType } : {})
})

/** The same answer, of whose body no more than the beginning arrives. */
export const cutShort = (reply: Reply, bytes: number): Reply =>
  HttpServerResponse.uint8Array(bytesOf(reply).slice(0, bytes), like(reply))

const pieces = 10

/** The same answer, whose body arrives in pieces; `ended` when the last is out, or nobody waits for it any more. */
export const slowly = (
  reply: Reply,
  duration: Duration.Duration,
  ended: (exit: Exit.Exit<unknown>) => Effect.Effect<void>
): Reply => {
  const bytes = bytesOf(reply)
  const size = Math.max(1, Math.ceil(bytes.length / pieces))
  const starts = Array.from({ length: pieces }, (_, nth) => nth * size)
  const body = Stream.fromIterable(starts).pipe(
    Stream.mapEffect((start) =>
      Effect.as(Effect.sleep(Duration.divideUnsafe(duration, pieces)), bytes.slice(start, start + size))
    ),
    Stream.onExit(ended)
  )
  return HttpServerResponse.stream(body, like(reply))
}
