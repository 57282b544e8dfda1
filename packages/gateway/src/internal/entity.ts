/**
 * The consumer's entity: one lane to LivePerson, in the order of the mailbox, and one to the channel beside it, so that
 * an agent's answer does not wait for an outage to end.
 */
import * as Entity from "effect/cluster/Entity"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import { Channel } from "../Channel.ts"
import { addressOf, Consumer } from "../Consumer.ts"
import { Settings } from "../Settings.ts"
import * as Delivery from "./delivery.ts"
import { Lines } from "./line.ts"
import { Store } from "./store.ts"
import * as Telling from "./telling.ts"

const build = Effect.gen(function* () {
  const { entityId } = yield* Entity.CurrentAddress
  const address = addressOf(entityId)
  const line = (yield* Lines)(address.account)
  if (line === undefined) return yield* Effect.die(`This gateway does not serve an account ${address.account}.`)
  const store = yield* Store
  const settings = yield* Settings
  const delivery = yield* Delivery.make(address, line, store, settings)
  const tell = Telling.make(address, store, yield* Channel, settings, delivery.over)
  return Consumer.of({
    Deliver: ({ payload }) => delivery.deliver(payload),
    Close: ({ payload }) => delivery.close(payload.id),
    Typing: ({ payload }) => Rpc.fork(delivery.typing(payload.on)),
    Notify: () => Rpc.fork(Effect.andThen(delivery.wake, tell))
  })
})

export const layer = Layer.unwrap(
  Effect.map(Settings, ({ idle }) => Consumer.toLayer(build, { maxIdleTime: idle, concurrency: 1 }))
)
