/**
 * The conversation that is looked at, from the agent's side.
 */
import { conversation, over, selected, selectedId, summaries } from "../store.ts"
import { ChatHeader } from "./ChatHeader.tsx"
import { Composer } from "./Composer.tsx"
import { GettingStarted } from "./GettingStarted.tsx"
import { Icon } from "./Icon.tsx"
import { Timeline } from "./Timeline.tsx"

const Choose = () => (
  <div class="empty">
    <span class="empty-mark">
      <Icon name="chat" size={28} />
    </span>
    <h2>{selectedId.value === undefined ? "Choose a conversation" : "That conversation is gone"}</h2>
    <p>
      {selectedId.value === undefined
        ? "You answer here as the agent. The arrow keys, j and k go through the list."
        : "The simulator knows none by that id. It may have been forgotten with everything else."}
    </p>
    <button type="button" class="button" onClick={() => (over.value = "consumer")}>
      <Icon name="person" /> Be a consumer
    </button>
  </div>
)

const Inside = () => {
  const summary = selected.value
  if (summary === undefined) return summaries.value.size === 0 ? <GettingStarted /> : <Choose />
  const loaded = conversation.value?.id === summary.id ? conversation.value : undefined
  return (
    <>
      <ChatHeader summary={summary} />
      <Timeline key={summary.id} summary={summary} conversation={loaded} />
      <Composer key={`${summary.id} composer`} summary={summary} />
    </>
  )
}

export const ChatPane = () => (
  <section class="pane pane-chat" aria-label="Chat">
    <Inside />
  </section>
)
