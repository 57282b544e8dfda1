/** Opens conversations where so many are known already, to the library and to the simulator it talks to in process. */
import { Connector, Conversation } from "@effect-liveperson/core"
import { Simulator } from "@effect-liveperson/simulator"
import { Effect, Layer } from "effect"
import { inFlight, serve } from "../harness/Side.ts"

const known = Number(process.argv[2])

const Live = Connector.layer(Simulator.credentials).pipe(Layer.provideMerge(Simulator.layer({ seed: "bench" })))

const conversation = Conversation.make({ firstName: "Ada" })

const make = Effect.gen(function* () {
  const context = yield* Effect.context<Connector.Connector>()
  let consumers = 0
  const one = inFlight(1)(
    Effect.suspend(() => Connector.open(conversation).pipe(Connector.onBehalfOf(`consumer-${consumers++}`))).pipe(
      Effect.provide(context)
    )
  )
  yield* one(known)
  return one
})

serve(make, Live)
