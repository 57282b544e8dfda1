import {
  AppToken,
  Connector,
  type ConnectorError,
  ConsumerToken,
  Domains,
  SendApi,
  Storage
} from "@effect-liveperson/core"
import { Clock, Context, Effect, Fiber, Layer, Random, Stream } from "effect"
import { type Headers, HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import { TestClock } from "effect/testing"

/** A request as a server would see it, and when it came. */
export interface Seen {
  readonly at: number
  /** When it was answered, once it is. */
  done?: number
  readonly method: string
  readonly url: string
  readonly headers: Headers.Headers
  readonly body: string
}

/** An answer, at once or after so many milliseconds. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Record<string, string>
  readonly after?: number
}

/** What a scripted LivePerson does with a call: answers, or breaks the connection in a platform's way. */
export type Answer = Reply | { readonly broken: unknown } | "never"

/** Every call that reached the scripted LivePerson. */
export class Wire extends Context.Service<Wire, { readonly seen: ReadonlyArray<Seen> }>()("test/Wire") {}

const utf8 = new TextDecoder()

/** The body as text; one that is streamed is run, and breaks the connection where it fails. */
const bodyOf = (request: HttpClientRequest): Effect.Effect<string, HttpClientError.HttpClientError> => {
  switch (request.body._tag) {
    case "Uint8Array":
      return Effect.succeed(utf8.decode(request.body.body))
    case "Stream":
      return Stream.mkUint8Array(request.body.stream).pipe(
        Effect.map((bytes) => utf8.decode(bytes)),
        Effect.mapError(
          (cause) =>
            new HttpClientError.HttpClientError({ reason: new HttpClientError.EncodeError({ request, cause }) })
        )
      )
    default:
      return Effect.succeed("")
  }
}

/** An `HttpClient` that answers by a script, synchronously, so that `TestClock` alone decides about time. */
export const scripted = (answer: (seen: Seen, index: number) => Answer): Layer.Layer<HttpClient.HttpClient | Wire> =>
  Layer.sync(Wire, () => ({ seen: [] as Array<Seen> })).pipe(
    Layer.flatMap((context) => {
      const seen = Context.get(context, Wire).seen as Array<Seen>
      const client = HttpClient.make((request, url) =>
        Effect.gen(function* () {
          const at = yield* Clock.currentTimeMillis
          const { headers, method } = request
          const call: Seen = { at, method, url: url.href, headers, body: yield* bodyOf(request) }
          seen.push(call)
          const reply = answer(call, seen.length - 1)
          if (reply === "never") return yield* Effect.never
          if ("broken" in reply) {
            const reason = new HttpClientError.TransportError({ request, cause: reply.broken })
            return yield* new HttpClientError.HttpClientError({ reason })
          }
          const text = reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body))
          const response = new Response(reply.status === 204 ? null : text, {
            status: reply.status,
            headers: { "content-type": "application/json", ...reply.headers }
          })
          if (reply.after !== undefined) yield* Effect.sleep(reply.after)
          call.done = yield* Clock.currentTimeMillis
          return HttpClientResponse.fromWeb(request, response)
        })
      )
      return Layer.succeedContext(Context.add(context, HttpClient.HttpClient, client))
    })
  )

export const accountId = "12345678"

/** A connector with tokens and hosts of its own, so that a script sees CONVERSATION and nothing else. */
export const connectorOn = (
  answer: (seen: Seen, index: number) => Answer,
  options: Partial<Connector.Options> = {}
): Layer.Layer<Connector.Connector | SendApi.SendApi | Wire, ConnectorError.InvalidInput> =>
  Connector.layerServices({ accountId }).pipe(
    Layer.provideMerge(SendApi.layer({ accountId, ...options })),
    Layer.provide(Storage.layer({ accountId, ...options })),
    Layer.provide([Domains.layerTest, AppToken.layerTest, ConsumerToken.layerTest]),
    Layer.provideMerge(scripted(answer))
  )

/** LivePerson's answer to a batch of two or three payloads. */
export const opened = (seen: Seen): Answer => {
  const ids = [...seen.body.matchAll(/"id":"(\w+)"/g)].map((match) => match[1])
  const bodies = [{ msg: "OK User Profile set successfully" }, { conversationId: "c-1" }, { sequence: 0 }]
  return { status: 200, body: ids.map((reqId, index) => ({ code: "OK", body: bodies[index], reqId })) }
}

/** LivePerson's answer to one request, typed by what it asks for; the n-th event is number n of its dialog. */
export const answered = (seen: Seen, index: number): Reply => {
  const request = JSON.parse(seen.body)
  const url = { relativePath: "/v1/file", queryParams: { temp_url_sig: "signature", temp_url_expires: "60" } }
  const bodies: Record<string, unknown> = {
    "ms.PublishEvent": { sequence: index },
    "ms.GenerateURLForUploadFile": url,
    "ms.GenerateURLForDownloadFile": url
  }
  return { status: 200, body: { code: "OK", body: bodies[request.type] ?? { msg: "OK" }, reqId: request.id } }
}

/** Random numbers that add no jitter: waits are exactly their floor. */
export const withoutJitter = Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => 0 })

/** Lets time run, in steps a schedule can notice, until an effect is done. */
export const elapsed = <A, E, R>(effect: Effect.Effect<A, E, R>, step = 500, limit = 3000) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let steps = 0; steps < limit && fiber.pollUnsafe() === undefined; steps++) yield* TestClock.adjust(step)
    return yield* Fiber.join(fiber)
  })
