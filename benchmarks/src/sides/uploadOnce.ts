/**
 * Puts one file of so many megabytes into storage and prints the most memory that the process ever had, in kilobytes:
 * `node uploadOnce.ts URL streamed|held MEGABYTES`.
 */
import { Domains, Storage } from "@effect-liveperson/core"
import { NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Stream } from "effect"

const [swift = "", how, megabytes = "3"] = process.argv.slice(2)
const size = Number(megabytes) * 1024 * 1024
const chunk = 64 * 1024

/** Chunks that come into being when they are asked for. */
const streamed = Stream.map(Stream.rechunk(Stream.range(1, size / chunk), 1), (fill) =>
  new Uint8Array(chunk).fill(fill)
)

const held = Stream.suspend(() => Stream.make(new Uint8Array(size).fill(1)))

const url = { relativePath: "/file", queryParams: { temp_url_sig: "s", temp_url_expires: "0" } }

const upload = Storage.Storage.use((storage) =>
  storage.put(url, { bytes: how === "held" ? held : streamed, size, contentType: "image/png" })
)

const Live = Storage.layer({ accountId: "benchmark" }).pipe(
  Layer.provide(Domains.layerStatic({ swift })),
  Layer.provide(NodeHttpClient.layerUndici)
)

upload.pipe(
  Effect.andThen(Effect.suspend(() => Console.log(process.resourceUsage().maxRSS))),
  Effect.provide(Live),
  NodeRuntime.runMain
)
