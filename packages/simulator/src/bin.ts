#!/usr/bin/env node
/**
 * `liveperson-simulator`: the simulator on a port, by one command.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { ofCommandLine } from "./internal/bin/failure.ts"
import { flags } from "./internal/bin/flags.ts"
import { run } from "./internal/bin/run.ts"
import { runMain } from "./internal/bin/runMain.ts"
import { alert } from "./internal/bin/style.ts"

const command = Command.make("liveperson-simulator", flags, run).pipe(
  Command.withDescription(
    "LivePerson in a box: the Connector API on a port, and a page to watch and play the agent on"
  ),
  Command.withExamples([
    {
      command: "liveperson-simulator --webhook http://127.0.0.1:3000/liveperson",
      description: "Posts everything that happens to a connector"
    },
    { command: "liveperson-simulator --tls --data ./liveperson", description: "Answers https, and remembers" }
  ])
)

const decodePackage = Schema.decodeEffect(Schema.fromJsonString(Schema.Struct({ version: Schema.String })))

const version = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = yield* path.fromFileUrl(new URL("../package.json", import.meta.url))
  return (yield* decodePackage(yield* fs.readFileString(file))).version
}).pipe(Effect.orDie)

/** A mistake is told in a sentence, without all the help there is, and standard output is for what was asked for. */
const Cli = Layer.mergeAll(
  CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  CliOutput.layerPresenter({
    present: (event) =>
      event._tag === "Help" && event.reason === "Implicit" ? Effect.void : CliOutput.defaultPresenter.present(event)
  }),
  Layer.succeed(Logger.LogToStderr, true)
)

version.pipe(
  Effect.flatMap((version) => Command.run(command, { version, renderErrors: false })),
  Effect.mapError((error) => (error._tag === "Failure" ? error : ofCommandLine(error))),
  Effect.tapError(({ message }) => Console.error(`${alert("✗")} ${message}`)),
  Effect.provide(Cli),
  Effect.provide(NodeServices.layer),
  runMain
)
