import { Wire } from "@effect-liveperson/simulator"
import { NodeServices } from "@effect/platform-node"
import { describe, expect, layer } from "@effect/vitest"
import { Effect, FileSystem, Path, Schema } from "effect"
import {
  callOf,
  command,
  connector,
  listening,
  openedBy,
  pasted,
  ran,
  refused,
  simulator,
  taken,
  written
} from "./binary.ts"
import { ask, tokenOf } from "./support.ts"

const Listening = Schema.Struct({ _tag: Schema.Literal("Listening"), url: Schema.String, seed: Schema.String })
const decodeFirst = Schema.decodeUnknownSync(Schema.fromJsonString(Listening))
const decodeRow = Schema.decodeUnknownSync(Schema.fromJsonString(Wire.Row))

const summaries = Schema.decodeUnknownSync(Schema.Array(Schema.Struct({ id: Schema.String, account: Schema.String })))
const conversations = { method: "GET", path: "/_simulator/conversations" } as const
const rows = Schema.decodeUnknownSync(Schema.Array(Schema.Struct({ _tag: Schema.String, status: Schema.Unknown })))

layer(NodeServices.layer, { excludeTestServices: true })((it) => {
  describe("What is wrong with a command line is told in one sentence, and nothing is started:", () => {
    it.effect.each<readonly [string, ReadonlyArray<string>, RegExp]>([
      ["a flag that is misspelt", ["--prot", "1"], /no flag --prot: did you mean --port\?/],
      ["a flag that nobody knows", ["--frobnicate"], /no flag --frobnicate\./],
      ["what is no flag", ["start"], /nothing to do with "start"/],
      ["a port that is no number", ["--port", "http"], /--port has to be a whole number from 0 to 65535, not "http"/],
      ["a port that there cannot be", ["--port", "65536"], /--port has to be a whole number from 0 to 65535/],
      ["a port that is missing", ["--port"], /--port needs a value/],
      ["a port that is told twice", ["--port", "0", "--port", "0"], /--port can be given only once/],
      ["a host that is empty", ["--host", ""], /--host needs a value/],
      ["a host that nobody knows", ["--host", "no-such-host.invalid"], /no-such-host\.invalid is not a host/],
      [
        "an address of another machine",
        ["--host", "192.0.2.1", "--port", "0"],
        /192\.0\.2\.1 is not an address of this/
      ],
      ["a log in another format", ["--log", "xml"], /--log has to be one of "text", "json", "none", not "xml"/],
      ["a webhook that is no URL", ["--webhook", "connector"], /--webhook has to be a URL that begins with http/],
      ["a rate of none", ["--rate-limit", "0"], /--rate-limit has to be a whole number from 1/],
      ["an account that no URL can hold", ["--account", "a/b"], /--account has to be a text of letters/],
      ["a certificate without a key", ["--cert", "c.pem"], /--cert needs its private key: --key is missing/],
      ["a key without a certificate", ["--key", "k.pem"], /--cert is missing/],
      [
        "a certificate that is not there",
        ["--cert", "/no/c", "--key", "/no/k"],
        /The certificate \/no\/c cannot be read/
      ],
      ["a manifest that is not there", ["--manifest", "/no/m"], /The manifest \/no\/m cannot be read/],
      ["a webhook and a manifest", ["--webhook", "http://a.example", "--manifest", "m"], /give one of them/]
    ])("%s", ([, args, sentence]) => refused(args, sentence))

    it.effect("a port that is taken", () =>
      Effect.gen(function* () {
        const port = yield* taken
        yield* refused(["--port", String(port)], new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is taken: choose another`))
      })
    )

    it.effect.each<readonly [string, string, RegExp]>([
      ["that is no JSON", "client_name: mine", /is not JSON/],
      ["of another kind", '{"name":"mine"}', /is not a manifest: client_name: it is missing/],
      [
        "that posts nowhere",
        '{"client_name":"mine","capabilities":{"webhooks":{"cqm.ExConversationChangeNotification":{"endpoint":"there"}}}}',
        /ExConversationChangeNotification\.endpoint: expected a URL/
      ]
    ])("a manifest %s", ([, text, sentence]) =>
      Effect.gen(function* () {
        yield* refused(["--manifest", yield* written(text)], sentence)
      })
    )

    it.effect("a data directory that is a file", () =>
      Effect.gen(function* () {
        yield* refused(["--data", yield* written("")], /cannot be read and written: choose another with --data/)
      })
    )
  })

  it.effect("It listens on loopback, at the port that it is told", () =>
    Effect.gen(function* () {
      const port = yield* Effect.scoped(taken)
      const { url } = yield* listening(["--port", String(port)])
      expect(url).toBe(`http://127.0.0.1:${port}`)
      expect((yield* callOf(url)(conversations)).body).toEqual([])
    })
  )

  describe("What it prints", () => {
    it.effect.each<readonly [string, ReadonlyArray<string>]>([
      ["nothing is said", []],
      ["it listens on IPv6", ["--host", "::1"]],
      ["it listens on every address", ["--host", "0.0.0.0"]],
      ["it answers https", ["--tls"]],
      ["names need quotes", ["--client-id", 'it\'s "mine"', "--client-secret", "$HOME & `more` \\n+%2B"]],
      ["there are several accounts", ["--account", "11111111", "--account", "22222222"]]
    ])("opens a conversation, pasted into a shell, where %s", ([, args]) =>
      Effect.gen(function* () {
        const started = yield* listening(args)
        const id = openedBy(yield* pasted(started))
        const plain = callOf(started.url.replace("https", "http"))
        const account = started.env["LP_ACCOUNT_ID"]
        expect(summaries((yield* plain(conversations)).body)).toEqual([{ id, account }])
      })
    )

    it.effect("takes the account and the app from the environment, and keeps the secret to itself", () =>
      Effect.gen(function* () {
        const env = { LP_ACCOUNT_ID: "87654321", LP_CLIENT_ID: "mine", LP_CLIENT_SECRET: "a real one, perhaps" }
        const { env: told, stderr, stdout, url } = yield* listening([], env)
        expect(told).toEqual({ LP_DOMAIN_API: url, LP_ACCOUNT_ID: "87654321", LP_CLIENT_ID: "mine" })
        expect(stdout() + stderr()).not.toContain(env.LP_CLIENT_SECRET)
        const sent = {
          ...ask.app("87654321"),
          body: String(new URLSearchParams({ client_id: "mine", client_secret: env.LP_CLIENT_SECRET }))
        }
        expect((yield* callOf(url)(sent)).status).toBe(200)
      })
    )

    it.effect("prefers what is said to what is in the environment, where an empty text is none", () =>
      Effect.gen(function* () {
        const env = { LP_ACCOUNT_ID: "87654321", LP_CLIENT_ID: "", LP_CLIENT_SECRET: "" }
        const { env: told } = yield* listening(["--account", "11111111"], env)
        expect(told).toMatchObject({ LP_ACCOUNT_ID: "11111111", LP_CLIENT_ID: "simulator-client-id" })
        expect(told["LP_CLIENT_SECRET"]).toBe("simulator-client-secret")
      })
    )

    it.effect("has no colours where there is no terminal", () =>
      Effect.gen(function* () {
        const { stderr, stdout } = yield* listening([], { TERM: "xterm-256color" })
        expect(stdout() + stderr()).not.toContain("\u001b")
      })
    )

    it.effect("tells a seed, and told that seed again, the same calls get the same answers", () =>
      Effect.gen(function* () {
        const first = yield* listening([])
        const [, seed = ""] = yield* first.printed(/^ {2}seed +(\S+)$/m)
        const id = openedBy(yield* pasted(first))
        const again = yield* listening(["--seed", seed])
        expect(openedBy(yield* pasted(again))).toBe(id)
        expect(openedBy(yield* pasted(yield* listening([])))).not.toBe(id)
      })
    )
  })

  describe("The log", () => {
    it.effect("tells each call in a line, without a secret and without what people wrote", () =>
      Effect.gen(function* () {
        const started = yield* listening([])
        yield* pasted(started)
        const [, log = ""] = yield* started.printed(/# Ctrl-C stops it\n\n((?:.+\n){3})/)
        const lines = log.trimEnd().split("\n")
        expect(lines).toHaveLength(3)
        for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}20[01] {2}POST \/\S+ {2}\d+ ms/)
        expect(lines[2]).toMatch(/userprofile\.SetUserProfile, cm\.ConsumerRequestConversation, ms\.PublishEvent$/)
        expect(log).not.toMatch(/eyJ|simulator-client-secret|parcel|Ada/)
      })
    )

    it.effect("in JSON, has standard output for itself: first where it listens, then each call when it is over", () =>
      Effect.gen(function* () {
        const { child, ended, printed, stdout } = yield* simulator(["--port", "0", "--log", "json", "--seed", "s"])
        yield* printed(/# Ctrl-C stops it\n/, "stderr")
        const [first] = yield* printed(/^.*\n/)
        const { seed, url } = decodeFirst(first)
        expect(seed).toBe("s")
        const call = callOf(url)
        const token = tokenOf(yield* call(ask.app()))
        yield* call(ask.consumer({ Authorization: token }, '{"ext_consumer_id":"sms:+15550100"}'))
        // Called a moment before the end, and told all the same.
        yield* call(ask.domains("87654321"))
        child.kill("SIGTERM")
        expect(yield* ended).toBe(0)
        const told = stdout()
          .trimEnd()
          .split("\n")
          .slice(1)
          .map((line) => decodeRow(line))
        expect(told.map((row) => row._tag === "Call" && [row.endpoint, row.status])).toEqual([
          ["sentinel", 200],
          ["idp", 201],
          ["domains", 404]
        ])
        expect(stdout()).not.toMatch(/eyJ|simulator-client-secret/)
      })
    )

    it.effect("is silent, where it is to be", () =>
      Effect.gen(function* () {
        const started = yield* listening(["--log", "none"])
        yield* pasted(started)
        started.child.kill("SIGTERM")
        yield* started.ended
        expect(started.stdout()).toMatch(/# Ctrl-C stops it\n\nStopped\.\n$/)
      })
    )
  })

  describe("Webhooks", () => {
    const delivered = Effect.fnUntraced(function* (url: string) {
      const wire = Effect.map(callOf(url)({ method: "GET", path: "/_simulator/wire" }), ({ body }) =>
        rows(body).filter(({ _tag, status }) => _tag === "Delivery" && status === 200)
      )
      return yield* Effect.repeat(wire, { until: (all) => all.length > 0 })
    })

    it.effect("go to the URL that is told, and are told in the log", () =>
      Effect.gen(function* () {
        const { heard, url } = yield* connector
        const started = yield* listening(["--webhook", url])
        expect(started.stdout()).toMatch(/^ {2}webhooks +everything → 127\.0\.0\.1:\d+$/m)
        yield* pasted(started)
        yield* delivered(started.url)
        expect(heard).toContain("12345678")
        yield* started.printed(/ {2}200 {2}ContentEvent → http:\/\/127\.0\.0\.1:\d+\/lp {2}\d+ ms/)
      })
    )

    it.effect("go where a manifest says, https or not, and nowhere else", () =>
      Effect.gen(function* () {
        const { heard, url } = yield* connector
        const webhooks = { "ms.MessagingEventNotification.ContentEvent": { endpoint: url } }
        const file = yield* written(JSON.stringify({ client_name: "mine", capabilities: { webhooks } }))
        const started = yield* listening(["--manifest", file])
        expect(started.stdout()).toMatch(/^ {2}webhooks +ContentEvent → 127\.0\.0\.1:\d+$/m)
        yield* pasted(started)
        expect(yield* delivered(started.url)).toHaveLength(1)
        expect(heard).toHaveLength(1)
      })
    )
  })

  it.effect("It limits the rate of an account, and asks for a rating, where that is said", () =>
    Effect.gen(function* () {
      const { url } = yield* listening(["--rate-limit", "7", "--survey"])
      const { body } = yield* callOf(url)({ method: "GET", path: "/_simulator/info" })
      expect(body).toMatchObject({ rateLimit: 7, survey: true })
    })
  )

  it.effect("The README's commands speak as the agent and as the consumer, and make a call go wrong", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const readme = yield* fs.readFileString(path.join(import.meta.dirname, "../README.md"))
      const blocks = Array.from(readme.matchAll(/```sh\n([^]*?)```/g), ([, block = ""]) => block)
      const script = blocks.filter((block) => block.includes("$LP_DOMAIN_API")).join("\n")
      const started = yield* listening([])
      const id = openedBy(yield* pasted(started))
      const { ended, stderr } = yield* command("bash", ["-euo", "pipefail", "-c", script], started.env)
      expect([yield* ended, stderr()]).toEqual([0, ""])
      const call = callOf(started.url)
      const { body } = yield* call({ method: "GET", path: `${conversations.path}/${id}` })
      const message = (message: string) => expect.objectContaining({ event: expect.objectContaining({ message }) })
      expect(body).toMatchObject({
        agentId: "simulator-agent",
        events: expect.arrayContaining([message("Hello, let me look at that."), message("It was due on Monday")])
      })
      expect((yield* call({ method: "GET", path: "/_simulator/faults" })).body).toMatchObject([
        { on: "send", fault: { _tag: "Status", status: 429 }, when: { _tag: "Every", nth: 10 } }
      ])
    })
  )

  it.effect("--help tells every flag, and --version the package's version", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const help = yield* ran(["--help"])
      expect(help.end).toBe(0)
      const flags = new Set(Array.from(help.stdout.matchAll(/^ {2}(--[a-z-]+)/gm), ([, flag]) => flag))
      expect(flags.size).toBeGreaterThan(15)
      const readme = yield* fs.readFileString(path.join(import.meta.dirname, "../README.md"))
      const table = new Set(Array.from(readme.matchAll(/^\| `(--[a-z-]+)/gm), ([, flag]) => flag))
      expect(table).toEqual(flags)
      const { end, stdout } = yield* ran(["--version"])
      const manifest = yield* fs.readFileString(path.join(import.meta.dirname, "../package.json"))
      expect(manifest).toContain(`"version": "${/ v(\S+)/.exec(stdout)?.[1]}"`)
      expect(end).toBe(0)
    })
  )
})
