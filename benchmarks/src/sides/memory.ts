/**
 * Many calls by many consumers, in one process, to a LivePerson that answers at once without a network: what stays in
 * memory is the library's. `requests` are calls of one consumer, `consumers` opens by as many.
 */
import { Connector, Conversation, Message } from "@effect-liveperson/core"
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { inFlight, serve } from "../harness/Side.ts"
import { answerTo, credentials } from "./instant.ts"

const client = HttpClient.make((request) =>
  Effect.sync(() => HttpClientResponse.fromWeb(request, Response.json(answerTo(request))))
)

const Live = Connector.layer(credentials).pipe(Layer.provideMerge(Layer.succeed(HttpClient.HttpClient, client)))

const conversation = Conversation.make({ firstName: "Ada" })

const make = Effect.gen(function* () {
  const context = yield* Effect.context<Connector.Connector>()
  let consumers = 0
  const open = Effect.suspend(() => Connector.open(conversation).pipe(Connector.onBehalfOf(`consumer-${consumers++}`)))
  if (process.argv[2] === "consumers") return inFlight(32)(Effect.provide(open, context))
  const opened = yield* open
  const send = Connector.send(opened, Message.text("Hi")).pipe(Connector.onBehalfOf("consumer-0"))
  return inFlight(32)(Effect.provide(send, context))
})

serve(make, Live)
