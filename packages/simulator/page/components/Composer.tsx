/**
 * Where the agent writes: an answer, with quick replies or without, a note, or a card.
 */
import { signal } from "@preact/signals"
import { useEffect, useState } from "preact/hooks"
import type { Summary } from "../../src/State.ts"
import { asAgent, say, whoAnswers } from "../actions.ts"
import { stopsTyping, types } from "../attention.ts"
import { quickRepliesOf } from "../model/cards.ts"
import { CardEditor } from "./CardEditor.tsx"
import { Segments } from "./Field.tsx"
import { Icon } from "./Icon.tsx"
import { QuickReplyEditor } from "./QuickReplyEditor.tsx"

/** What was begun in each conversation, so that it is there when one comes back. */
const drafts = signal<ReadonlyMap<string, string>>(new Map())

const keep = (id: string, text: string): void => {
  drafts.value = new Map(drafts.peek()).set(id, text)
}

const closedBy = { AGENT: "the agent", CONSUMER: "the consumer" } as const

const Closed = ({ closeReason }: Pick<Summary, "closeReason">) => (
  <footer class="composer composer-closed">
    <Icon name="lock" />
    <p>
      {closeReason === undefined
        ? "This conversation is closed."
        : `This conversation was closed by ${closedBy[closeReason]}: nobody can write in it any more.`}
    </p>
  </footer>
)

const Open = ({ summary }: { readonly summary: Summary }) => {
  const { agentId, id, survey } = summary
  const [as, setAs] = useState<"reply" | "note">("reply")
  const [replies, setReplies] = useState<ReadonlyArray<string> | undefined>(undefined)
  const [card, setCard] = useState(false)
  const text = drafts.value.get(id) ?? ""
  const note = as === "note" && !survey
  useEffect(() => stopsTyping, [])

  const sent = (): void => {
    keep(id, "")
    setReplies(undefined)
    stopsTyping()
  }
  const send = (): void => {
    const said = text.trim()
    if (said === "") return
    if (note) asAgent(id, { _tag: "Note", text: said }, sent)
    else say(id, said, replies === undefined || replies.length === 0 ? undefined : quickRepliesOf(replies), sent)
  }
  return (
    <footer class={note ? "composer composer-note" : "composer"}>
      {replies === undefined || note ? null : (
        <QuickReplyEditor replies={replies} onChange={setReplies} onClose={() => setReplies(undefined)} />
      )}
      <div class="composer-box">
        <textarea
          id="composer"
          rows={2}
          aria-label={note ? "Your note" : "Your answer"}
          aria-describedby="composer-hint"
          placeholder={
            note ? "A note that the consumer does not see" : survey ? "Ask as the survey bot" : "Answer as the agent"
          }
          value={text}
          onInput={({ currentTarget }) => {
            keep(id, currentTarget.value)
            if (currentTarget.value === "") stopsTyping()
            else if (!note && !survey) types(id)
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <div class="composer-tools">
          {survey ? null : (
            <Segments
              label="What it is"
              value={as}
              onChange={setAs}
              options={[
                ["reply", "Answer"],
                ["note", "Note"]
              ]}
            />
          )}
          <button
            type="button"
            class="icon-button"
            aria-label="Quick replies"
            title="Quick replies"
            aria-pressed={replies !== undefined && !note}
            disabled={note}
            onClick={() => setReplies(replies === undefined ? [] : undefined)}
          >
            <Icon name="replies" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Send a card"
            title="Send a card"
            aria-haspopup="dialog"
            onClick={() => setCard(true)}
          >
            <Icon name="card" />
          </button>
          <span id="composer-hint" class="composer-hint">
            {agentId !== whoAnswers() && !survey ? (
              "To answer is to join"
            ) : (
              <span class="only-keyboard">Enter sends, Shift+Enter begins a line</span>
            )}
          </span>
          <button type="button" class="button button-primary" disabled={text.trim() === ""} onClick={send}>
            <Icon name={note ? "note" : "send"} /> {note ? "Add note" : "Send"}
          </button>
        </div>
      </div>
      {card ? <CardEditor id={id} onClose={() => setCard(false)} /> : null}
    </footer>
  )
}

export const Composer = ({ summary }: { readonly summary: Summary }) =>
  summary.state === "CLOSE" ? <Closed closeReason={summary.closeReason} /> : <Open summary={summary} />
