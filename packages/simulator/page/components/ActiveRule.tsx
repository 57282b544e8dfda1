/**
 * A rule that is in force, or was: what it does, where and when, and how often it has.
 */
import type { ActiveRule as Rule } from "../../src/Fault.ts"
import { removeFault } from "../actions.ts"
import { effectOf, isSpent, scopeOf } from "../model/faults.ts"
import { Icon } from "./Icon.tsx"

export const ActiveRule = ({ gone = false, rule }: { readonly rule: Rule; readonly gone?: boolean }) => {
  const spent = gone || isSpent(rule)
  return (
    <li class={spent ? "rule rule-spent" : "rule"}>
      <span class="rule-id" title={`Rule ${rule.id}`}>
        {rule.id}
      </span>
      <span class="rule-what">
        <strong>{effectOf(rule)}</strong>
        <small>{scopeOf(rule)}</small>
      </span>
      <span class="rule-count">
        <span>
          acted <b>{rule.acted}</b>
        </span>
        <small>{gone ? "gone" : `asked ${rule.asked}`}</small>
      </span>
      {gone ? null : (
        <button
          type="button"
          class="icon-button"
          aria-label={`Remove rule ${rule.id}: ${effectOf(rule)}`}
          title="Remove"
          onClick={() => removeFault(rule.id)}
        >
          <Icon name="trash" />
        </button>
      )}
    </li>
  )
}
