/**
 * LivePerson for a gateway, and what its agents see: how many messages, when each arrived, and of whom which in which
 * order. With a webhook endpoint it notifies, as LivePerson does of every message that it takes.
 */
import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { NodeRuntime, NodeWorkerRunner } from "@effect/platform-node"
import { Effect, Layer, Stream } from "effect"
import { RpcServer } from "effect/rpc"
import { Agents } from "./agents.ts"

const [, , endpoint = ""] = process.argv

const webhooks =
  endpoint === ""
    ? {}
    : {
        "ms.MessagingEventNotification.ContentEvent": { endpoint },
        "cqm.ExConversationChangeNotification": { endpoint }
      }

const handlers = Agents.toLayer(
  Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    const url = yield* NodeSimulator.url
    let count = 0
    const arrivals = new Map<string, number>()
    const seeing = Stream.runForEach(simulator.events, ({ at, event }) =>
      Effect.sync(() => {
        if (event.type !== "ContentEvent" || event.contentType !== "text/plain") return
        count += 1
        arrivals.set(event.message, at)
      })
    )
    yield* Effect.forkScoped(seeing)
    return {
      url: () => Effect.succeed(url),
      count: () => Effect.sync(() => count),
      arrivals: () => Effect.sync(() => Object.fromEntries(arrivals)),
      texts: () =>
        Effect.map(simulator.conversations, (conversations) =>
          conversations.map(({ consumer, messages }) => ({ consumer, texts: messages.map(({ text }) => text) }))
        )
    }
  })
)

RpcServer.layer(Agents).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServer.layerProtocolWorkerRunner),
  Layer.provide([NodeWorkerRunner.layer, NodeSimulator.layer({ webhooks, wireLimit: 10, seed: "bench" })]),
  Layer.launch,
  NodeRuntime.runMain
)
