/**
 * Starts the simulator as its flags say, tells of it, and goes on until it is stopped.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as NodeSimulator from "../../NodeSimulator.ts"
import { Simulator } from "../../Simulator.ts"
import { banner } from "./banner.ts"
import { ofListening, ofState } from "./failure.ts"
import type { Flags } from "./flags.ts"
import { log } from "./log.ts"
import { type Settings, settingsOf } from "./settings.ts"

/** The simulator's URL, by a host that its clients can say. */
const urlFor = ({ reachableBy }: Settings) =>
  Effect.map(NodeSimulator.url, (listening) => {
    const { port, protocol } = new URL(listening)
    return `${protocol}//${reachableBy.includes(":") ? `[${reachableBy}]` : reachableBy}:${port}`
  })

/** A log of lines of JSON has standard output for itself. */
const announce = Effect.fnUntraced(function* (settings: Settings, format: Flags["log"]) {
  const simulator = yield* Simulator
  const { accounts, clientId, seed, webhooks } = yield* simulator.info
  const url = yield* urlFor(settings)
  const text = banner(settings, { url, seed, webhooks })
  if (format !== "json") return yield* Console.log(text)
  yield* Console.error(text)
  yield* Console.log(JSON.stringify({ _tag: "Listening", url, accounts, clientId, seed }))
})

/** Says where state is kept, before anything listens. */
const layerOf = ({ data, options }: Settings) => {
  const listening = NodeSimulator.layer(options)
  return data === undefined ? listening : Layer.provide(listening, NodeSimulator.layerData(data))
}

const serve = Effect.fnUntraced(function* (flags: Flags) {
  const settings = yield* settingsOf(flags)
  const context = yield* Layer.build(layerOf(settings)).pipe(
    Effect.catchTags({
      ServeError: (error) => ofListening(error, settings.options),
      StateError: (error) => ofState(error, settings.data)
    })
  )
  return yield* Effect.gen(function* () {
    yield* log(flags.log, yield* Simulator)
    yield* announce(settings, flags.log)
    return yield* Effect.never
  }).pipe(Effect.provideContext(context))
}, Effect.scoped)

const farewell = ({ data, log }: Flags) => {
  if (log === "json") return Effect.void
  return Console.log(Option.isSome(data) ? `Stopped. The next run goes on by --data ${data.value}.` : "Stopped.")
}

export const run = (flags: Flags) => Effect.onInterrupt(serve(flags), () => farewell(flags))
