/**
 * Every conversation, the one with the latest activity first.
 */
import { select } from "../navigation.ts"
import { counts, listed, over, pane, search, selectedId, show, summaries } from "../store.ts"
import { ConversationRow } from "./ConversationRow.tsx"
import { Segments } from "./Field.tsx"
import { Icon } from "./Icon.tsx"
import { VirtualList } from "./VirtualList.tsx"

const Nothing = () => (
  <div class="nothing">
    <p>{summaries.value.size === 0 ? "No conversations yet." : "No conversation is like that."}</p>
    {summaries.value.size === 0 ? (
      <>
        <button type="button" class="button" onClick={() => (over.value = "consumer")}>
          <Icon name="plus" /> Open one as a consumer
        </button>
        <button type="button" class="button only-narrow" onClick={() => (pane.value = "chat")}>
          <Icon name="plug" /> How to begin
        </button>
      </>
    ) : (
      <button
        type="button"
        class="button"
        onClick={() => {
          search.value = ""
          show.value = "all"
        }}
      >
        Show all
      </button>
    )}
  </div>
)

const Filters = () => (
  <div class="pane-tools">
    <div class="search">
      <Icon name="search" />
      <input
        id="search"
        class="input"
        type="search"
        aria-label="Search conversations"
        placeholder="Name, consumer, skill, words"
        value={search.value}
        onInput={({ currentTarget }) => (search.value = currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "Enter") return
          event.preventDefault()
          document.getElementById("conversations")?.focus()
        }}
      />
    </div>
    <Segments
      label="Which conversations"
      value={show.value}
      onChange={(value) => (show.value = value)}
      options={[
        ["all", `All ${counts.value.all}`],
        ["open", `Open ${counts.value.open}`],
        ["closed", `Closed ${counts.value.closed}`]
      ]}
    />
  </div>
)

export const ConversationPane = () => (
  <section class="pane pane-conversations" aria-labelledby="conversations-title">
    <header class="pane-head">
      <h2 id="conversations-title">Conversations</h2>
      <button
        type="button"
        class="icon-button"
        aria-label="Open a conversation as a consumer"
        title="Open a conversation as a consumer (c)"
        onClick={() => (over.value = "consumer")}
      >
        <Icon name="plus" />
      </button>
    </header>
    <Filters />
    {listed.value.length === 0 ? (
      <Nothing />
    ) : (
      <VirtualList
        id="conversations"
        label="Conversations"
        items={listed.value}
        rowHeight={76}
        keyOf={({ id }) => id}
        row={(summary) => <ConversationRow summary={summary} />}
        rowClass={({ state }) => (state === "OPEN" ? "conversation" : "conversation conversation-closed")}
        activeKey={selectedId.value}
        chosenKey={selectedId.value}
        onMove={({ id }) => select(id)}
        onOpen={({ id }) => {
          select(id)
          pane.value = "chat"
        }}
      />
    )}
  </section>
)
