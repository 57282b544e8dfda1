/**
 * How the wire is filtered, paused and cleared.
 */
import { clearWire } from "../actions.ts"
import { paused, selected, togglePause, waiting, wireKind, wireMine, wireOutcome, wireText } from "../store.ts"
import { nameOf } from "./ConversationRow.tsx"
import { Icon } from "./Icon.tsx"

const kinds = [
  ["all", "Calls and deliveries"],
  ["Call", "Calls"],
  ["Delivery", "Deliveries"]
] as const

const outcomes = [
  ["all", "Any outcome"],
  ["ok", "2xx"],
  ["redirect", "3xx"],
  ["client", "4xx"],
  ["server", "5xx"],
  ["broken", "Dropped or timed out"],
  ["failed", "All that failed"],
  ["fault", "By a fault"],
  ["waiting", "Waiting"]
] as const

const Filters = () => {
  const conversation = selected.value
  return (
    <div class="pane-tools wire-tools">
      <div class="search">
        <Icon name="search" />
        <input
          id="wire-search"
          class="input"
          type="search"
          aria-label="Filter the wire"
          placeholder="Path, payload, consumer, status"
          value={wireText.value}
          onInput={({ currentTarget }) => (wireText.value = currentTarget.value)}
        />
      </div>
      <select
        class="input"
        aria-label="Which exchanges"
        value={wireKind.value}
        onChange={({ currentTarget }) => (wireKind.value = kinds[currentTarget.selectedIndex]?.[0] ?? "all")}
      >
        {kinds.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label="Which outcomes"
        value={wireOutcome.value}
        onChange={({ currentTarget }) => (wireOutcome.value = outcomes[currentTarget.selectedIndex]?.[0] ?? "all")}
      >
        {outcomes.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <label class={conversation === undefined ? "check check-off" : "check"}>
        <input
          type="checkbox"
          checked={wireMine.value}
          disabled={conversation === undefined}
          onChange={({ currentTarget }) => (wireMine.value = currentTarget.checked)}
        />
        <span>{conversation === undefined ? "Chosen consumer only" : `Only ${nameOf(conversation)}`}</span>
      </label>
    </div>
  )
}

const Buttons = () => (
  <div class="wire-buttons">
    <button
      type="button"
      class={paused.value === undefined ? "button small" : "button small button-on"}
      aria-pressed={paused.value !== undefined}
      title="Pause or go on (p)"
      onClick={togglePause}
    >
      <Icon name={paused.value === undefined ? "pause" : "play"} size={14} />
      {paused.value === undefined ? "Pause" : waiting.value === 0 ? "Paused" : `${waiting.value.toLocaleString()} new`}
    </button>
    <button type="button" class="button small" onClick={clearWire}>
      <Icon name="trash" size={14} /> Clear
    </button>
  </div>
)

export const WireTools = { Filters, Buttons }
