/**
 * A load for minutes: conversations as the quickstart has them, at a steady rate, to a simulator in another process whose
 * faults come from a seed. At the end it holds what was told against what the agent sees.
 */
import { Connector, type ConnectorError, Conversation, Message } from "@effect-liveperson/core"
import { ControlApi, Fault, Simulator } from "@effect-liveperson/simulator"
import { NodeHttpClient } from "@effect/platform-node"
import { Clock, Console, Data, Effect, Exit, Fiber, Layer, Option, Schedule, Stream } from "effect"
import { FetchHttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import * as Figures from "./harness/Figures.ts"
import * as Process from "./harness/Process.ts"

/** What goes wrong, and how often. */
const faults: ReadonlyArray<readonly [probability: number, fault: Fault.CallFault]> = [
  [0.02, Fault.status(429, { retryAfter: "1" })],
  [0.01, Fault.status(500)],
  [0.005, Fault.status(502)],
  [0.01, Fault.drop()],
  [0.01, Fault.drop({ processed: true })],
  [0.005, Fault.garbage()],
  [0.005, Fault.truncated(20)],
  [0.01, Fault.slowBody("2 seconds")],
  [0.2, Fault.latency({ mean: "40 millis" })],
  [0.001, Fault.revoke("app")],
  [0.001, Fault.revoke("consumer")]
]

/** The agent did not see what the connector was told. */
class Broken extends Data.TaggedError("Broken")<{ readonly message: string }> {}

interface Told {
  readonly consumer: string
  /** Texts in the order in which they were sent, and whether they arrived as far as the connector knows. */
  readonly texts: Array<{ readonly text: string; readonly arrived: boolean | "unknown" }>
}

const tagOf = (exit: Exit.Exit<unknown, ConnectorError.ConnectorError>): string => {
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  return Exit.isSuccess(exit) ? "ok" : (error?._tag ?? "defect")
}

/** Whether a message of a call that ended so can have arrived. */
const arrivedBy = (exit: Exit.Exit<unknown, ConnectorError.ConnectorError>): boolean | "unknown" => {
  if (Exit.isSuccess(exit)) return true
  const error = Option.getOrUndefined(Exit.findErrorOption(exit))
  switch (error?._tag) {
    case "TransportError":
      return error.processed === "no" ? false : "unknown"
    case "UnexpectedResponse":
    case "ServerError":
      return "unknown"
    default:
      return false
  }
}

const conversation = (text: string) =>
  Conversation.make({ firstName: "Ada", lastName: "Lovelace" }).pipe(Conversation.withMessage(text))

export interface Options {
  readonly minutes: number
  readonly rate: number
  readonly seed: string
}

export const run = Effect.fnUntraced(function* ({ minutes, rate, seed }: Options) {
  const url = yield* Process.server("sides/simulatorServer", [seed])
  const control = yield* Effect.provide(
    HttpApiClient.make(ControlApi.ControlApi, { baseUrl: url }),
    FetchHttpClient.layer
  )
  for (const [probability, fault] of faults) {
    const when = { _tag: "Chance", probability } as const
    for (const on of ["conversation", "send"] as const) yield* control.faults.add({ payload: { on, fault, when } })
  }
  const live = yield* Layer.build(
    Connector.layer({ ...Simulator.credentials, domainApi: url }).pipe(Layer.provide(NodeHttpClient.layerUndici))
  )

  const outcomes = new Map<string, number>()
  const took = new Map<string, Array<number>>()
  const told: Array<Told> = []

  /** Does one thing, and notes how it ended and how long it took, waits and repetitions included. */
  const step = Effect.fnUntraced(function* <A, R>(
    name: string,
    effect: Effect.Effect<A, ConnectorError.ConnectorError, R>
  ) {
    const before = yield* Clock.currentTimeMillis
    const exit = yield* Effect.exit(effect)
    const key = `${name} ${tagOf(exit)}`
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
    const times = took.get(name) ?? []
    took.set(name, times)
    times.push((yield* Clock.currentTimeMillis) - before)
    return exit
  })

  const session = Effect.fnUntraced(function* (nth: number) {
    const consumer = `soak-${nth}`
    const mine: Told = { consumer, texts: [] }
    told.push(mine)
    const note = (text: string, exit: Exit.Exit<unknown, ConnectorError.ConnectorError>) =>
      mine.texts.push({ text, arrived: arrivedBy(exit) })

    const first = `${consumer} 1`
    const opened = yield* step("open", Connector.open(conversation(first)))
    note(first, opened)
    if (Exit.isFailure(opened)) return
    for (const text of [`${consumer} 2`, `${consumer} 3`]) {
      note(text, yield* step("send", Connector.send(opened.value, Message.text(text))))
    }
    yield* step("close", Connector.close(opened.value))
    yield* step("rate", Connector.rate(opened.value, { stars: 5, resolved: true }))
  })

  const memory = Effect.sync(() => (process.memoryUsage().rss / 2 ** 20).toFixed(0))
  const report = Effect.gen(function* () {
    const ok = told.filter(({ texts }) => texts.length === 3).length
    yield* Console.log(`${told.length} conversations, ${ok} of them whole, ${yield* memory} MB`)
  })

  yield* Console.log(`${minutes} minutes, ${rate} conversations a second, seed ${seed}`)
  const watch = yield* Effect.forkScoped(Effect.repeat(report, Schedule.spaced("30 seconds")))
  yield* Stream.range(1, Math.round(minutes * 60 * rate)).pipe(
    Stream.rechunk(1),
    Stream.schedule(Schedule.fixed(1000 / rate)),
    Stream.mapEffect((nth) => session(nth).pipe(Connector.onBehalfOf(`soak-${nth}`), Effect.provide(live)), {
      concurrency: "unbounded"
    }),
    Stream.runDrain
  )
  yield* Fiber.interrupt(watch)
  yield* report

  yield* Console.log("\noutcomes, by what was done and how it ended")
  for (const [key, count] of [...outcomes].toSorted()) yield* Console.log(`  ${key.padEnd(28)} ${count}`)
  yield* Console.log("\ntimes in ms, waits and repetitions included")
  for (const [name, times] of took) {
    const at = (fraction: number) => Figures.short(Figures.percentile(times, fraction)).padStart(8)
    yield* Console.log(`  ${name.padEnd(8)} p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  most ${at(1)}`)
  }

  const seen = new Map<string, ReadonlyArray<string>>()
  for (const { consumer, id } of yield* control.conversations.list()) {
    const { messages } = yield* control.conversations.get({ params: { id } })
    seen.set(consumer, [...(seen.get(consumer) ?? []), ...messages.map(({ text }) => text)])
  }
  for (const { consumer, texts } of told) {
    const got = seen.get(consumer) ?? []
    const wrong = (why: string) => new Broken({ message: `${consumer}: ${why}. The agent saw ${JSON.stringify(got)}.` })
    if (new Set(got).size !== got.length) return yield* wrong("a message came twice")
    if (got.toSorted().join() !== got.join()) return yield* wrong("messages came out of order")
    for (const { arrived, text } of texts) {
      if (arrived === true && !got.includes(text)) return yield* wrong(`${text} was lost`)
      if (arrived === false && got.includes(text)) return yield* wrong(`${text} arrived, and was told not to have`)
    }
  }
  yield* Console.log(
    `\nThe agent saw what was told: ${told.length} conversations, nothing lost, twice or out of order.`
  )
}, Effect.scoped)
