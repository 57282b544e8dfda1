/**
 * What the simulator is to be, as its flags and the environment say. Everything that can be wrong with them is found
 * out before anything listens.
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { X509Certificate } from "node:crypto"
import { isIP } from "node:net"
import type { Options } from "../../NodeSimulator.ts"
import { credentials } from "../../Simulator.ts"
import { Key, type Webhooks } from "../../Webhooks.ts"
import { type Pair, selfSigned } from "../certificate.ts"
import { Failure } from "./failure.ts"
import { readPair, readWebhooks } from "./files.ts"
import type { Flags } from "./flags.ts"

const fail = (message: string) => Effect.fail(new Failure({ message }))

const fromEnvironment = (name: string) =>
  Config.option(Config.String(name)).pipe(Effect.mapError(() => new Failure({ message: `${name} is not a text.` })))

const either = (flag: Option.Option<string>, name: string) =>
  Option.isSome(flag) ? Effect.succeed(flag) : fromEnvironment(name)

/** How long deliveries are repeated that go where `--webhook` says, in seconds. */
const retention = 3600

/** Every kind of notification, to one URL. */
const everythingTo = (endpoint: string): Webhooks => ({
  ...Object.fromEntries(Key.literals.map((key) => [key, { endpoint }])),
  retry: { retention_time: retention }
})

/** What is subscribed to; where nothing is said, what was at the end of the last run. */
const webhooksOf = ({ manifest, webhook }: Flags) => {
  if (Option.isNone(manifest)) return Effect.succeed(Option.getOrUndefined(Option.map(webhook, everythingTo)))
  return Option.isNone(webhook)
    ? readWebhooks(manifest.value)
    : fail("--webhook and --manifest both say where to post: give one of them.")
}

/** The secret, and whether it may be shown: one that comes from the environment may be the one of a real account. */
const secretOf = Effect.fnUntraced(function* ({ clientSecret }: Flags) {
  if (Option.isSome(clientSecret)) return { clientSecret: Redacted.make(clientSecret.value), shown: true }
  const kept = yield* fromEnvironment("LP_CLIENT_SECRET")
  return Option.isSome(kept)
    ? { clientSecret: Redacted.make(kept.value), shown: false }
    : { clientSecret: credentials.clientSecret, shown: true }
})

const directory = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.makeDirectory(path, { recursive: true }).pipe(
    Effect.andThen(fs.readDirectory(path)),
    Effect.andThen(fs.access(path, { readable: true, writable: true })),
    Effect.mapError(
      () => new Failure({ message: `The directory ${path} cannot be read and written: choose another with --data.` })
    )
  )
  return path
})

/** A certificate, and the file by which clients trust it; `undefined` where they have to know its authority already. */
interface Certificate extends Pair {
  readonly authority: string | undefined
}

const certificateOf = Effect.fnUntraced(function* ({ cert, host, key, tls }: Flags, data: string | undefined) {
  if (Option.isSome(cert) || Option.isSome(key)) {
    if (Option.isNone(cert)) return yield* fail("--key is the key of a certificate: --cert is missing.")
    if (Option.isNone(key)) return yield* fail("--cert needs its private key: --key is missing.")
    const pair = yield* readPair(cert.value, key.value)
    const certificate = new X509Certificate(pair.cert)
    return { ...pair, authority: certificate.checkIssued(certificate) ? cert.value : undefined } satisfies Certificate
  }
  if (!tls) return undefined
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const pair = yield* selfSigned(host)
  const authority = yield* (
    data === undefined
      ? fs.makeTempDirectoryScoped({ prefix: "liveperson-simulator-" })
      : Effect.succeed(path.resolve(data))
  ).pipe(
    Effect.map((folder) => path.join(folder, "certificate.pem")),
    Effect.tap((file) => fs.writeFileString(file, pair.cert)),
    Effect.mapError(() => new Failure({ message: "The certificate cannot be written for clients to trust." }))
  )
  return { ...pair, authority } satisfies Certificate
})

const isWildcard = (host: string) => host === "0.0.0.0" || host === "::"

/** The host that clients of this machine reach it by: one that the certificate is for, where there is one. */
const reachableBy = (host: string, certificate: Pair | undefined) => {
  const name = isWildcard(host) ? "127.0.0.1" : host
  if (certificate === undefined) return name
  const x509 = new X509Certificate(certificate.cert)
  const isFor = (name: string) => (isIP(name) === 0 ? x509.checkHost(name) : x509.checkIP(name)) !== undefined
  return [name, "localhost", "127.0.0.1"].find(isFor) ?? name
}

const drawn = Effect.map(Random.nextIntBetween(36 ** 5, 36 ** 6), (number) => number.toString(36))

/** Reads the settings. */
export const settingsOf = Effect.fnUntraced(function* (flags: Flags) {
  const accounts = flags.account.length > 0 ? flags.account : Option.toArray(yield* fromEnvironment("LP_ACCOUNT_ID"))
  const [account = credentials.accountId, ...others] = new Set(accounts)
  const clientId = Option.getOrElse(yield* either(flags.clientId, "LP_CLIENT_ID"), () => credentials.clientId)
  const { clientSecret, shown } = yield* secretOf(flags)
  const webhooks = yield* webhooksOf(flags)
  const data = Option.isSome(flags.data) ? yield* directory(flags.data.value) : undefined
  const certificate = yield* certificateOf(flags, data)
  const rateLimit = Option.getOrUndefined(flags.rateLimit)
  const options = {
    port: flags.port,
    host: flags.host,
    accountId: [account, ...others],
    clientId,
    clientSecret,
    survey: flags.survey,
    seed: Option.isSome(flags.seed) ? flags.seed.value : yield* drawn,
    ...(webhooks && { webhooks }),
    ...(rateLimit === undefined ? undefined : { rateLimit }),
    ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } })
  } satisfies Options
  return {
    options,
    data,
    /** Where the client secret may be shown. */
    shown,
    authority: certificate?.authority,
    scheme: certificate === undefined ? "http" : "https",
    reachableBy: reachableBy(flags.host, certificate)
  } as const
})

export type Settings = Effect.Success<ReturnType<typeof settingsOf>>
