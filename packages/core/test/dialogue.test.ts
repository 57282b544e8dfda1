import {
  Connector,
  Conversation,
  Echo,
  Inbox,
  Message,
  Notification,
  Webhook,
  WebhookEndpoint
} from "@effect-liveperson/core"
import { Fault, Simulator, Webhooks } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Option, Queue, Schema } from "effect"
import { HttpServerRequest } from "effect/http"

/** The endpoint, as the simulator's deliveries reach it: the whole of it, but for the socket. */
const Endpoint = Layer.effectDiscard(
  Effect.gen(function* () {
    const simulator = yield* Simulator.Simulator
    const context = yield* Effect.context<Webhook.Webhook | Inbox.Inbox | Echo.Echo>()
    const targets = Object.fromEntries(
      Webhooks.Key.literals.map((key) => [key, { endpoint: "https://connector.example/lp" }])
    )
    yield* simulator.subscribe({ ...targets, retry: { retention_time: 60 } }, ({ body, headers }) =>
      WebhookEndpoint.app.pipe(
        Effect.provideService(
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromWeb(
            new Request("https://connector.example/lp", { method: "POST", body: body.slice(), headers })
          )
        ),
        Effect.provideContext(context),
        Effect.map(({ status }) => status)
      )
    )
  })
)

const Test = Endpoint.pipe(
  Layer.provideMerge(
    Inbox.layerMemory({
      subscribed: ["ContentEvent", "RichContentEvent", "AcceptStatusEvent"],
      onShutdown: () => Effect.void
    })
  ),
  Layer.provideMerge(Echo.layerMemory()),
  Layer.provide(Webhook.layer({ apps: [Simulator.credentials] })),
  Layer.provideMerge(Connector.layer(Simulator.credentials)),
  Layer.provideMerge(Simulator.layer())
)

let consumers = 0
const someone = () => Connector.onBehalfOf(`dialogue-${consumers++}`)

/** What reaches the consumer of a conversation, in order. */
const listening = (conversationId: string) =>
  Effect.gen(function* () {
    const heard = yield* Queue.unbounded<string>()
    yield* Effect.forkScoped(
      Inbox.run({
        Text: (event, { change, conversationId: id }) =>
          id === conversationId && change._tag === "MessagingEvent" && Notification.isForConsumer(change)
            ? Queue.offer(heard, event.message)
            : Effect.void,
        orElse: () => Effect.void
      })
    )
    return heard
  })

it.layer(Test, { excludeTestServices: true })((it) => {
  describe("what an agent says", () => {
    const faults = Arbitrary.schema(
      Schema.Array(Schema.Literals(["duplicate", "reorder", "delay", "none"])).check(Schema.isBetweenLength(0, 8))
    )
    const faultOf = {
      duplicate: Fault.duplicate(3),
      reorder: Fault.reorder(2),
      delay: Fault.delay("20 millis")
    }

    it.effect.prop(
      "reaches the consumer exactly once and in order, whatever becomes of its deliveries",
      [faults],
      ([faults]) =>
        Effect.gen(function* () {
          const simulator = yield* Simulator.Simulator
          const { id } = yield* Conversation.make().pipe(Connector.open, someone())
          const heard = yield* listening(id)
          const agent = simulator.agent(id)
          for (const fault of faults) {
            if (fault !== "none") {
              yield* simulator.fault("webhook", faultOf[fault], { key: "ms.MessagingEventNotification.ContentEvent" })
            }
          }
          const texts = Array.from({ length: 10 }, (_, index) => `${index} 🚚`)
          for (const text of texts) yield* agent.say(text)
          yield* agent.note("not for the consumer")
          const got = yield* Effect.forEach(texts, () => Queue.take(heard))
          expect(got).toEqual(texts)
          expect(yield* Queue.size(heard)).toBe(0)
          yield* simulator.clearFaults
        }).pipe(Effect.scoped),
      { arbitrary: { runs: 30 } }
    )

    it.effect("reaches them after a delivery that was not signed as it should be", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id } = yield* Conversation.make().pipe(Connector.open, someone())
        const heard = yield* listening(id)
        yield* simulator.fault("webhook", Fault.wrongSignature(), {
          key: "ms.MessagingEventNotification.ContentEvent"
        })
        yield* simulator.agent(id).say("first")
        yield* simulator.agent(id).say("second")
        expect([yield* Queue.take(heard), yield* Queue.take(heard)]).toEqual(["first", "second"])
        const statuses = (yield* simulator.deliveries)
          .filter(({ conversationId }) => conversationId === id)
          .map(({ status }) => status)
        expect(statuses).toContain(401)
      }).pipe(Effect.scoped)
    )
  })

  describe("what the connector says", () => {
    it.effect("is confirmed by its echo", () =>
      Effect.gen(function* () {
        const { id } = yield* Conversation.make().pipe(Connector.open)
        const sent = yield* Connector.send(id, Message.text("Hi"))
        expect(yield* Connector.confirm(sent)).toEqual(Option.some(sent))
      }).pipe(someone())
    )

    it.effect("is known to have arrived though its answer was lost, and is seen once", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id } = yield* Conversation.make().pipe(Connector.open)
        const message = Message.text("It was due on Monday")
        yield* simulator.fault("send", Fault.drop({ processed: true }))
        const sent = yield* Connector.send(id, message).pipe(
          Effect.catchTag("TransportError", () =>
            Effect.flatMap(Connector.confirm({ target: id, message }, { within: "5 seconds" }), Effect.fromOption)
          )
        )
        expect(sent.sequence).toBe(0)
        const seen = (yield* simulator.conversations).find((conversation) => conversation.id === id)
        expect(seen?.messages).toHaveLength(1)
      }).pipe(someone())
    )

    it.effect("is known not to have arrived where it did not", () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { id } = yield* Conversation.make().pipe(Connector.open)
        const message = Message.text("lost")
        yield* simulator.fault("send", Fault.drop())
        yield* Effect.flip(Connector.send(id, message))
        expect(yield* Connector.confirm({ target: id, message }, { within: "200 millis" })).toEqual(Option.none())
      }).pipe(someone())
    )
  })
})
