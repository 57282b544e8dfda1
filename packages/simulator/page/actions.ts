/**
 * What the person in front of the page does. Whatever fails is told in a sentence.
 */
import type { Element, QuickReplies } from "@effect-liveperson/core/protocol"
import type { SkillId } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { AgentAction, Answer, ConsumerAction } from "../src/ControlApi.ts"
import type { Rule } from "../src/Fault.ts"
import type { Conversation } from "../src/State.ts"
import type { Webhooks } from "../src/Webhooks.ts"
import type { Exchange, ExchangeId } from "../src/Wire.ts"
import { Control, runtime, sentenceOf } from "./control.ts"
import { unreadBy } from "./model/timeline.ts"
import { agentId } from "./settings.ts"
import * as store from "./store.ts"

let counted = 0

/** Says something for a while. */
export const tell = (text: string, tone: store.Notice["tone"] = "good"): void => {
  const id = (counted += 1)
  store.notices.value = [...store.notices.value.slice(-2), { id, tone, text }]
  runtime.runFork(
    Effect.delay(
      Effect.sync(() => dismiss(id)),
      tone === "good" ? "4 seconds" : "10 seconds"
    )
  )
}

export const dismiss = (id: number): void => {
  store.notices.value = store.notices.value.filter((notice) => notice.id !== id)
}

/** Does something at the simulator, and then what follows from it. */
const perform = <A, E>(
  use: (control: Control["Service"]) => Effect.Effect<A, E>,
  done: (result: A) => void = () => {},
  failed: () => void = () => {}
): Fiber.Fiber<void> =>
  runtime.runFork(
    Control.use(use).pipe(
      Effect.map(done),
      Effect.catch((error) =>
        Effect.sync(() => {
          failed()
          tell(sentenceOf(error), "bad")
        })
      )
    )
  )

/** What the agent goes by. */
export const defaultAgent = "simulator-agent"

export const whoAnswers = (): string => agentId.value.trim() || defaultAgent

const act = (id: Conversation["id"], payload: AgentAction) => (control: Control["Service"]) =>
  control.conversations.act({ params: { id }, query: { agentId: whoAnswers() }, payload })

/** Does something as the agent. */
export const asAgent = (id: Conversation["id"], payload: AgentAction, done?: () => void): void => {
  perform(act(id, payload), done)
}

/** The same, and nothing is said where it fails: what goes on by itself is not worth a word. */
export const quietly = (id: Conversation["id"], payload: AgentAction) => Effect.ignore(Control.use(act(id, payload)))

export const sendCard = (id: Conversation["id"], content: Element, done: () => void): void =>
  asAgent(id, { _tag: "Send", event: { type: "RichContentEvent", content } }, done)

export const say = (
  id: Conversation["id"],
  text: string,
  quickReplies: QuickReplies | undefined,
  done: () => void
): void => asAgent(id, { _tag: "Say", text, ...(quickReplies === undefined ? {} : { quickReplies }) }, done)

export const transfer = (id: Conversation["id"], skillId: SkillId, done: () => void): void =>
  asAgent(id, { _tag: "Transfer", skillId }, done)

/** Who does something as a consumer, and where. */
export interface Consumer {
  readonly consumer: Conversation["consumer"]
  readonly account: Conversation["account"] | undefined
}

const actAsConsumer =
  ({ account, consumer }: Consumer, payload: ConsumerAction) =>
  (control: Control["Service"]) =>
    control.consumers.act({ params: { consumer }, query: account === undefined ? {} : { account }, payload })

export const asConsumer = (consumer: Consumer, payload: ConsumerAction, done: (answer: Answer) => void): void => {
  perform(actAsConsumer(consumer, payload), done)
}

/** Reads as a consumer what they have yet to read; answers `undefined` where there is nothing. */
export const readAsConsumer = (
  consumer: Consumer,
  id: Conversation["id"],
  done: (answer: Answer | undefined) => void
): void => {
  perform(
    Effect.fnUntraced(function* (control) {
      const [first, ...others] = unreadBy("consumer", yield* control.conversations.get({ params: { id } }))
      if (first === undefined) return undefined
      return yield* actAsConsumer(consumer, { _tag: "Read", sequences: [first, ...others] })(control)
    }),
    done
  )
}

export const addFault = (rule: Rule, done?: () => void): void => {
  perform((control) => control.faults.add({ payload: rule }), done)
}

export const removeFault = (id: number): void => {
  perform((control) => control.faults.remove({ params: { id } }))
}

export const clearFaults = (): void => {
  perform((control) => control.faults.clear())
}

export const clearWire = (): void => {
  perform(
    (control) => control.wire.clear(),
    () => {
      store.wire.value = []
      store.openedRow.value = undefined
      if (store.paused.value !== undefined) store.paused.value = []
    }
  )
}

/** Loads an exchange, whole. What is returned stops that. */
export const loadExchange = (id: ExchangeId, done: (exchange: Exchange) => void, failed: () => void): (() => void) => {
  const fiber = perform((control) => control.wire.get({ params: { id } }), done, failed)
  return () => {
    runtime.runFork(Fiber.interrupt(fiber))
  }
}

export const subscribe = (webhooks: Webhooks, done: () => void): void => {
  perform((control) => control.subscribe({ payload: webhooks }), done)
}

export const revoke = (kind: "app" | "consumer"): void => {
  perform(
    (control) => control.revoke({ payload: { kind } }),
    () => tell(kind === "app" ? "Every AppJWT is invalid now." : "Every ConsumerJWS is invalid now.")
  )
}

export const reset = (): void => {
  perform(
    (control) => control.reset(),
    () => tell("Everything was forgotten.")
  )
}
