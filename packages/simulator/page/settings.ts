/**
 * What the page remembers between visits, in the browser.
 */
import { type Signal, signal } from "@preact/signals"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const prefix = "liveperson-simulator."

/** Where the browser keeps nothing, as when it was told not to, everything is as at the first visit. */
const attempt = <A>(use: (storage: Storage) => A): A | undefined => {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}

/** A signal whose value is there again at the next visit. */
const remembered = <A extends string | boolean>(name: string, schema: Schema.Codec<A>, initial: A): Signal<A> => {
  const codec = Schema.fromJsonString(schema)
  const stored = attempt((storage) => storage.getItem(prefix + name))
  const value = signal(Option.getOrElse(Schema.decodeUnknownOption(codec)(stored), () => initial))
  value.subscribe((now) => attempt((storage) => storage.setItem(prefix + name, Schema.encodeSync(codec)(now))))
  return value
}

export const Theme = Schema.Literals(["auto", "light", "dark"])
export type Theme = typeof Theme.Type

export const theme = remembered<Theme>("theme", Theme, "auto")

/** Whether what the consumer wrote counts as read while it is looked at. */
export const readsAlong = remembered("read", Schema.Boolean, true)

/** Whether single keys are shortcuts. */
export const shortcuts = remembered("shortcuts", Schema.Boolean, true)

/** Who the agent is; empty where the simulator names them. */
export const agentId = remembered("agent", Schema.String, "")

export const applyTheme = (): void => {
  theme.subscribe((now) => {
    if (now === "auto") delete document.documentElement.dataset["theme"]
    else document.documentElement.dataset["theme"] = now
  })
}
