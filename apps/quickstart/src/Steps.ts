/**
 * What the quickstart does, told as it happens: one line a step, with how long it took.
 */
import { AppToken, Connector, ConsumerToken, Conversation, Domains, OnBehalfOf } from "@effect-liveperson/core"
import { Console, Duration, Effect } from "effect"
import { dim, green } from "./Style.ts"

/** Runs a step and tells what came of it. */
const step = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>, describe: (a: A) => string) =>
  Effect.gen(function* () {
    const [duration, value] = yield* Effect.timed(effect)
    const millis = `${Duration.toMillis(duration).toFixed(0)} ms`
    yield* Console.log(`  ${green("✓")} ${name.padEnd(20)} ${describe(value)} ${dim(`(${millis})`)}`)
    return value
  })

/** Resolves the host, obtains both tokens, and opens the conversation with its first message. */
export const run = Effect.fn("quickstart")(function* (
  conversation: Conversation.Conversation<Conversation.Opened>,
  message: string
) {
  const consumer = yield* OnBehalfOf.OnBehalfOf
  const domains = yield* Domains.Domains
  const appToken = yield* AppToken.AppToken
  const consumerToken = yield* ConsumerToken.ConsumerToken

  yield* step("domain resolved", domains.get("asyncMessagingEnt"), (url) => `asyncMessagingEnt is at ${url}`)
  yield* step("AppJWT obtained", appToken.get, () => "the connector may call LivePerson")
  yield* step("ConsumerJWS obtained", consumerToken.get(consumer), () => `on behalf of ${consumer}`)
  const opened = yield* step(
    "conversation opened",
    conversation.pipe(Conversation.withMessage(message), Connector.open),
    ({ id }) => id
  )
  yield* Console.log(
    `  ${green("✓")} ${"first message".padEnd(20)} sequence ${opened.sequence ?? "not told"} ${dim("(same call)")}`
  )
  return opened
})
