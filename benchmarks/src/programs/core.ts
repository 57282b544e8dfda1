/** The first program of the README, for any platform that has `fetch`. */
import { Connector, Conversation } from "@effect-liveperson/core"
import { Effect, Layer } from "effect"
import { FetchHttpClient } from "effect/http"

const program = Conversation.make({ firstName: "Ada", lastName: "Lovelace" }).pipe(
  Conversation.withMessage("Hi, my parcel is late"),
  Connector.open,
  Effect.flatMap((conversation) => Effect.log(conversation.id)),
  Connector.onBehalfOf("sms:+15550100")
)

const Live = Connector.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))

Effect.runFork(Effect.provide(program, Live))
