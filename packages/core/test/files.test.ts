import { Connector, type ConnectorError, Message, Retry } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Data, Effect, Exit, Fiber, Stream, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { answered, type Answer, connectorOn, elapsed, type Seen, Wire, withoutJitter } from "./support.ts"

const conversation = "c-1"
const someone = Connector.onBehalfOf("sms:1")
const bytes = new TextEncoder().encode("GIF89a")
const picture = { type: "GIF", bytes, caption: "The parcel" }

/** What each call is: a request to SEND by its type, or what is done at storage. */
const kindOf = ({ body, method, url }: Seen): string =>
  url.includes("swift") ? method : (/"type":"[\w.]*?\.(\w+)"/.exec(body)?.[1] ?? "")

const kinds = Effect.map(Wire, ({ seen }) => seen.map(kindOf))

/** Storage that answers well, unless the script says otherwise for its n-th call. */
const storing = (script: (nth: number) => Answer | undefined = () => undefined) => {
  let nth = 0
  let urls = 0
  return (seen: Seen, index: number): Answer => {
    if (seen.url.includes("swift"))
      return script(nth++) ?? (seen.method === "PUT" ? { status: 201 } : { status: 200, text: "GIF89a" })
    const answer = answered(seen, index)
    if (!seen.body.includes("GenerateURL")) return answer
    const queryParams = { temp_url_sig: `signature-${urls++}`, temp_url_expires: "60" }
    return { status: 200, body: { code: "OK", body: { relativePath: "/v1/AUTH/file.gif", queryParams }, reqId: "1" } }
  }
}

const expired: Answer = { status: 401, text: "401 Unauthorized: Temp URL invalid" }

describe("a file", () => {
  const flow = ["GenerateURLForUploadFile", "PUT", "PublishEvent"]

  it.effect("is given an URL, put there without any token, and told of", () =>
    Effect.gen(function* () {
      const sent = yield* Connector.sendFile(conversation, picture).pipe(someone)
      expect(sent).toEqual({
        conversationId: conversation,
        dialogId: conversation,
        sequence: 2,
        relativePath: "/v1/AUTH/file.gif"
      })
      const { seen } = yield* Wire
      const [url, put, message] = seen
      expect(seen.map(kindOf)).toEqual(flow)
      expect(JSON.parse(url?.body ?? "").body).toEqual({ fileSize: "6", fileType: "GIF" })
      expect(put?.url).toBe(
        "https://swift.liveperson.test/v1/AUTH/file.gif?temp_url_sig=signature-0&temp_url_expires=60"
      )
      expect(put?.body).toBe("GIF89a")
      expect(put?.headers).toMatchObject({ "content-type": "image/gif", "content-length": "6" })
      expect(put?.headers["authorization"]).toBeUndefined()
      expect(put?.headers["x-lp-on-behalf"]).toBeUndefined()
      expect(JSON.parse(message?.body ?? "").body.event).toEqual({
        type: "ContentEvent",
        contentType: "hosted/file",
        message: { caption: "The parcel", relativePath: "/v1/AUTH/file.gif", fileType: "GIF" }
      })
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect("is told of with the metadata that it is given", () =>
    Effect.gen(function* () {
      const metadata = [{ type: "ExternalId", id: "message-1" }] as const
      yield* Connector.sendFile(conversation, { ...picture, metadata }).pipe(someone)
      expect(JSON.parse((yield* Wire).seen[2]?.body ?? "").metadata).toEqual(metadata)
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect("can be a stream of a known size", () =>
    Effect.gen(function* () {
      const stream = Stream.fromIterable([bytes.subarray(0, 2), bytes.subarray(2)])
      yield* Connector.sendFile(conversation, { type: "GIF", stream, size: 6 }).pipe(someone)
      expect((yield* Wire).seen[1]?.body).toBe("GIF89a")
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect.each<readonly [string, Connector.File, string]>([
    ["of another type", { type: "PDF", bytes }, "file.fileType: "],
    ["of a type in lower case", { type: "png", bytes }, "file.fileType: "],
    ["of no bytes", { type: "PNG", bytes: new Uint8Array() }, "file.fileSize: expected a size of 1 byte to 3 MB"],
    [
      "of more than 3 MB",
      { type: "PNG", bytes: new Uint8Array(3 * 1024 * 1024 + 1) },
      "file.fileSize: expected a size of 1 byte to 3 MB"
    ],
    ["of a size that is no whole number", { type: "PNG", stream: Stream.empty, size: 1.5 }, "file.fileSize: "]
  ])("that LivePerson does not take is not sent: %s", ([, file, issue]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Connector.sendFile(conversation, file).pipe(someone))
      expect(
        error._tag === "InvalidInput" ? error.issues.map(({ expected, path }) => `${path}: ${expected}`) : []
      ).toContainEqual(expect.stringContaining(issue))
      expect((yield* Wire).seen).toEqual([])
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect.each<readonly [string, ReadonlyArray<number>]>([
    ["fewer", [2, 3]],
    ["more", [4, 3]]
  ])("that has %s bytes than it said is not told of", ([, sizes]) =>
    Effect.gen(function* () {
      const stream = Stream.map(Stream.fromIterable(sizes), (size) => new Uint8Array(size))
      const error = yield* Effect.flip(Connector.sendFile(conversation, { type: "GIF", stream, size: 6 }).pipe(someone))
      expect(error).toMatchObject({ _tag: "InvalidInput", issues: [{ path: "file.stream" }] })
      expect(yield* kinds).not.toContain("PublishEvent")
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  class DiskError extends Data.TaggedError("DiskError") {}

  it.effect("that cannot be read fails as its stream does, is not tried again, and is not told of", () =>
    Effect.gen(function* () {
      let runs = 0
      const stream = Stream.suspend(() => {
        runs++
        return Stream.concat(Stream.make(bytes.subarray(0, 2)), Stream.fail(new DiskError()))
      })
      const exit = yield* elapsed(Connector.sendFile(conversation, { type: "GIF", stream, size: 6 }).pipe(someone))
      expect((yield* Effect.flip(exit))._tag).toBe("DiskError")
      expect(runs).toBe(1)
      expect(yield* kinds).toEqual(["GenerateURLForUploadFile"])
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect("whose URL has expired is given another, once", () =>
    Effect.gen(function* () {
      yield* Connector.sendFile(conversation, picture).pipe(someone)
      expect(yield* kinds).toEqual(["GenerateURLForUploadFile", "PUT", ...flow])
      expect((yield* Wire).seen[3]?.url).toContain("signature-1")
    }).pipe(Effect.provide(connectorOn(storing((nth) => (nth === 0 ? expired : undefined)))))
  )

  it.effect("whose URLs all have expired is not told of", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Connector.sendFile(conversation, picture).pipe(someone))
      expect(error).toMatchObject({ _tag: "Unauthorized", operation: "Storage.put" })
      expect(yield* kinds).toEqual(["GenerateURLForUploadFile", "PUT", "GenerateURLForUploadFile", "PUT"])
    }).pipe(Effect.provide(connectorOn(storing(() => expired))))
  )

  it.effect("is sent in line with the conversation's messages", () =>
    Effect.gen(function* () {
      const file = yield* Effect.forkChild(Connector.sendFile(conversation, picture).pipe(someone))
      yield* Effect.yieldNow
      const text = yield* Effect.forkChild(Connector.send(conversation, Message.text("Here")).pipe(someone))
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(file)
      yield* Fiber.join(text)
      const { seen } = yield* Wire
      expect(seen.map(kindOf)).toEqual([...flow, "PublishEvent"])
      expect(seen.at(-1)?.body).toContain("Here")
    }).pipe(Effect.provide(connectorOn(storing((nth) => (nth === 0 ? { status: 201, after: 5_000 } : undefined)))))
  )
})

describe("storage's answers", () => {
  const thrice = ["GenerateURLForUploadFile", "PUT", "PUT", "PUT", "PUT"]
  const once = ["GenerateURLForUploadFile", "PUT"]

  it.effect.each<readonly [string, Answer, ConnectorError.ConnectorError["_tag"], ReadonlyArray<string>]>([
    ["500", { status: 500 }, "ServerError", thrice],
    ["504", { status: 504 }, "ServerError", thrice],
    ["reset", { broken: { code: "ECONNRESET" } }, "TransportError", thrice],
    ["400", { status: 400 }, "InvalidInput", once],
    ["404", { status: 404 }, "UnexpectedResponse", once],
    ["413", { status: 413 }, "UnexpectedResponse", once]
  ])("to an upload, which may be repeated: %s", ([, answer, tag, expected]) =>
    Effect.gen(function* () {
      const exit = yield* elapsed(Connector.sendFile(conversation, picture).pipe(someone))
      const error = yield* Effect.flip(exit)
      expect(error).toMatchObject({ _tag: tag, operation: "Storage.put" })
      expect(yield* kinds).toEqual(expected)
    }).pipe(Effect.provide(connectorOn(storing(() => answer))), withoutJitter)
  )

  it.effect("that never come are waited for a minute, as long as an URL lives", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.flip(Connector.sendFile(conversation, picture).pipe(someone, Retry.off))
      )
      yield* TestClock.adjust("59 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 second")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "TransportError", reason: "timeout" })
    }).pipe(Effect.provide(connectorOn(storing(() => "never"))))
  )
})

describe("a download", () => {
  const download = Stream.mkUint8Array(Connector.downloadFile("/v1/AUTH/file.gif")).pipe(someone)

  it.effect("gives the bytes that lie there", () =>
    Effect.gen(function* () {
      expect(new TextDecoder().decode(yield* download)).toBe("GIF89a")
      const { seen } = yield* Wire
      expect(seen.map(kindOf)).toEqual(["GenerateURLForDownloadFile", "GET"])
      expect(JSON.parse(seen[0]?.body ?? "").body).toEqual({ relativePath: "/v1/AUTH/file.gif" })
      expect(seen[1]?.url).toBe(
        "https://swift.liveperson.test/v1/AUTH/file.gif?temp_url_sig=signature-0&temp_url_expires=60"
      )
    }).pipe(Effect.provide(connectorOn(storing())))
  )

  it.effect("whose URL has expired is given another, once", () =>
    Effect.gen(function* () {
      yield* download
      expect(yield* kinds).toEqual(["GenerateURLForDownloadFile", "GET", "GenerateURLForDownloadFile", "GET"])
    }).pipe(Effect.provide(connectorOn(storing((nth) => (nth === 0 ? expired : undefined)))))
  )

  it.effect("of nothing fails", () =>
    Effect.gen(function* () {
      expect(yield* Effect.flip(download)).toMatchObject({
        _tag: "UnexpectedResponse",
        status: 404,
        operation: "Storage.get"
      })
      const empty = yield* Effect.flip(Stream.runDrain(Connector.downloadFile("")).pipe(someone))
      expect(empty).toMatchObject({ _tag: "InvalidInput", issues: [{ path: "body.relativePath" }] })
    }).pipe(Effect.provide(connectorOn(storing(() => ({ status: 404 })))))
  )
})

describe("a signed URL", () => {
  it.effect("stays out of spans and errors", () =>
    Effect.gen(function* () {
      const spans: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          const end = span.end.bind(span)
          span.end = (time, exit) => {
            spans.push(JSON.stringify([...span.attributes.entries()]))
            end(time, exit)
          }
          return span
        }
      })
      const exit = yield* Effect.exit(
        Connector.sendFile(conversation, picture).pipe(someone, Retry.off, Effect.withTracer(tracer))
      )
      expect(spans.join("\n")).toContain("/v1/AUTH/file.gif")
      expect(spans.join("\n")).not.toContain("signature-0")
      expect(Exit.isFailure(exit) ? `${exit.cause} ${JSON.stringify(exit)}` : "signature-0").not.toContain(
        "signature-0"
      )
    }).pipe(Effect.provide(connectorOn(storing(() => ({ status: 418, text: "signature-0 is no good" })))))
  )
})
