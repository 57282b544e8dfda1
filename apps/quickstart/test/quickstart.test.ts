import { Fault, NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeServices } from "@effect/platform-node"
import { describe, expect, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Redacted } from "effect"
import { node, type Ran } from "./support.ts"

const quickstart = (args: ReadonlyArray<string> = [], env: Record<string, string> = {}) =>
  node("apps/quickstart/src/main.ts", args, env)

/** Everything a failure may print: one sentence, and no trace of where in the code it came from. */
const expectSentence = ({ code, stderr }: Ran, sentence: RegExp) => {
  expect(stderr.trim()).toMatch(sentence)
  expect(stderr.trim().split("\n")).toHaveLength(1)
  expect(stderr).not.toMatch(/\n\s+at |\.ts:\d/)
  expect(code).toBe(1)
}

const withProfile = (json: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* fs.makeTempFileScoped({ suffix: ".json" })
    yield* fs.writeFileString(path, json)
    return path
  })

it.layer(Layer.merge(NodeServices.layer, NodeSimulator.layer()), { excludeTestServices: true })((it) => {
  const environment = Effect.map(NodeSimulator.url, (url) => ({
    LP_ACCOUNT_ID: Simulator.credentials.accountId,
    LP_CLIENT_ID: Simulator.credentials.clientId,
    LP_CLIENT_SECRET: Redacted.value(Simulator.credentials.clientSecret),
    LP_DOMAIN_API: url
  }))
  const callCount = Effect.flatMap(Simulator.Simulator, ({ calls }) => Effect.map(calls, (all) => all.length))

  describe("with no environment", () => {
    it.effect("it opens a conversation at a simulator of its own, and tells each step and its time", () =>
      Effect.gen(function* () {
        const { code, stderr, stdout } = yield* quickstart()
        expect(stderr).toBe("")
        expect(stdout).toMatch(/A simulated LivePerson listens on http:\/\/127\.0\.0\.1:\d+/)
        const steps = [
          "domain resolved",
          "AppJWT obtained",
          "ConsumerJWS obtained",
          "conversation opened",
          "first message",
          "answer heard",
          "typing",
          "second message",
          "answer heard",
          "picture sent",
          "conversation closed",
          "rated"
        ]
        const told = stdout.split("\n").filter((line) => line.includes("✓"))
        expect(told.map((line) => steps.find((step) => line.includes(`✓ ${step} `)))).toEqual(steps)
        for (const line of told) expect(line).toMatch(/\((\d+ ms|same call)\)$/)
        expect(told[3]).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/)
        expect(told[4]).toContain("sequence 0")
        // The agent's receipts and words take numbers of their own, in between.
        const dialogue = stdout
          .split("\n")
          .filter((line) => /^ {4}(consumer|agent|LivePerson) /.test(line))
          .map((line) => line.trim().replaceAll(/ +/g, " "))
        expect(dialogue).toEqual([
          "consumer Hi, my parcel is late",
          "agent has read up to sequence 0",
          "agent is typing …",
          "agent Hello, let me look at that.",
          "consumer It was due on Monday",
          "agent has read up to sequence 3",
          "agent is typing …",
          "agent It is on its way now. I am sorry for the wait!",
          "consumer [What arrived instead]",
          "LivePerson the conversation is closed by the CONSUMER"
        ])
        expect(told[7]).toContain("sequence 3")
        expect(told[9]).toContain("sequence 6")
        expect(code).toBe(0)
      })
    )

    it.effect("it writes no colours where there is no terminal, and no token anywhere", () =>
      Effect.gen(function* () {
        const { stderr, stdout } = yield* quickstart()
        expect(stdout + stderr).not.toContain("\u001b[")
        expect(stdout + stderr).not.toContain("eyJ")
        expect(stdout + stderr).not.toContain(Redacted.value(Simulator.credentials.clientSecret))
      })
    )
  })

  describe("with LivePerson's settings", () => {
    it.effect("it opens the conversation that was asked for", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const profile = yield* withProfile(JSON.stringify({ firstName: "Grace", role: "admiral" }))
        const { code, stdout } = yield* quickstart(
          ["--consumer", "sms:+15550199", "--message", "Ahoy", "--profile", profile],
          yield* environment
        )
        expect(code).toBe(0)
        const seen = (yield* simulator.conversations).find(({ consumer }) => consumer === "sms:+15550199")
        expect(seen?.profile).toEqual({ firstName: "Grace", role: "admiral" })
        expect(seen?.messages.map(({ text }) => text)).toEqual(["Ahoy", "It was due on Monday"])
        expect(seen?.events.map(({ event }) => event.type)).toEqual([
          "ContentEvent",
          "ChatStateEvent",
          "ChatStateEvent",
          "ContentEvent",
          "ContentEvent"
        ])
        expect(seen).toMatchObject({ state: "CLOSE", closeReason: "CONSUMER", typing: false, csat: { csatRate: 5 } })
        expect(stdout).toContain(seen?.id)
      })
    )

    it.effect("it says so when the consumer has a conversation open", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const msg =
          "Consumer request conversation failed: User 3f already has open conversation. Can't open another one."
        yield* simulator.fault("conversation", Fault.status(400, { body: { code: "BAD_REQUEST", body: { msg } } }))
        expectSentence(yield* quickstart([], yield* environment), /already has an open conversation/)
      })
    )

    it.effect("it closes the conversation though something in it went wrong, and says what", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        yield* simulator.fault("storage", Fault.status(500))
        const ran = yield* quickstart(["--consumer", "unlucky"], yield* environment)
        expectSentence(ran, /Storage\.put: LivePerson had an error of its own \(500\)/)
        const seen = (yield* simulator.conversations).find(({ consumer }) => consumer === "unlucky")
        expect(seen?.state).toBe("CLOSE")
      })
    )

    it.effect("it waits out a rate limit", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        yield* simulator.fault("conversation", Fault.status(429, { retryAfter: "1" }))
        expect((yield* quickstart([], yield* environment)).code).toBe(0)
      })
    )

    it.effect.each<readonly [string, Record<string, string>, RegExp]>([
      [
        "a wrong secret",
        { LP_CLIENT_SECRET: "wrong" },
        /^✗ LivePerson did not accept the client id and secret\. Check LP_CLIENT_ID and LP_CLIENT_SECRET\.$/
      ],
      [
        "an unknown account",
        { LP_ACCOUNT_ID: "87654321" },
        /^✗ LivePerson knows no account 87654321\. Check LP_ACCOUNT_ID\.$/
      ],
      [
        "a dead port",
        { LP_DOMAIN_API: "http://127.0.0.1:1" },
        /^✗ Nothing answers at 127\.0\.0\.1:1: the connection was refused\. Check LP_DOMAIN_API\.$/
      ],
      [
        "a host that does not exist",
        { LP_DOMAIN_API: "https://no-such-host.invalid" },
        /could not be resolved \(no-such-host\.invalid\)/
      ],
      ["a domain API that is no URL", { LP_DOMAIN_API: "nonsense" }, /could not be made/],
      [
        "one setting missing",
        { LP_CLIENT_ID: "" },
        /^✗ To talk to LivePerson, .* must all be set; LP_CLIENT_ID is not\.$/
      ]
    ])("it tells %s in one sentence", ([, change, sentence]) =>
      Effect.gen(function* () {
        expectSentence(yield* quickstart([], { ...(yield* environment), ...change }), sentence)
      })
    )
  })

  describe("an input that is wrong is named, and nothing is sent", () => {
    it.effect.each<readonly [string, string, RegExp]>([
      ["a field of another type", '{"privateData":{"mail":7}}', /profile\.privateData\.mail: expected string/],
      ["a field that no profile has", '{"firstname":"Ada"}', /profile\.firstname: expected no such field/],
      ["no object", '["Ada"]', /is not a profile/],
      ["no JSON", '{"firstName":', /is not JSON/]
    ])("a profile with %s", ([, json, sentence]) =>
      Effect.gen(function* () {
        const before = yield* callCount
        const profile = yield* withProfile(json)
        expectSentence(yield* quickstart(["--profile", profile], yield* environment), sentence)
        expect(yield* callCount).toBe(before)
      })
    )

    it.effect("a profile that is not there", () =>
      Effect.gen(function* () {
        expectSentence(yield* quickstart(["--profile", "/no/such/file.json"]), /cannot be read/)
      })
    )

    it.effect("an empty consumer", () =>
      Effect.gen(function* () {
        const before = yield* callCount
        expectSentence(
          yield* quickstart(["--consumer", ""], yield* environment),
          /consumer: expected a text that is not empty/
        )
        expect(yield* callCount).toBe(before)
      })
    )

    it.effect("a flag that nobody knows", () =>
      Effect.gen(function* () {
        const { code, stderr } = yield* quickstart(["--profil", "x"])
        expect(stderr).toContain("--profil")
        expect(code).toBe(1)
      })
    )
  })

  describe("manifest", () => {
    it.effect("prints what LivePerson installs the connector by", () =>
      Effect.gen(function* () {
        const { code, stdout } = yield* quickstart(["manifest", "https://connector.example/lp", "--name", "mine"])
        expect(code).toBe(0)
        const printed = JSON.parse(stdout)
        expect(printed.client_name).toBe("mine")
        expect(Object.keys(printed.capabilities.webhooks)).toHaveLength(6)
        expect(stdout).toContain("https://connector.example/lp")
      })
    )

    it.effect("says what is wrong with an URL", () =>
      Effect.gen(function* () {
        expectSentence(
          yield* quickstart(["manifest", "http://connector.example"]),
          /expected a URL that begins with https/
        )
      })
    )
  })

  it.effect("--help says what there is to say", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* quickstart(["--help"])
      for (const flag of ["--profile", "--message", "--consumer"]) expect(stdout).toContain(flag)
      expect(code).toBe(0)
    })
  )
})
