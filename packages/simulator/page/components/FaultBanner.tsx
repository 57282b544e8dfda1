/**
 * Says that something goes wrong on purpose, and what it did last.
 */
import { clearFaults } from "../actions.ts"
import { effectOf } from "../model/faults.ts"
import { precise } from "../model/time.ts"
import { statusOf, subjectOf } from "../model/wire.ts"
import { activeFaults, faults, lastFaulted, openedRow, over, pane } from "../store.ts"
import { Icon } from "./Icon.tsx"

const Last = () => {
  const row = lastFaulted.value
  if (row === undefined) return <span class="dim">None has acted yet.</span>
  const rule = faults.value.find(({ id }) => id === row.fault)
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        openedRow.value = row.id
        pane.value = "wire"
      }}
    >
      Last: {rule === undefined ? `fault ${row.fault}` : effectOf(rule).toLowerCase()} · {subjectOf(row)} ·{" "}
      {statusOf(row)} at {precise(row.at)}
    </button>
  )
}

export const FaultBanner = () => {
  const count = activeFaults.value.length
  if (count === 0) return null
  const asked = activeFaults.value.reduce((sum, rule) => sum + rule.asked, 0)
  const acted = activeFaults.value.reduce((sum, rule) => sum + rule.acted, 0)
  return (
    <section class="banner" aria-label="Active faults">
      <Icon name="fault" />
      <span class="banner-text">
        <strong>{count === 1 ? "1 fault is active" : `${count} faults are active`}</strong>{" "}
        <span class="banner-counts">
          acted {acted} of {asked} times
        </span>{" "}
        <Last />
      </span>
      <button type="button" class="button small" onClick={() => (over.value = "faults")}>
        Show
      </button>
      <button type="button" class="button small" onClick={clearFaults}>
        Clear all
      </button>
    </section>
  )
}
