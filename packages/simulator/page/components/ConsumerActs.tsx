/**
 * What a consumer does in a conversation of theirs.
 */
import { useState } from "preact/hooks"
import type { Answer, ConsumerAction } from "../../src/ControlApi.ts"
import type { Summary } from "../../src/State.ts"
import { asConsumer, type Consumer, readAsConsumer, tell } from "../actions.ts"
import { offersOf } from "../model/offers.ts"
import { conversation } from "../store.ts"
import { Icon } from "./Icon.tsx"
import { Rate } from "./Rate.tsx"

interface ConsumerActsProps {
  readonly consumer: Consumer
  readonly summary: Summary
  readonly note: (what: string) => (answer: Answer) => void
}

const Say = ({ act, offers }: { readonly act: Act; readonly offers: ReadonlyArray<string> }) => {
  const [text, setText] = useState("")
  const say = (said: string, then: () => void): void => {
    if (said.trim() !== "") act("Say", { _tag: "Say", text: said.trim() }, then)
  }
  return (
    <>
      {offers.length === 0 ? null : (
        <div class="chips" role="group" aria-label="What the agent offers">
          {offers.map((offer) => (
            <button key={offer} type="button" class="chip chip-button" onClick={() => say(offer, () => {})}>
              {offer}
            </button>
          ))}
        </div>
      )}
      <div class="say">
        <textarea
          class="input"
          rows={2}
          aria-label="Say as the consumer"
          placeholder="Say as the consumer"
          autofocus
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
            event.preventDefault()
            say(text, () => setText(""))
          }}
        />
        <button
          type="button"
          class="button button-primary"
          disabled={text.trim() === ""}
          onClick={() => say(text, () => setText(""))}
        >
          <Icon name="send" /> Say
        </button>
      </div>
    </>
  )
}

type Act = (what: string, action: ConsumerAction, then?: () => void) => void

export const ConsumerActs = ({ consumer, note, summary }: ConsumerActsProps) => {
  const act: Act = (what, action, then) =>
    asConsumer(consumer, action, (answer) => {
      note(what)(answer)
      then?.()
    })
  const { id, state, survey, typing } = summary
  const rate = <Rate act={(action) => act("Rate", action)} />
  if (state === "CLOSE")
    return (
      <section class="block" aria-label="Rate">
        {rate}
      </section>
    )
  const looked = conversation.value?.id === id ? conversation.value : undefined
  return (
    <section class="block" aria-label="As the consumer">
      <Say act={act} offers={looked === undefined ? [] : offersOf(looked)} />
      <div class="acts">
        {survey ? null : (
          <button
            type="button"
            class={typing ? "button small button-on" : "button small"}
            aria-pressed={typing}
            onClick={() => act(typing ? "Stop typing" : "Start typing", { _tag: "Typing", on: !typing })}
          >
            <Icon name="chat" size={14} /> {typing ? "Stop typing" : "Start typing"}
          </button>
        )}
        <button
          type="button"
          class="button small"
          onClick={() =>
            readAsConsumer(consumer, id, (answer) => {
              if (answer === undefined) tell("There is nothing left to read.")
              else note("Read")(answer)
            })
          }
        >
          <Icon name="checks" size={14} /> Read all
        </button>
        <button type="button" class="button small" onClick={() => act("Close", { _tag: "Close" })}>
          <Icon name="close" size={14} /> Close
        </button>
        {survey ? null : (
          <button
            type="button"
            class="button small"
            onClick={() => act("Close at once", { _tag: "Close", survey: false })}
          >
            <Icon name="close" size={14} /> Close without a survey
          </button>
        )}
      </div>
      {rate}
    </section>
  )
}
