/**
 * An exchange in a line of the wire. Colour says again what the words say.
 */
import type { Row } from "../../src/Wire.ts"
import { precise, took } from "../model/time.ts"
import { attemptOf, detailOf, outcomeOf, subjectOf } from "../model/wire.ts"
import { Icon } from "./Icon.tsx"

export const rowClass = (row: Row): string => (row.fault === undefined ? "exchange" : "exchange exchange-fault")

export const Status = ({ row }: { readonly row: Pick<Row, "status"> }) => (
  <span class={`status status-${outcomeOf(row)}`}>{row.status}</span>
)

export const WireRow = ({ row }: { readonly row: Row }) => {
  const attempt = attemptOf(row)
  return (
    <>
      <span class={`direction direction-${row._tag.toLowerCase()}`}>
        <Icon name={row._tag === "Call" ? "in" : "out"} size={14} />
        <span class="sr-only">{row._tag}</span>
      </span>
      <span class="exchange-main">
        <span class="exchange-top">
          <span class="exchange-method">{row.method}</span>
          <span class="exchange-subject">{subjectOf(row)}</span>
        </span>
        <span class="exchange-bottom">
          {row.fault === undefined ? null : (
            <span class="tag tag-fault">
              <Icon name="fault" size={12} /> fault {row.fault}
            </span>
          )}
          {attempt === undefined ? null : <span class="tag tag-attempt">{attempt}</span>}
          <span class="exchange-detail">{detailOf(row)}</span>
        </span>
      </span>
      <span class="exchange-end">
        <Status row={row} />
        <span class="exchange-time">
          {row.millis === undefined ? "" : `${took(row.millis)} · `}
          {precise(row.at)}
        </span>
      </span>
    </>
  )
}
