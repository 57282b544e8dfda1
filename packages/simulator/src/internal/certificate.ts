/**
 * A certificate for a machine that has none: self-signed, for loopback and for the host that is listened on.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { isIP } from "node:net"
import { generate } from "selfsigned"

/** A certificate and its private key, both in PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

const day = 86_400_000

const nameOf = (host: string) =>
  isIP(host) === 0 ? ({ type: 2, value: host } as const) : ({ type: 7, ip: host } as const)

/** Is its own authority, so that a client who is given it as one trusts the simulator and nobody else. */
export const selfSigned = Effect.fnUntraced(function* (host: string) {
  const now = yield* Clock.currentTimeMillis
  const hosts = new Set(["localhost", "127.0.0.1", "::1", host])
  const { cert, private: key } = yield* Effect.promise(() =>
    generate([{ name: "commonName", value: "LivePerson simulator" }], {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: new Date(now - day),
      notAfterDate: new Date(now + 365 * day),
      extensions: [
        { name: "basicConstraints", cA: true, critical: true },
        { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: Array.from(hosts, nameOf) }
      ]
    })
  )
  return { cert, key } satisfies Pair
})
