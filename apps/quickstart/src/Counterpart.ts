/**
 * The other side of the conversation: a simulated agent who answers by webhook, to a real endpoint on a loopback port.
 */
import { Inbox, Webhook, WebhookEndpoint } from "@effect-liveperson/core"
import { Simulator, Webhooks } from "@effect-liveperson/simulator"
import { NodeHttpServer } from "@effect/platform-node"
import { Context, Effect, Layer, Stream } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { createServer } from "node:http"

/** Who answers in a conversation: somebody in a simulation, and nobody here where LivePerson's own agents do. */
export class Counterpart extends Context.Service<
  Counterpart,
  { readonly answers: boolean; readonly play: (conversationId: string) => Effect.Effect<void> }
>()("quickstart/Counterpart") {}

/** LivePerson's own agents answer at their own screens. */
export const nobody = Layer.succeed(Counterpart, { answers: false, play: () => Effect.void })

const path = "/liveperson"

class EndpointUrl extends Context.Service<EndpointUrl, string>()("quickstart/EndpointUrl") {}

/** The webhook endpoint, and where it listens. */
const endpoint = Layer.effect(
  EndpointUrl,
  HttpServer.addressFormattedWith((url) => Effect.succeed(`${url}${path}`))
).pipe(
  Layer.merge(HttpRouter.serve(WebhookEndpoint.route(path), { disableLogger: true, disableListenLog: true })),
  Layer.provide(NodeHttpServer.layerServer(createServer, { port: 0, host: "127.0.0.1" })),
  Layer.provide(Webhook.layer({ apps: [Simulator.credentials] }))
)

/** Everything there is, to one endpoint, again for a minute where it fails. */
const subscriptionTo = (endpoint: string): Webhooks.Webhooks => ({
  ...Object.fromEntries(Webhooks.Key.literals.map((key) => [key, { endpoint }])),
  retry: { retention_time: 60 },
  algorithm: "sha256"
})

const answers = ["Hello, let me look at that.", "It is on its way now. I am sorry for the wait!"]

/** Reads what the consumer says, thinks, and answers each message in turn. */
const script = Effect.fnUntraced(function* (simulator: Simulator.Simulator["Service"], conversationId: string) {
  const agent = simulator.agent(conversationId)
  const answer = Effect.fnUntraced(function* (text: string, sequence: number) {
    yield* agent.read([sequence])
    yield* agent.typing
    yield* Effect.sleep("300 millis")
    yield* agent.say(text)
    yield* agent.stopTyping
  })
  yield* agent.join
  yield* answer(answers[0] ?? "", 0)
  yield* simulator.events.pipe(
    Stream.filter((event) => event.conversationId === conversationId && event.event.type === "ContentEvent"),
    Stream.take(1),
    Stream.runForEach(({ sequence = 0 }) => answer(answers[1] ?? "", sequence))
  )
})

/** The simulated agent, and the inbox that what they say arrives in. */
export const simulated = Layer.effect(
  Counterpart,
  Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    const scope = yield* Effect.scope
    yield* simulator.subscribe(subscriptionTo(yield* EndpointUrl))
    return {
      answers: true,
      play: (conversationId) =>
        Effect.asVoid(
          Effect.forkIn(Effect.ignore(script(simulator, conversationId)), scope, { startImmediately: true })
        )
    }
  })
).pipe(Layer.provide(endpoint))

/** Every kind of event is subscribed to, so that a number that is missing is worth waiting for. */
export const inbox = Inbox.layerMemory({
  subscribed: ["ContentEvent", "RichContentEvent", "AcceptStatusEvent", "ChatStateEvent"],
  onShutdown: () => Effect.void
})
