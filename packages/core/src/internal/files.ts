/**
 * Sending a file: an URL to put it at, the bytes, and the message that tells of it.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { InvalidInput } from "../ConnectorError.ts"
import type { Metadata } from "../protocol/Metadata.ts"
import { type FileType, GenerateURLForUploadFile } from "../protocol/Files.ts"
import { decodeInput, invalid } from "./issues.ts"

type MetadataInput = (typeof Metadata)["Encoded"]

/** A file as it is given: its bytes, or a stream of them whose size is known. */
export type File<E, R> = {
  readonly type: string
  readonly caption?: string
  readonly preview?: string
  readonly metadata?: ReadonlyArray<MetadataInput>
} & ({ readonly bytes: Uint8Array } | { readonly stream: Stream.Stream<Uint8Array, E, R>; readonly size: number })

const operation = "Connector.sendFile"

const decode = decodeInput(GenerateURLForUploadFile.body, operation, "file")

/** Its type and size, if LivePerson takes such a file. */
export const checked = <E, R>(file: File<E, R>) =>
  decode({ fileSize: "bytes" in file ? file.bytes.length : file.size, fileType: file.type })

const wrongSize = (size: number): InvalidInput =>
  invalid(operation, [{ path: "file.stream", expected: `expected as many bytes as its size says: ${size}` }])

/** The bytes, one chunk at a time, and no more or fewer than were announced. */
export const bytesOf = <E, R>(file: File<E, R>, size: number): Stream.Stream<Uint8Array, E | InvalidInput, R> =>
  "bytes" in file
    ? Stream.make(file.bytes)
    : Stream.suspend(() => {
        let seen = 0
        return file.stream.pipe(
          Stream.mapEffect((chunk) => {
            seen += chunk.length
            return seen > size ? Effect.fail(wrongSize(size)) : Effect.succeed(chunk)
          }),
          Stream.concat(
            Stream.suspend((): Stream.Stream<never, InvalidInput> =>
              seen < size ? Stream.fail(wrongSize(size)) : Stream.empty
            )
          )
        )
      })

/** What storage is told that it keeps. */
export const contentTypes: Record<FileType, string> = {
  JPG: "image/jpeg",
  JPEG: "image/jpeg",
  PNG: "image/png",
  GIF: "image/gif"
}
