/**
 * What goes on without being asked: the simulator's changes, the conversation that is looked at, and the time.
 */
import { effect } from "@preact/signals"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import type { Conversation } from "../src/State.ts"
import { Control } from "./control.ts"
import * as store from "./store.ts"

class Ended extends Error {
  override readonly message = "The simulator ended its changes."
}

/** Takes in the simulator's changes, and begins anew whenever they end. */
const changes = Effect.gen(function* () {
  const control = yield* Control
  const changes = yield* control.live()
  yield* Stream.runForEach(changes, (changed) => Effect.sync(() => store.receive(changed)))
  return yield* Effect.fail(new Ended())
}).pipe(
  Effect.tapError(() => Effect.sync(() => (store.connection.value = "reconnecting"))),
  Effect.retry(Schedule.spaced("1 second"))
)

/**
 * Loads the conversation that is looked at, now and whenever it changes. While it is loaded the changes that come in
 * are one change.
 */
const conversation = Effect.gen(function* () {
  const control = yield* Control
  const wanted = yield* Queue.sliding<Conversation["id"]>(1)
  yield* Effect.acquireRelease(
    Effect.sync(() =>
      effect(() => {
        const id = store.selectedId.value
        if (id !== undefined && store.selected.value !== undefined) Queue.offerUnsafe(wanted, id)
        else store.conversation.value = undefined
      })
    ),
    (stop) => Effect.sync(stop)
  )
  const load = Effect.gen(function* () {
    const id = yield* Queue.take(wanted)
    const loaded = yield* control.conversations.get({ params: { id } }).pipe(Effect.orElseSucceed(() => undefined))
    if (loaded !== undefined && store.selectedId.peek() === id) store.conversation.value = loaded
  })
  yield* Effect.forever(load)
}).pipe(Effect.scoped)

const time = Clock.currentTimeMillis.pipe(
  Effect.map((millis) => (store.now.value = millis)),
  Effect.repeat(Schedule.spaced("20 seconds"))
)

export const live = Effect.all([changes, conversation, time], { concurrency: "unbounded", discard: true })
