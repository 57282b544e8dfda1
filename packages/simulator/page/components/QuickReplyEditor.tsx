/**
 * Quick replies as they are put together: each a title of at most 25 characters, at most 24 of them.
 */
import { useState } from "preact/hooks"
import { Icon } from "./Icon.tsx"

interface QuickReplyEditorProps {
  readonly replies: ReadonlyArray<string>
  readonly onChange: (replies: ReadonlyArray<string>) => void
  readonly onClose: () => void
}

const longest = 25
const most = 24

export const QuickReplyEditor = ({ onChange, onClose, replies }: QuickReplyEditorProps) => {
  const [title, setTitle] = useState("")
  const add = (): void => {
    const added = title.trim()
    if (added === "" || replies.length >= most) return
    onChange([...replies, added])
    setTitle("")
  }
  return (
    <section class="reply-editor" aria-label="Quick replies">
      <ul class="chips">
        {replies.map((reply, nth) => (
          <li key={`${nth} ${reply}`} class="chip">
            {reply}
            <button
              type="button"
              class="chip-remove"
              aria-label={`Remove ${reply}`}
              onClick={() => onChange(replies.filter((_, other) => other !== nth))}
            >
              <Icon name="close" size={12} />
            </button>
          </li>
        ))}
      </ul>
      <div class="reply-add">
        <input
          class="input"
          aria-label="A quick reply"
          placeholder={replies.length === 0 ? "Offer a quick reply, and press Enter" : "And another"}
          maxLength={longest}
          value={title}
          autofocus
          onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault()
              add()
            }
            if (event.key === "Backspace" && title === "") onChange(replies.slice(0, -1))
          }}
        />
        <button type="button" class="button small" disabled={title.trim() === ""} onClick={add}>
          Add
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="No quick replies"
          title="No quick replies"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
    </section>
  )
}
