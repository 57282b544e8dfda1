/**
 * Which conversation is looked at: the address says so, so that a reload stays there.
 */
import { batch, effect } from "@preact/signals"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Conversation } from "../src/State.ts"
import { conversation, listed, pane, selectedId } from "./store.ts"

const prefix = "#/c/"

const decode = Schema.decodeUnknownOption(Conversation.fields.id)

const fromHash = (): Conversation["id"] | undefined => {
  if (!location.hash.startsWith(prefix)) return undefined
  try {
    return Option.getOrUndefined(decode(decodeURIComponent(location.hash.slice(prefix.length))))
  } catch {
    return undefined
  }
}

export const select = (id: Conversation["id"] | undefined): void =>
  batch(() => {
    if (id === selectedId.peek()) return
    selectedId.value = id
    conversation.value = undefined
  })

/** Selects the conversation that is so many further in the list. */
export const step = (by: number): void => {
  const at = listed.value.findIndex(({ id }) => id === selectedId.value)
  const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), listed.value.length - 1)
  const target = listed.value[to]
  if (target !== undefined) select(target.id)
}

/** Keeps the address and the selection the same, whichever changes. */
export const navigate = (): void => {
  select(fromHash())
  if (selectedId.peek() !== undefined) pane.value = "chat"
  addEventListener("hashchange", () => select(fromHash()))
  effect(() => {
    const id = selectedId.value
    if (fromHash() !== id) {
      history.replaceState(null, "", id === undefined ? location.pathname : prefix + encodeURIComponent(id))
    }
  })
}
