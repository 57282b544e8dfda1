import type { Key, State } from "../Webhooks.ts"

/** How the endpoint of each key is doing, by what became of what was to be delivered to it. `changed` is told of news. */
export const make = (changed: () => void) => {
  const states = new Map<Key, State>()
  const unsettled = new Map<Key, number>()
  const count = (key: Key, change: number): number => {
    const next = (unsettled.get(key) ?? 0) + change
    unsettled.set(key, next)
    return next
  }

  const of = (key: Key): State => states.get(key) ?? "Up"

  const set = (key: Key, state: State): void => {
    if (of(key) === state) return
    states.set(key, state)
    changed()
  }

  return {
    of,
    /** There is one more to deliver. */
    accepted: (key: Key): void => void count(key, 1),
    /** One was not taken. It may yet be. */
    failed: (key: Key): void => set(key, "Failed"),
    /** One was taken, and is no more to be delivered. */
    delivered: (key: Key): void => {
      const left = count(key, -1)
      const before = of(key)
      const isRecovering = before === "Failed" || before === "InTransition"
      set(key, isRecovering ? (left > 0 ? "InTransition" : "Recovered") : "Up")
    },
    /** One will not be delivered. */
    abandoned: (key: Key): void => void count(key, -1),
    /** From now on every endpoint is up. */
    reset: (): void => states.clear(),
    /** There is nothing left to deliver, either. */
    forget: (): void => {
      states.clear()
      unsettled.clear()
    }
  }
}
