import { NodeSimulator } from "@effect-liveperson/simulator"
import { NodeServices } from "@effect/platform-node"
import { describe, expect, layer } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync } from "node:fs"
import { generate } from "selfsigned"
import { callOf, command, listening, openedBy, pasted, refused, written } from "./binary.ts"
import { accountId, ask } from "./support.ts"

const info = { method: "GET", path: "/_simulator/info" } as const
const domain = ask.domain("sentinel")

/** What a client trusts who does as it is told. */
const trusted = ({ env }: { readonly env: Readonly<Record<string, string>> }) =>
  readFileSync(env["NODE_EXTRA_CA_CERTS"] ?? "", "utf8")

const names = (...values: ReadonlyArray<string>) => ({
  name: "subjectAltName" as const,
  altNames: values.map((value) => ({ type: 2 as const, value }))
})

const authority = { name: "basicConstraints", cA: true, critical: true } as const

layer(NodeServices.layer, { excludeTestServices: true })((it) => {
  describe("With --tls", () => {
    it.effect("it answers https to those who trust the certificate that it wrote, and http, at one port", () =>
      Effect.gen(function* () {
        const started = yield* listening(["--tls"])
        const ca = trusted(started)
        expect(started.url).toBe(`https://127.0.0.1:${started.port}`)
        const baseURI = `127.0.0.1:${started.port}`
        for (const origin of [`https://${baseURI}`, `http://${baseURI}`]) {
          const { body, status } = yield* callOf(origin, { ca })(domain)
          expect(status).toBe(200)
          expect(body).toEqual({ service: "sentinel", account: accountId, baseURI })
        }
        expect((yield* callOf(`https://localhost:${started.port}`, { ca })(info)).status).toBe(200)
      })
    )

    it.effect("it is trusted by nobody else", () =>
      Effect.gen(function* () {
        const { url } = yield* listening(["--tls"])
        const { cert } = yield* NodeSimulator.selfSigned()
        for (const options of [{}, { ca: cert }]) {
          const error = yield* Effect.flip(callOf(url, options)(info))
          expect(error).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
        }
      })
    )

    it.effect("its certificate is for the host that it listens on, too", () =>
      Effect.gen(function* () {
        const started = yield* listening(["--tls", "--host", "127.0.0.2"])
        expect(started.url).toMatch(/^https:\/\/127\.0\.0\.2:/)
        expect((yield* callOf(started.url, { ca: trusted(started) })(info)).status).toBe(200)
      })
    )

    it.effect(
      "a client that asks by http, and goes on by https where it is sent, gets there with what was exported",
      () =>
        Effect.gen(function* () {
          const { env, port } = yield* listening(["--tls"])
          const client = `
          const { LP_ACCOUNT_ID: account } = process.env
          const asked = await fetch("http://127.0.0.1:${port}/api/account/" + account + "/service/smt/baseURI.json?version=1.0")
          const { baseURI } = await asked.json()
          const { status } = await fetch("https://" + baseURI + "/_simulator/info")
          console.log(status)`
          const { ended, stderr, stdout } = yield* command(process.execPath, ["--input-type=module", "-e", client], env)
          expect([yield* ended, stdout(), stderr()]).toEqual([0, "200\n", ""])
        })
    )
  })

  describe("With a certificate of one's own", () => {
    const files = Effect.fnUntraced(function* ({ cert, key }: NodeSimulator.Certificate) {
      return ["--cert", yield* written(cert, "cert.pem"), "--key", yield* written(key, "key.pem")] as const
    })

    it.effect("it answers by that, and its commands trust it", () =>
      Effect.gen(function* () {
        const pair = yield* NodeSimulator.selfSigned()
        const args = yield* files(pair)
        const started = yield* listening(args)
        expect(started.env["NODE_EXTRA_CA_CERTS"]).toBe(args[1])
        expect((yield* callOf(started.url, { ca: pair.cert })(info)).status).toBe(200)
        expect((yield* callOf(started.url.replace("https", "http"))(info)).status).toBe(200)
        expect(openedBy(yield* pasted(started))).not.toBe("")
      })
    )

    it.effect("it is told by a name that the certificate is for", () =>
      Effect.gen(function* () {
        const { cert, private: key } = yield* Effect.promise(() =>
          generate([{ name: "commonName", value: "mine" }], {
            keyType: "ec",
            algorithm: "sha256",
            extensions: [authority, names("localhost")]
          })
        )
        const started = yield* listening(yield* files({ cert, key }))
        expect(started.url).toBe(`https://localhost:${started.port}`)
        expect(openedBy(yield* pasted(started))).not.toBe("")
      })
    )

    it.effect("that another authority signed, it leaves it to clients to know that authority", () =>
      Effect.gen(function* () {
        const options = { keyType: "ec", algorithm: "sha256" } as const
        const ca = yield* Effect.promise(() =>
          generate([{ name: "commonName", value: "An authority" }], { ...options, extensions: [authority] })
        )
        const { cert, private: key } = yield* Effect.promise(() =>
          generate([{ name: "commonName", value: "localhost" }], {
            ...options,
            ca: { key: ca.private, cert: ca.cert },
            extensions: [names("localhost")]
          })
        )
        const started = yield* listening(yield* files({ cert, key }))
        expect(started.env).not.toHaveProperty("NODE_EXTRA_CA_CERTS")
        expect(started.stdout()).not.toContain("--cacert")
        expect((yield* callOf(started.url, { ca: ca.cert })(info)).status).toBe(200)
      })
    )

    it.effect("a key of another certificate is refused, and so is what is no certificate or no key", () =>
      Effect.gen(function* () {
        const [mine, other] = yield* Effect.all([NodeSimulator.selfSigned(), NodeSimulator.selfSigned()])
        yield* refused(
          yield* files({ ...mine, key: other.key }),
          /The key \S+ does not belong to the certificate \S+\.$/m
        )
        yield* refused(yield* files({ ...mine, cert: mine.key }), /cert\.pem is not a certificate in PEM/)
        yield* refused(yield* files({ ...mine, key: mine.cert }), /key\.pem is not a private key in PEM/)
        const { cert, private: key } = yield* Effect.promise(() => generate([], { passphrase: "sesame" }))
        yield* refused(yield* files({ cert, key }), /key\.pem is not a private key in PEM without a passphrase/)
      })
    )
  })
})
