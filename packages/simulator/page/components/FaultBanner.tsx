/**
 * Says that something goes wrong on purpose, and what it did last.
 */
import { clearFaults } from "../actions.ts"
import { effectOf } from "../model/faults.ts"
import { precise } from "../model/time.ts"
import { statusOf, subjectOf } from "../model/wire.ts"
import { activeFaults, lastFaulted, openedRow, over, pane, rules } from "../store.ts"
import { Icon } from "./Icon.tsx"

/** Within a sentence. */
const said = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const Last = () => {
  const row = lastFaulted.value
  if (row === undefined) return <span>none has acted yet</span>
  const rule = rules.value.get(row.fault ?? 0)
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        openedRow.value = row.id
        pane.value = "wire"
      }}
    >
      last {rule === undefined ? `fault ${row.fault}` : said(effectOf(rule))}: {subjectOf(row)}, {statusOf(row)},{" "}
      {precise(row.at)}
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
        <strong>{count === 1 ? "1 fault is active" : `${count} faults are active`}</strong>
        <span class="banner-counts">
          acted {acted} of {asked} times
        </span>
        <Last />
      </span>
      <button type="button" class="button small banner-show" onClick={() => (over.value = "faults")}>
        Show
      </button>
      <button type="button" class="button small" onClick={clearFaults}>
        Clear all
      </button>
    </section>
  )
}
