/** The library's CONVERSATION round trip, with whatever client a side gives it. */
import { AppToken, ConsumerToken, Domains, OnBehalfOf, Protocol, SendApi } from "@effect-liveperson/core"
import { Effect, Layer, Redacted, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { inFlight, serve } from "../harness/Side.ts"
import { accountId, batch, tokens, url } from "./batch.ts"

const consumer = Redacted.make(Protocol.ConsumerJWS.make(tokens.consumer))

const Live = SendApi.layer({ accountId }).pipe(
  Layer.provide([
    Domains.layerStatic({ asyncMessagingEnt: url }),
    AppToken.layerStatic(Redacted.make(tokens.app)),
    ConsumerToken.layerStatic(() => Effect.succeed(consumer))
  ])
)

const make = Effect.gen(function* () {
  const api = yield* SendApi.SendApi
  const typed = yield* Schema.decodeUnknownEffect(Protocol.Batch)(batch)
  const open = api
    .conversation(typed)
    .pipe(Effect.provideService(OnBehalfOf.OnBehalfOf, Protocol.ConsumerId.make("sms:+15550100")))
  return inFlight(32)(open)
})

export const serveWith = (client: Layer.Layer<HttpClient.HttpClient>): void => serve(make, Layer.provide(Live, client))
