/**
 * What was said to the person in front of the page.
 */
import { dismiss } from "../actions.ts"
import { notices } from "../store.ts"
import { Icon } from "./Icon.tsx"

export const Notices = () => (
  <div class="notices" role="status" aria-live="polite">
    {notices.value.map(({ id, text, tone }) => (
      <div key={id} class={`notice notice-${tone}`}>
        <Icon name={tone === "good" ? "check" : "fault"} />
        <span>
          <span class="sr-only">{tone === "good" ? "Done: " : "Failed: "}</span>
          {text}
        </span>
        <button type="button" class="icon-button small" aria-label="Dismiss" onClick={() => dismiss(id)}>
          <Icon name="close" size={14} />
        </button>
      </div>
    ))}
  </div>
)
