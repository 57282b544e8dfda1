/**
 * What follows from being looked at and written in: the agent's read receipts, and that they type.
 */
import { computed, effect, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as FiberHandle from "effect/FiberHandle"
import * as Semaphore from "effect/Semaphore"
import type { Conversation } from "../src/State.ts"
import { quietly, whoAnswers } from "./actions.ts"
import type { Control } from "./control.ts"
import { unreadBy } from "./model/timeline.ts"
import { readsAlong } from "./settings.ts"
import * as store from "./store.ts"

/** Whether the page can be seen. */
const visible = signal(document.visibilityState === "visible")

const look = (): void => {
  visible.value = document.visibilityState === "visible"
}

/** Whether something of the window is so. */
const matches = (query: string) => {
  const media = matchMedia(query)
  const value = signal(media.matches)
  media.addEventListener("change", () => (value.value = media.matches))
  return value
}

/** Whether there is room for the chat beside the list. */
const wide = matches("(min-width: 760px)")

/** Whether there is room for a drawer beside the chat. */
export const docked = matches("(min-width: 1180px)")

/** What the agent sees at this moment and has not said so yet. Nobody reads before they have joined. */
const toRead = computed(() => {
  const conversation = store.conversation.value
  const looksAt = visible.value && (wide.value || store.pane.value === "chat")
  if (!readsAlong.value || !looksAt || conversation === undefined || conversation.state === "CLOSE") return undefined
  if (conversation.agentId !== whoAnswers() || conversation.id !== store.selectedId.value) return undefined
  const [first, ...others] = unreadBy("agent", conversation)
  return first === undefined ? undefined : { id: conversation.id, sequences: [first, ...others] as const }
})

/** Where the agent types; `undefined` once they stopped. */
const typesIn = signal<{ readonly id: Conversation["id"]; readonly strokes: number } | undefined>(undefined)

/** Tells the agent's typing of a keystroke. */
export const types = (id: Conversation["id"]): void => {
  typesIn.value = { id, strokes: (typesIn.peek()?.strokes ?? 0) + 1 }
}

/** Tells it that they sent what they wrote, or turned away. */
export const stopsTyping = (): void => {
  typesIn.value = undefined
}

/** Runs what a signal asks for, and stops what it asked for before. */
const follow = <A>(value: () => A, run: (value: A) => Effect.Effect<void, never, Control>) =>
  Effect.gen(function* () {
    const runFork = yield* FiberHandle.makeRuntime<Control>()
    yield* Effect.acquireRelease(
      Effect.sync(() => effect(() => void runFork(run(value())))),
      (stop) => Effect.sync(stop)
    )
  })

const reading = follow(
  () => toRead.value,
  (wanted) =>
    wanted === undefined
      ? Effect.void
      : Effect.delay(quietly(wanted.id, { _tag: "Read", sequences: wanted.sequences }), "600 millis")
)

/** Says that the agent types when they begin to, and that they stopped after two seconds without a key. */
const typing = Effect.suspend(() => {
  let shown: Conversation["id"] | undefined
  const one = Semaphore.makeUnsafe(1)
  const show = (id: Conversation["id"] | undefined): Effect.Effect<void, never, Control> =>
    Effect.suspend(() => {
      if (shown === id) return Effect.void
      const before = shown
      shown = id
      const off = before === undefined ? Effect.void : quietly(before, { _tag: "Typing", on: false })
      return id === undefined ? off : Effect.andThen(off, quietly(id, { _tag: "Typing", on: true }))
    }).pipe(one.withPermit, Effect.uninterruptible)
  return follow(
    () => typesIn.value,
    (wanted) =>
      wanted === undefined
        ? show(undefined)
        : Effect.andThen(show(wanted.id), Effect.andThen(Effect.sleep("2 seconds"), show(undefined)))
  )
})

const watching = Effect.acquireRelease(
  Effect.sync(() => {
    document.addEventListener("visibilitychange", look)
  }),
  () => Effect.sync(() => document.removeEventListener("visibilitychange", look))
)

export const attention = Effect.all([watching, reading, typing], { discard: true }).pipe(
  Effect.andThen(Effect.never),
  Effect.scoped
)
