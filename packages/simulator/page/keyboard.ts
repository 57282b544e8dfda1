/**
 * Single keys that do something, wherever nobody writes. They can be switched off, for those who speak to their
 * computer.
 */
import { step } from "./navigation.ts"
import { shortcuts } from "./settings.ts"
import { over, type Over, pane, togglePause } from "./store.ts"

/** Goes to an element: at once where it is seen, and else as soon as it is. */
const focus = (id: string): void => {
  document.getElementById(id)?.focus()
  if (document.activeElement?.id !== id) requestAnimationFrame(() => document.getElementById(id)?.focus())
}

const toggle = (what: Over): void => {
  over.value = over.peek() === what ? undefined : what
}

const keys: Readonly<Record<string, () => void>> = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => {
    pane.value = "conversations"
    focus("search")
  },
  r: () => {
    pane.value = "chat"
    focus("composer")
  },
  w: () => {
    pane.value = "wire"
    focus("wire")
  },
  p: togglePause,
  f: () => toggle("faults"),
  c: () => toggle("consumer"),
  i: () => toggle("connect"),
  "?": () => toggle("help")
}

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type))

/** Whether something is open that has to be dealt with first. */
const inModal = (): boolean => document.querySelector("dialog:modal") !== null

export const listen = (): void => {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape" && writes(event.target) && event.target instanceof HTMLElement) {
      event.target.blur()
      return
    }
    const act = keys[event.key]
    if (act === undefined || !shortcuts.peek() || writes(event.target) || inModal()) return
    event.preventDefault()
    act()
  })
}
