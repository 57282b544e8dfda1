import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Layer, Redacted, Schema } from "effect"
import * as Http from "node:http"
import * as Https from "node:https"
import { connect } from "node:net"
import { callOf } from "./binary.ts"
import { idle, silent, streaming } from "./connections.ts"
import { ask, downloadUrl, headersOf, readToken, refusal, type Sent, send, tokenOf, uploadUrl } from "./support.ts"

const Url = Schema.Struct({
  body: Schema.Struct({
    relativePath: Schema.String,
    queryParams: Schema.Record(Schema.String, Schema.String)
  })
})
const decodeUrl = Schema.decodeUnknownSync(Url)

const pathOf = (body: unknown) => {
  const { queryParams, relativePath } = decodeUrl(body).body
  return `${relativePath}?${new URLSearchParams(queryParams)}`
}

describe("A server", () => {
  it.live("listens on a port of its own on loopback, and on none when its scope has ended", () =>
    Effect.gen(function* () {
      const urls = Effect.all([NodeSimulator.url, Effect.provide(NodeSimulator.url, NodeSimulator.layer())])
      const [one, other] = yield* Effect.provide(urls, NodeSimulator.layer())
      expect(one).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/)
      expect(other).toMatch(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*$/)
      expect(other).not.toBe(one)
      for (const url of [one, other]) {
        const { cause } = yield* Effect.flip(Effect.tryPromise(() => fetch(url)))
        expect(cause).toMatchObject({ cause: { code: "ECONNREFUSED" } })
      }
    })
  )

  it.live("takes the port that it is told to, and fails where that is taken", () =>
    Effect.gen(function* () {
      const { port } = new URL(yield* NodeSimulator.url)
      const error = yield* Effect.flip(Effect.scoped(Layer.build(NodeSimulator.layer({ port: Number(port) }))))
      expect(error._tag).toBe("ServeError")
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )

  it.live("knows the account and the app of its options, and no others", () =>
    Effect.gen(function* () {
      expect((yield* send(ask.domain("idp", "87654321"))).body).toMatchObject({ account: "87654321" })
      expect((yield* send(ask.domain("idp"))).status).toBe(404)
      const own = yield* send({ ...ask.app("87654321"), body: "client_id=another&client_secret=app" })
      expect(readToken(tokenOf(own)).claims).toMatchObject({ aud: "87654321", azp: "another" })
      expect((yield* send(ask.app("87654321"))).status).toBe(401)
    }).pipe(
      Effect.provide(
        NodeSimulator.layer({ accountId: "87654321", clientId: "another", clientSecret: Redacted.make("app") })
      )
    )
  )

  it.live("refuses AppJWTs that have expired", () =>
    Effect.gen(function* () {
      const Authorization = tokenOf(yield* send(ask.app()))
      for (const request of [
        ask.consumer({ Authorization }, '{"ext_consumer_id":"late"}'),
        ask.conversation({ Authorization, "X-LP-ON-BEHALF": "garbage" }, "[]")
      ]) {
        const { body, status } = yield* send(request)
        expect(status).toBe(401)
        expect(body).toStrictEqual(refusal(40102))
      }
    }).pipe(Effect.provide(NodeSimulator.layer({ appTokenLifetime: 0 })))
  )

  it.live("shares nothing with another server", () =>
    Effect.gen(function* () {
      const elsewhere = yield* Simulator.Simulator.pipe(Effect.provide(NodeSimulator.layer()))
      yield* send(ask.domain("idp"))
      expect(yield* (yield* Simulator.Simulator).calls).toHaveLength(1)
      expect(yield* elsewhere.calls).toEqual([])
    }).pipe(Effect.provide(NodeSimulator.layer()))
  )
})

describe("A server that stops", () => {
  it.live.each<"http" | "https">(["http", "https"])(
    "ends every connection within a moment, whatever was under way on it (%s)",
    (scheme) =>
      Effect.gen(function* () {
        const options = scheme === "https" ? { tls: yield* NodeSimulator.selfSigned() } : {}
        const connected = yield* Effect.gen(function* () {
          const port = Number(new URL(yield* NodeSimulator.url).port)
          return yield* Effect.all([silent(port), streaming(port), idle(port)])
        }).pipe(Effect.provide(NodeSimulator.layer(options)))
        const [took] = yield* Effect.timed(Effect.forEach(connected, ({ closed }) => closed))
        expect(Duration.toMillis(took)).toBeLessThan(3000)
      })
  )
})

describe("A server with a certificate", () => {
  const secured = Effect.gen(function* () {
    const tls = yield* NodeSimulator.selfSigned()
    const url = yield* Effect.map(Layer.build(NodeSimulator.layer({ tls })), (services) =>
      Effect.provideContext(NodeSimulator.url, services)
    )
    return { ca: tls.cert, https: yield* url }
  })

  it.live("says so in its URL", () =>
    Effect.gen(function* () {
      expect((yield* secured).https).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    })
  )

  it.live.each<"http" | "https">(["http", "https"])(
    "keeps a connection, whatever goes to and fro on it: three megabytes up and down, by %s",
    (scheme) =>
      Effect.gen(function* () {
        const { ca, https } = yield* secured
        const options = { keepAlive: true, maxSockets: 1 }
        const agent = scheme === "https" ? new Https.Agent(options) : new Http.Agent(options)
        yield* Effect.addFinalizer(() => Effect.sync(() => agent.destroy()))
        const ports: Array<number | undefined> = []
        const call = (sent: Sent) =>
          Effect.tap(callOf(https.replace("https", scheme), { agent, ca })(sent), (answer) =>
            Effect.sync(() => ports.push(answer.from))
          )

        const app = tokenOf(yield* call(ask.app()))
        const consumer = tokenOf(yield* call(ask.consumer({ Authorization: app }, '{"ext_consumer_id":"large"}')))
        const tell = (request: object) => call(ask.send(headersOf({ app, consumer }), JSON.stringify(request)))
        const bytes = Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, index) => (index * 31) % 256)
        const up = yield* tell(uploadUrl({ fileSize: String(bytes.length), fileType: "PNG" }))
        expect((yield* call({ method: "PUT", path: pathOf(up.body), body: bytes })).status).toBe(201)
        const { relativePath } = decodeUrl(up.body).body
        const down = yield* tell(downloadUrl({ relativePath }))
        const file = yield* call({ method: "GET", path: pathOf(down.body) })
        expect(Buffer.compare(file.bytes, bytes)).toBe(0)
        expect(ports[0]).toBeGreaterThan(0)
        expect(ports).toEqual(Array.from({ length: 6 }, () => ports[0]))
      })
  )

  it.live("reads a request that comes byte by byte", () =>
    Effect.gen(function* () {
      const { https } = yield* secured
      const answer = yield* Effect.callback<string>((resume) => {
        const socket = connect(Number(new URL(https).port), "127.0.0.1")
          .setNoDelay(true)
          .setEncoding("utf8")
        const request = [..."GET /_simulator/info HTTP/1.1\r\nHost: here\r\n\r\n"]
        const next = () => {
          const byte = request.shift()
          if (byte !== undefined) socket.write(byte, () => setImmediate(next))
        }
        socket.once("connect", next).once("data", (text: string) => {
          socket.destroy()
          resume(Effect.succeed(text))
        })
      })
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    })
  )

  it.live("ends a connection that begins as TLS and goes on as nonsense, and answers the next", () =>
    Effect.gen(function* () {
      const { ca, https } = yield* secured
      yield* Effect.callback<void>((resume) => {
        const socket = connect(Number(new URL(https).port), "127.0.0.1")
        socket.on("error", () => {}).on("close", () => resume(Effect.void))
        socket.resume().write(Buffer.from([0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
      })
      expect((yield* callOf(https, { ca })(ask.domain("idp"))).status).toBe(200)
    })
  )

  it.live("that is none, or has another's key, does not listen", () =>
    Effect.gen(function* () {
      const { cert, key } = yield* NodeSimulator.selfSigned()
      const other = yield* NodeSimulator.selfSigned()
      for (const tls of [
        { cert, key: other.key },
        { cert: key, key: cert }
      ]) {
        const error = yield* Effect.flip(Effect.scoped(Layer.build(NodeSimulator.layer({ tls }))))
        expect(error._tag).toBe("ServeError")
      }
    })
  )
})
