/**
 * What the binary reads from files: a manifest, a certificate and its key.
 */
import { EngagementCapability, Manifest } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { createPrivateKey, X509Certificate } from "node:crypto"
import { Webhooks } from "../../Webhooks.ts"
import type { Pair } from "../certificate.ts"
import { Failure } from "./failure.ts"

const read = Effect.fnUntraced(function* (what: string, path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs
    .readFileString(path)
    .pipe(Effect.mapError(() => new Failure({ message: `The ${what} ${path} cannot be read.` })))
})

/** A manifest whose endpoints may be `http` too, as the simulator's are. */
const decodeManifest = Schema.decodeUnknownEffect(
  Schema.Struct({
    ...Manifest.fields,
    capabilities: Schema.optionalKey(
      Schema.Struct({
        webhooks: Schema.optionalKey(Webhooks),
        engagement: Schema.optionalKey(EngagementCapability)
      })
    )
  })
)

const parseJson = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Unknown))

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => (issue._tag === "MissingKey" ? "it is missing" : SchemaIssue.defaultLeafHook(issue))
})

const explain = ({ issue }: Schema.SchemaError) => {
  const [first] = issuesOf(issue).issues
  const path = (first?.path ?? []).map(String).join(".")
  const message = (first?.message ?? "").replaceAll(/\s+/g, " ").replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  return path === "" ? message : `${path}: ${message}`
}

/** What an app subscribes to by its manifest. */
export const readWebhooks = Effect.fnUntraced(function* (path: string) {
  const json = yield* parseJson(yield* read("manifest", path)).pipe(
    Effect.mapError(() => new Failure({ message: `The manifest ${path} is not JSON.` }))
  )
  const manifest = yield* decodeManifest(json).pipe(
    Effect.mapError((error) => new Failure({ message: `${path} is not a manifest: ${explain(error)}.` }))
  )
  return manifest.capabilities?.webhooks ?? {}
})

/** A certificate and the key that belongs to it. */
export const readPair = Effect.fnUntraced(function* (certPath: string, keyPath: string) {
  const cert = yield* read("certificate", certPath)
  const key = yield* read("key", keyPath)
  const certificate = yield* Effect.try({
    try: () => new X509Certificate(cert),
    catch: () => new Failure({ message: `${certPath} is not a certificate in PEM.` })
  })
  const privateKey = yield* Effect.try({
    try: () => createPrivateKey(key),
    catch: () => new Failure({ message: `${keyPath} is not a private key in PEM without a passphrase.` })
  })
  return certificate.checkPrivateKey(privateKey)
    ? ({ cert, key } satisfies Pair)
    : yield* new Failure({ message: `The key ${keyPath} does not belong to the certificate ${certPath}.` })
})
