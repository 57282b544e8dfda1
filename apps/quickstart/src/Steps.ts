/**
 * What the quickstart does, told as it happens: one line a step, with how long it took.
 */
import { AppToken, Connector, ConsumerToken, Conversation, Domains, Message, OnBehalfOf } from "@effect-liveperson/core"
import { Console, Duration, Effect } from "effect"
import { Base64 } from "effect/encoding"
import { Counterpart } from "./Counterpart.ts"
import { dim, green } from "./Style.ts"
import * as Transcript from "./Transcript.ts"

/** Runs a step and tells what came of it. */
const step = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>, describe: (a: A) => string) =>
  Effect.gen(function* () {
    const [duration, value] = yield* Effect.timed(effect)
    const millis = `${Duration.toMillis(duration).toFixed(0)} ms`
    yield* Console.log(`  ${green("✓")} ${name.padEnd(20)} ${describe(value)} ${dim(`(${millis})`)}`)
    return value
  })

const numbered = ({ sequence }: { readonly sequence: number | undefined }): string =>
  `sequence ${sequence ?? "not told"}`

/** A picture of a parcel, in one pixel. */
const picture = Effect.fromResult(
  Base64.decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==")
).pipe(Effect.orDie)

/** The host and both tokens, which every call needs: obtained beforehand, so that they can be told one by one. */
const introduced = Effect.gen(function* () {
  const consumer = yield* OnBehalfOf.OnBehalfOf
  const domains = yield* Domains.Domains
  const appToken = yield* AppToken.AppToken
  const consumerToken = yield* ConsumerToken.ConsumerToken
  yield* step("domain resolved", domains.get("asyncMessagingEnt"), (url) => `asyncMessagingEnt is at ${url}`)
  yield* step("AppJWT obtained", appToken.get, () => "the connector may call LivePerson")
  yield* step("ConsumerJWS obtained", consumerToken.get(consumer), () => `on behalf of ${consumer}`)
})

/** What the consumer says and does while the conversation is open, and waits to hear where somebody answers. */
const talked = Effect.fn("talked")(function* (conversation: Conversation.Opened, answered: Effect.Effect<string>) {
  const counterpart = yield* Counterpart
  const heard = counterpart.answers ? step("answer heard", answered, () => "by webhook") : Effect.void
  yield* counterpart.play(conversation.id)
  yield* heard
  const thought = Effect.scoped(Effect.andThen(Connector.typing(conversation), Effect.sleep("400 millis")))
  yield* step("typing", thought, () => "and not typing any more")
  const words = "It was due on Monday"
  yield* Transcript.line("consumer", words)
  yield* step("second message", Connector.send(conversation, Message.text(words)), numbered)
  yield* heard
  const caption = "What arrived instead"
  const file = { type: "PNG", bytes: yield* picture, caption }
  yield* Transcript.line("consumer", `[${caption}]`)
  yield* step(
    "picture sent",
    Connector.sendFile(conversation, file),
    (sent) => `${numbered(sent)}, ${file.bytes.length} bytes`
  )
})

/** A whole conversation: opened with its first message, talked in, closed and rated. */
export const run = Effect.fn("quickstart")(function* (
  conversation: Conversation.Conversation<Conversation.Opened>,
  message: string
) {
  yield* introduced
  yield* Transcript.line("consumer", message)
  const opened = yield* step(
    "conversation opened",
    conversation.pipe(Conversation.withMessage(message), Connector.open),
    ({ id }) => id
  )
  yield* Console.log(`  ${green("✓")} ${"first message".padEnd(20)} ${numbered(opened)} ${dim("(same call)")}`)
  const { answers } = yield* Counterpart
  const { answered, closed, told } = yield* Transcript.make
  yield* Effect.forkScoped(told)
  yield* talked(opened, answered).pipe(Effect.onError(() => Effect.ignore(Connector.close(opened))))
  yield* step("conversation closed", Connector.close(opened), () => "by the consumer")
  if (answers) yield* closed
  yield* step("rated", Connector.rate(opened, { stars: 5, resolved: true }), () => "5 of 5, resolved")
}, Effect.scoped)
