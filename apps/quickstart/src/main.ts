#!/usr/bin/env node
/**
 * Opens a conversation at LivePerson and says what happened. `pnpm start` runs it.
 */
import { Connector, Conversation, Manifest, Retry } from "@effect-liveperson/core"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Option, Random, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { explain, Failure, toFailure } from "./Failure.ts"
import * as Live from "./Live.ts"
import * as Steps from "./Steps.ts"
import { red } from "./Style.ts"

const flags = {
  profile: Flag.String("profile").pipe(
    Flag.withMetavar("file.json"),
    Flag.withDescription("A JSON file with the consumer's profile: the body of userprofile.SetUserProfile"),
    Flag.optional
  ),
  message: Flag.String("message").pipe(
    Flag.withAlias("m"),
    Flag.withDescription("The consumer's first message"),
    Flag.withDefault("Hi, my parcel is late")
  ),
  consumer: Flag.String("consumer").pipe(
    Flag.withAlias("c"),
    Flag.withDescription("Your own name for the consumer, such as sms:+15550100; a new one each time if left out"),
    Flag.optional
  )
}

const parseJson = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Unknown))

const readProfile = Effect.fn("readProfile")(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs
    .readFileString(path)
    .pipe(Effect.mapError(() => new Failure({ message: `The profile ${path} cannot be read.` })))
  const profile = yield* parseJson(text).pipe(
    Effect.mapError(() => new Failure({ message: `The profile ${path} is not JSON.` }))
  )
  return yield* Conversation.fromUnknown(profile).pipe(
    Effect.mapError((error) => new Failure({ message: `${path} is not a profile. ${explain(error)}` }))
  )
})

/** Who is speaking where no profile is given. */
const ada = Conversation.make({ firstName: "Ada", lastName: "Lovelace" }).pipe(
  Conversation.withCustomerInfo({ ctype: "VIP", customerId: "1815-12-10", companyBranch: "London" }),
  Conversation.withPersonalInfo({ language: "en-GB", contacts: [{ email: "ada@example.com", phoneType: "MOBILE" }] })
)

const tell = (failure: Failure) => Console.error(`  ${red("✗")} ${failure.message}`)

/** A consumer who has no conversation open yet, so that the quickstart can be run again and again. */
const newConsumer = Effect.map(Random.nextIntBetween(100_000, 999_999), (number) => `quickstart-${number}`)

const quickstart = Command.make(
  "quickstart",
  flags,
  Effect.fn(
    function* ({ consumer, message, profile }) {
      const conversation = Option.isSome(profile) ? yield* readProfile(profile.value) : ada
      const speaker = Option.isSome(consumer) ? consumer.value : yield* newConsumer
      yield* Steps.run(conversation, message).pipe(
        Connector.onBehalfOf(speaker),
        // Someone is watching: a rate limit is waited out, anything else is told at once.
        Retry.withSchedule(Retry.rateLimited),
        Effect.provide(Live.layer)
      )
    },
    Effect.mapError(toFailure),
    Effect.tapError(tell)
  )
).pipe(Command.withDescription("Opens a conversation at LivePerson, step by step"))

const manifest = Command.make(
  "manifest",
  {
    url: Argument.String("url").pipe(
      Argument.withDescription("Where LivePerson is to post to, such as https://a.example/lp")
    ),
    name: Flag.String("name").pipe(
      Flag.withDescription("The app's name"),
      Flag.withDefault("effect-liveperson-connector")
    )
  },
  Effect.fn(
    function* ({ name, url }) {
      const made = yield* Manifest.make({ name, endpoint: url })
      yield* Console.log(JSON.stringify(made, null, 2))
    },
    Effect.mapError(toFailure),
    Effect.tapError(tell)
  )
).pipe(Command.withDescription("Prints the manifest that LivePerson installs the connector by"))

quickstart.pipe(
  Command.withSubcommands([manifest]),
  Command.run({ version: "0.0.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
