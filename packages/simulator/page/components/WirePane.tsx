/**
 * Every call and every delivery, as it happens.
 */
import { useState } from "preact/hooks"
import { connection, openedRow, pane, rows, wire } from "../store.ts"
import { Icon } from "./Icon.tsx"
import { VirtualList } from "./VirtualList.tsx"
import { WireDetail } from "./WireDetail.tsx"
import { rowClass, WireRow } from "./WireRow.tsx"
import { WireTools } from "./WireTools.tsx"

const Nothing = () => (
  <div class="nothing">
    <p>{wire.value.length === 0 ? "Nothing has gone over the wire yet." : "No exchange is like that."}</p>
  </div>
)

const jump = (): void => {
  const box = document.getElementById("wire")
  if (box !== null) box.scrollTop = box.scrollHeight
}

const List = () => {
  const [atEnd, setAtEnd] = useState(true)
  const [active, setActive] = useState<number | undefined>(undefined)
  return (
    <div class="wire-list">
      <VirtualList
        id="wire"
        label="Calls and deliveries"
        items={rows.value}
        rowHeight={48}
        keyOf={({ id }) => id}
        row={(row) => <WireRow row={row} />}
        rowClass={rowClass}
        activeKey={openedRow.value ?? active}
        chosenKey={openedRow.value}
        onMove={({ id }) => {
          setActive(id)
          if (openedRow.peek() !== undefined) openedRow.value = id
        }}
        onOpen={({ id }) => {
          setActive(id)
          openedRow.value = openedRow.peek() === id ? undefined : id
        }}
        follow
        onAtEnd={setAtEnd}
      />
      {atEnd ? null : (
        <button type="button" class="button small to-end" onClick={jump}>
          <Icon name="down" size={14} /> To the newest
        </button>
      )}
    </div>
  )
}

const closeDetail = (): void => {
  openedRow.value = undefined
  document.getElementById("wire")?.focus()
}

export const WirePane = () => (
  <section
    class={openedRow.value === undefined ? "pane pane-wire" : "pane pane-wire pane-wire-split"}
    aria-labelledby="wire-title"
    onKeyDown={(event) => {
      if (event.key !== "Escape" || openedRow.value === undefined) return
      event.preventDefault()
      closeDetail()
    }}
  >
    <header class="pane-head">
      <button
        type="button"
        class="icon-button only-middle"
        aria-label="Back to the chat"
        onClick={() => (pane.value = "chat")}
      >
        <Icon name="back" />
      </button>
      <h2 id="wire-title">Wire</h2>
      <span class="dim pane-count">
        {rows.value.length === wire.value.length
          ? wire.value.length.toLocaleString()
          : `${rows.value.length.toLocaleString()} of ${wire.value.length.toLocaleString()}`}
      </span>
      <WireTools.Buttons />
    </header>
    <WireTools.Filters />
    {rows.value.length === 0 && connection.value !== "connecting" ? <Nothing /> : <List />}
    {openedRow.value === undefined ? null : (
      <WireDetail key={openedRow.value} id={openedRow.value} onClose={closeDetail} />
    )}
  </section>
)
