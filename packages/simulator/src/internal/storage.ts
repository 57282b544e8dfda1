/**
 * LivePerson's storage (`swift`): files behind URLs that are signed for one minute. Who holds such a URL needs no token.
 */
import type { AccountId, FileType, FileUrl } from "@effect-liveperson/core/protocol"
import * as Bytes from "effect/Bytes"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Random from "effect/Random"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { createHmac, timingSafeEqual } from "node:crypto"
import { Rejected } from "./reply.ts"
import { uuid } from "./uuid.ts"

/** Where the files lie: every relativePath begins so. */
export const folder = "/v1/AUTH_async-images"

/** How many seconds a URL can be used. */
const lifetime = 60

const contentTypes = { JPG: "image/jpeg", JPEG: "image/jpeg", PNG: "image/png", GIF: "image/gif" } satisfies Record<
  FileType,
  string
>

type Method = "PUT" | "GET"

/** A path as it is signed: with one slash before it, however many it was written with. */
const normal = (path: string): string => `/${path.replace(/^\/+/, "")}`

/** A place for a file: what was announced for it, and the file once it is there. */
interface Place {
  readonly limit: number
  readonly contentType: string
  file: Uint8Array | undefined
}

/**
 * The bytes of a body, or `undefined` where there are too many. What is too much is read and thrown away: a client that
 * is still sending would see a broken connection in place of the answer.
 */
const read = <E, R>(body: Stream.Stream<Uint8Array, E, R>, limit: number) =>
  Stream.runFold(
    body,
    () => ({ chunks: Array<Uint8Array>(), size: 0 }),
    (read, chunk) => {
      read.size += chunk.length
      if (read.size <= limit) read.chunks.push(chunk)
      else read.chunks.length = 0
      return read
    }
  ).pipe(Effect.map(({ chunks, size }) => (size <= limit ? Bytes.concat(chunks) : undefined)))

const empty = (status: number) => HttpServerResponse.empty({ status })

/** What has to be kept of a file. */
export const SavedPlace = Schema.Struct({
  path: Schema.String,
  limit: Schema.Natural,
  contentType: Schema.String,
  file: Schema.optional(Schema.Uint8Array)
})
export type SavedPlace = typeof SavedPlace.Type

/** `changed` is told where something comes to be. */
export const make = (random: Random.Random, changed: (path: string) => void) => {
  let key = Uint8Array.from({ length: 32 }, () => Math.floor(random.nextDoubleUnsafe() * 256))
  const places = new Map<string, Place>()

  const sign = (method: Method, path: string, expires: string): Uint8Array =>
    createHmac("sha256", key).update(`${method}\n${expires}\n${path}`).digest()

  const urlFor = Effect.fnUntraced(function* (method: Method, relativePath: string) {
    const seconds = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const temp_url_expires = String(seconds + lifetime)
    const temp_url_sig = Hex.encode(sign(method, relativePath, temp_url_expires))
    return { relativePath, queryParams: { temp_url_sig, temp_url_expires } } satisfies FileUrl
  })

  const mayUse = Effect.fnUntraced(function* (method: Method, path: string) {
    const { temp_url_expires: expires, temp_url_sig: signature } = yield* HttpServerRequest.ParsedSearchParams
    if (typeof signature !== "string" || typeof expires !== "string") return false
    const tag = Hex.decode(signature)
    const now = yield* Clock.currentTimeMillis
    if (Result.isFailure(tag) || now >= Number(expires) * 1000) return false
    const expected = sign(method, path, expires)
    return tag.success.length === expected.length && timingSafeEqual(tag.success, expected)
  })

  const upload = Effect.fnUntraced(function* (path: string) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const place = places.get(path)
    if (place === undefined || !(yield* mayUse("PUT", path))) return empty(401)
    const file = yield* read(request.stream, place.limit)
    if (file === undefined) return empty(413)
    place.file = file
    changed(path)
    return empty(201)
  })

  const download = Effect.fnUntraced(function* (path: string) {
    const place = places.get(path)
    if (place?.file === undefined) return empty(404)
    if (!(yield* mayUse("GET", path))) return empty(401)
    return HttpServerResponse.uint8Array(place.file, { contentType: place.contentType })
  })

  return {
    /** Where a file of so many bytes may be put. */
    uploadUrl: Effect.fnUntraced(function* (accountId: AccountId, fileSize: number, fileType: FileType) {
      const relativePath = `${folder}/${accountId}/${yield* uuid}.${fileType.toLowerCase()}`
      places.set(relativePath, { limit: fileSize, contentType: contentTypes[fileType], file: undefined })
      changed(relativePath)
      return yield* urlFor("PUT", relativePath)
    }),
    /** Where a file of an account may be had. Fails where it has none there. */
    downloadUrl: Effect.fnUntraced(function* (accountId: AccountId, relativePath: string) {
      const path = normal(relativePath)
      if (places.get(path)?.file === undefined || !path.startsWith(`${folder}/${accountId}/`)) {
        return yield* new Rejected({ msg: "Bad Request, File does not exist" })
      }
      return yield* urlFor("GET", path)
    }),
    /** The bytes that were put at a path. */
    file: (relativePath: string) => Effect.sync(() => places.get(normal(relativePath))?.file),
    /** PUT and GET of a file. */
    endpoint: Effect.gen(function* () {
      const { method } = yield* HttpServerRequest.HttpServerRequest
      const path = `${folder}/${(yield* HttpRouter.params)["*"] ?? ""}`
      return yield* method === "PUT" ? upload(path) : download(path)
    }),
    forget: (): void => places.clear(),
    /** What URLs are signed with. */
    key: (): Uint8Array => key,
    place: (path: string): SavedPlace | undefined => {
      const place = places.get(path)
      return place === undefined ? undefined : { path, ...place }
    },
    restore: (signing: Uint8Array, kept: ReadonlyArray<SavedPlace>): void => {
      key = Uint8Array.from(signing)
      for (const { file, path, ...place } of kept) places.set(path, { ...place, file })
    }
  }
}

export type Storage = ReturnType<typeof make>
