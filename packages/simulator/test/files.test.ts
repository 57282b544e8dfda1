import { Simulator } from "@effect-liveperson/simulator"
import { expect } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import {
  accepted,
  downloadUrl,
  onSocket,
  publishEvent,
  rejected,
  type Sent,
  seen,
  send,
  senseless,
  signIn,
  tell,
  told,
  type Tokens,
  uploadUrl,
  withConversation
} from "./support.ts"

const limit = 3 * 1024 * 1024

const Url = Schema.Struct({
  body: Schema.Struct({
    relativePath: Schema.String,
    queryParams: Schema.Struct({ temp_url_sig: Schema.String, temp_url_expires: Schema.String })
  })
})
type Url = (typeof Url)["Type"]["body"]

/** Asks SEND for a URL. */
const urlOf = Effect.fnUntraced(function* (tokens: Tokens, request: object) {
  const { body } = yield* tell(tokens, request)
  return Schema.decodeUnknownSync(Url)(body).body
})

/** A call of section 3.6, literally. */
const call = (method: "PUT" | "GET", { queryParams, relativePath }: Url, body?: Uint8Array<ArrayBuffer>): Sent => ({
  method,
  path: `${relativePath}?temp_url_sig=${queryParams.temp_url_sig}&temp_url_expires=${queryParams.temp_url_expires}`,
  ...(body && { body })
})

/** Bytes that are no text in any encoding. */
const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256)

const uploaded = Effect.fnUntraced(function* (tokens: Tokens, bytes: Uint8Array<ArrayBuffer>, fileType = "PNG") {
  const url = yield* urlOf(tokens, uploadUrl({ fileSize: String(bytes.length), fileType }))
  expect((yield* send(call("PUT", url, bytes))).status).toBe(201)
  return url
})

onSocket()("A file", (it) => {
  it.effect("may be put and had by a page of any origin", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("a page's")
      const url = yield* uploaded(tokens, bytesOf(3))
      const Origin = "http://page.example"
      const preflight = {
        Origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type"
      }
      const allowed = yield* send({ method: "OPTIONS", path: url.relativePath, headers: preflight })
      expect(allowed.status).toBe(204)
      expect(allowed.headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": expect.stringContaining("PUT"),
        "access-control-allow-headers": "content-type"
      })
      const down = yield* urlOf(tokens, downloadUrl({ relativePath: url.relativePath }))
      for (const sent of [call("PUT", url, bytesOf(3)), call("GET", down), call("GET", url)]) {
        const { headers } = yield* send({ ...sent, headers: { Origin } })
        expect(headers["access-control-allow-origin"]).toBe("*")
      }
    })
  )

  it.effect.each([
    ["JPG", "image/jpeg"],
    ["JPEG", "image/jpeg"],
    ["PNG", "image/png"],
    ["GIF", "image/gif"]
  ] as const)("that is a %s goes up, is published, and comes down as it was", ([fileType, contentType]) =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation(fileType)
      const bytes = bytesOf(1000)

      const up = yield* urlOf(tokens, uploadUrl({ fileSize: "1000", fileType }))
      const put = yield* send(call("PUT", up, bytes))
      expect(told(put)).toStrictEqual({ status: 201, body: "" })

      const { relativePath } = up
      const event = {
        type: "ContentEvent",
        contentType: "hosted/file",
        message: { caption: "", relativePath, fileType }
      }
      expect((yield* tell(tokens, publishEvent({ dialogId: id, event }))).status).toBe(200)
      expect((yield* seen(id))?.events).toMatchObject([{ event }])
      expect(yield* (yield* Simulator.Simulator).file(relativePath)).toStrictEqual(bytes)

      const down = yield* urlOf(tokens, downloadUrl({ relativePath }))
      expect(down.relativePath).toBe(relativePath)
      const got = yield* send(call("GET", down))
      expect(got.status).toBe(200)
      expect(got.headers["content-type"]).toBe(contentType)
      expect(got.bytes).toStrictEqual(bytes)
    })
  )

  it.effect("has a URL that begins with a slash and ends a minute from now, in seconds as text", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("url")
      const before = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      const answer = yield* tell(tokens, uploadUrl({ fileSize: "1", fileType: "PNG" }))
      const after = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      expect(told(answer)).toStrictEqual(
        accepted({
          relativePath: expect.stringMatching(/^\/[^/]/),
          queryParams: {
            temp_url_sig: expect.stringMatching(/^[0-9a-f]{40,}$/),
            temp_url_expires: expect.stringMatching(/^\d+$/)
          }
        })
      )
      const expires = Number(Schema.decodeUnknownSync(Url)(answer.body).body.queryParams.temp_url_expires)
      expect(expires).toBeGreaterThanOrEqual(before + 60)
      expect(expires).toBeLessThanOrEqual(after + 60)
    })
  )

  it.effect("has a place of its own, as every other", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("places")
      const [one, other] = [yield* uploaded(tokens, bytesOf(1)), yield* uploaded(tokens, bytesOf(2))]
      expect(other.relativePath).not.toBe(one.relativePath)
      const { file } = yield* Simulator.Simulator
      expect(yield* file(one.relativePath)).toHaveLength(1)
      expect(yield* file(other.relativePath)).toHaveLength(2)
      expect(yield* file("/nowhere")).toBeUndefined()
    })
  )

  it.effect("is where it is behind one slash, two, or none (D34)", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("slashes")
      const up = yield* urlOf(tokens, uploadUrl({ fileSize: "10", fileType: "PNG" }))
      const { relativePath } = up
      expect((yield* send(call("PUT", { ...up, relativePath: `/${relativePath}` }, bytesOf(10)))).status).toBe(201)
      for (const path of [relativePath, `/${relativePath}`, relativePath.slice(1)]) {
        const down = yield* urlOf(tokens, downloadUrl({ relativePath: path }))
        expect(down.relativePath).toBe(relativePath)
        expect((yield* send(call("GET", { ...down, relativePath: `/${relativePath}` }))).bytes).toHaveLength(10)
        expect(yield* (yield* Simulator.Simulator).file(path)).toHaveLength(10)
      }
    })
  )

  it.effect("may be published though nothing was uploaded at its path", () =>
    Effect.gen(function* () {
      const { id, tokens } = yield* withConversation("nothing uploaded")
      const message = { caption: "", relativePath: "/nowhere/dog.jpg", fileType: "JPG" }
      const event = { type: "ContentEvent", contentType: "hosted/file", message }
      expect(told(yield* tell(tokens, publishEvent({ dialogId: id, event })))).toStrictEqual(accepted({ sequence: 0 }))
    })
  )
})

onSocket()("Of a file's size and type", (it) => {
  it.effect.each([
    ["one byte", "1"],
    ["3 MB", String(limit)],
    ["a size as a number (D33)", 1000]
  ] as const)("SEND accepts %s", ([name, fileSize]) =>
    Effect.gen(function* () {
      expect((yield* tell(yield* signIn(name), uploadUrl({ fileSize, fileType: "PNG" }))).status).toBe(200)
    })
  )

  it.effect.each<readonly [name: string, body: object]>([
    ["more than 3 MB", { fileSize: String(limit + 1), fileType: "PNG" }],
    ["more than 3 MB as a number", { fileSize: limit + 1, fileType: "PNG" }],
    ["nothing", { fileSize: "0", fileType: "PNG" }],
    ["a size below nothing", { fileSize: "-1", fileType: "PNG" }],
    ["a size that is no number", { fileSize: "big", fileType: "PNG" }],
    ["half a byte", { fileSize: 0.5, fileType: "PNG" }],
    ["no size", { fileType: "PNG" }],
    ["no type", { fileSize: "1" }],
    ["a type in small letters", { fileSize: "1", fileType: "png" }],
    ["a type that cannot be uploaded (D20)", { fileSize: "1", fileType: "PDF" }]
  ])("SEND refuses %s", ([name, body]) =>
    Effect.gen(function* () {
      expect(told(yield* tell(yield* signIn(name), uploadUrl(body)))).toStrictEqual(senseless)
    })
  )

  it.effect("SEND refuses to say where a file is that is not there", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("not there")
      const announced = yield* urlOf(tokens, uploadUrl({ fileSize: "10", fileType: "PNG" }))
      for (const relativePath of ["/nowhere", announced.relativePath]) {
        expect(told(yield* tell(tokens, downloadUrl({ relativePath })))).toStrictEqual(rejected())
      }
      for (const body of [{}, { relativePath: "" }]) {
        expect(told(yield* tell(tokens, downloadUrl(body)))).toStrictEqual(senseless)
      }
    })
  )

  it.effect.each([
    ["one byte more than announced", 10, 11],
    ["much more than announced", 10, 2 * limit],
    ["one byte more than 3 MB", limit, limit + 1]
  ] as const)("the storage refuses %s with 413, and keeps nothing", ([name, announced, sent]) =>
    Effect.gen(function* () {
      const { file } = yield* Simulator.Simulator
      const url = yield* urlOf(yield* signIn(name), uploadUrl({ fileSize: announced, fileType: "PNG" }))
      expect((yield* send(call("PUT", url, bytesOf(sent)))).status).toBe(413)
      expect(yield* file(url.relativePath)).toBeUndefined()
      // The server has survived it.
      expect((yield* send(call("PUT", url, bytesOf(announced)))).status).toBe(201)
      expect(yield* file(url.relativePath)).toHaveLength(announced)
    })
  )

  it.effect("the storage takes less than announced", () =>
    Effect.gen(function* () {
      const url = yield* urlOf(yield* signIn("less"), uploadUrl({ fileSize: "10", fileType: "PNG" }))
      expect((yield* send(call("PUT", url, bytesOf(9)))).status).toBe(201)
      expect(yield* (yield* Simulator.Simulator).file(url.relativePath)).toHaveLength(9)
    })
  )
})

const otherDigit = (text: string) => text.replace(/^./, (first) => (first === "1" ? "2" : "1"))

/** What may be wrong with a URL. */
const wrong: ReadonlyArray<readonly [name: string, path: (url: Url) => string]> = [
  ["no signature and no end", ({ relativePath }) => relativePath],
  [
    "no signature",
    ({ queryParams, relativePath }) => `${relativePath}?temp_url_expires=${queryParams.temp_url_expires}`
  ],
  ["no end", ({ queryParams, relativePath }) => `${relativePath}?temp_url_sig=${queryParams.temp_url_sig}`],
  [
    "another signature",
    ({ queryParams: { temp_url_expires, temp_url_sig }, relativePath }) =>
      `${relativePath}?temp_url_sig=${otherDigit(temp_url_sig)}&temp_url_expires=${temp_url_expires}`
  ],
  [
    "part of the signature",
    ({ queryParams: { temp_url_expires, temp_url_sig }, relativePath }) =>
      `${relativePath}?temp_url_sig=${temp_url_sig.slice(2)}&temp_url_expires=${temp_url_expires}`
  ],
  [
    "a signature that is none",
    ({ queryParams, relativePath }) =>
      `${relativePath}?temp_url_sig=sig&temp_url_expires=${queryParams.temp_url_expires}`
  ],
  [
    "a later end than was signed",
    ({ queryParams: { temp_url_expires, temp_url_sig }, relativePath }) =>
      `${relativePath}?temp_url_sig=${temp_url_sig}&temp_url_expires=${Number(temp_url_expires) + 1}`
  ],
  [
    "an end that has passed",
    ({ queryParams: { temp_url_expires, temp_url_sig }, relativePath }) =>
      `${relativePath}?temp_url_sig=${temp_url_sig}&temp_url_expires=${Number(temp_url_expires) - 61}`
  ],
  [
    "an end that is none",
    ({ queryParams, relativePath }) => `${relativePath}?temp_url_sig=${queryParams.temp_url_sig}&temp_url_expires=never`
  ]
]

onSocket()("The storage refuses with 401", (it) => {
  it.effect.each(wrong)("a URL with %s", ([name, path]) =>
    Effect.gen(function* () {
      const { file } = yield* Simulator.Simulator
      const tokens = yield* signIn(name)
      const up = yield* urlOf(tokens, uploadUrl({ fileSize: "10", fileType: "PNG" }))
      expect((yield* send({ method: "PUT", path: path(up), body: bytesOf(10) })).status).toBe(401)
      expect(yield* file(up.relativePath)).toBeUndefined()

      const { relativePath } = yield* uploaded(tokens, bytesOf(10))
      const down = yield* urlOf(tokens, downloadUrl({ relativePath }))
      const got = yield* send({ method: "GET", path: path(down) })
      expect(told(got)).toStrictEqual({ status: 401, body: "" })
    })
  )

  it.effect("a URL for the other method, or for another file", () =>
    Effect.gen(function* () {
      const { file } = yield* Simulator.Simulator
      const tokens = yield* signIn("other method")
      const up = yield* uploaded(tokens, bytesOf(10))
      const other = yield* uploaded(tokens, bytesOf(20))
      const down = yield* urlOf(tokens, downloadUrl(up))
      expect((yield* send(call("GET", up))).status).toBe(401)
      expect((yield* send(call("PUT", down, bytesOf(1)))).status).toBe(401)
      expect((yield* send(call("PUT", { ...up, relativePath: other.relativePath }, bytesOf(1)))).status).toBe(401)
      expect((yield* send(call("GET", { ...down, relativePath: other.relativePath }))).status).toBe(401)
      expect(yield* file(up.relativePath)).toHaveLength(10)
      expect(yield* file(other.relativePath)).toHaveLength(20)
    })
  )

  it.effect("a place that nobody was given", () =>
    Effect.gen(function* () {
      const url = yield* uploaded(yield* signIn("nobody's place"), bytesOf(10))
      const relativePath = `${url.relativePath}.png`
      expect((yield* send(call("PUT", { ...url, relativePath }, bytesOf(1)))).status).toBe(401)
      expect(yield* (yield* Simulator.Simulator).file(relativePath)).toBeUndefined()
    })
  )
})

onSocket()("The storage", (it) => {
  it.effect("has nothing where nothing was put", () =>
    Effect.gen(function* () {
      const url = yield* urlOf(yield* signIn("nothing"), uploadUrl({ fileSize: "10", fileType: "PNG" }))
      expect((yield* send(call("GET", url))).status).toBe(404)
      expect((yield* send(call("GET", { ...url, relativePath: `${url.relativePath}.png` }))).status).toBe(404)
    })
  )

  it.effect("gives the type and the length of a file to who asks for its head", () =>
    Effect.gen(function* () {
      const tokens = yield* signIn("head")
      const down = yield* urlOf(tokens, downloadUrl(yield* uploaded(tokens, bytesOf(10), "GIF")))
      const { headers, status } = yield* send({ ...call("GET", down), method: "HEAD" })
      expect(status).toBe(200)
      expect(headers).toMatchObject({ "content-type": "image/gif", "content-length": "10" })
    })
  )
})
