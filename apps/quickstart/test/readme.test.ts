import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeServices } from "@effect/platform-node"
import { expect, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, Redacted } from "effect"
import { node, root } from "./support.ts"

it.layer(Layer.merge(NodeServices.layer, NodeSimulator.layer()), { excludeTestServices: true })((it) => {
  it.effect("the README's first program has at most 15 lines, and opens a conversation as it stands", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const readme = yield* fs.readFileString(path.join(root, "README.md"))
      const program = /## A first program\n\n```ts\n([^]*?)```/.exec(readme)?.[1] ?? ""
      expect(program.trim().split("\n").length).toBeLessThanOrEqual(15)

      const folder = yield* fs.makeTempDirectoryScoped({
        directory: path.join(root, "apps/quickstart"),
        prefix: ".readme-"
      })
      const file = path.join(folder, "program.ts")
      yield* fs.writeFileString(file, program)
      const { code, stderr, stdout } = yield* node(file, [], {
        LP_ACCOUNT_ID: Simulator.credentials.accountId,
        LP_CLIENT_ID: Simulator.credentials.clientId,
        LP_CLIENT_SECRET: Redacted.value(Simulator.credentials.clientSecret),
        LP_DOMAIN_API: yield* NodeSimulator.url
      })
      expect(stderr).toBe("")
      expect(code).toBe(0)
      const simulator = yield* Simulator.Simulator
      const [conversation] = yield* simulator.conversations
      expect(stdout).toBe(`opened ${conversation?.id}\n`)
      expect(conversation?.messages).toEqual([{ sequence: 0, text: "Hi, my parcel is late" }])
    })
  )
})
