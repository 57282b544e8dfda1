/**
 * Who the conversation is with, how it stands, and what an agent can do with it.
 */
import type { Summary } from "../../src/State.ts"
import { asAgent, whoAnswers } from "../actions.ts"
import { readsAlong } from "../settings.ts"
import { pane } from "../store.ts"
import { Avatar } from "./Avatar.tsx"
import { nameOf, stateClass, stateOf, urgencyOf } from "./ConversationRow.tsx"
import { Toggle } from "./Field.tsx"
import { Icon } from "./Icon.tsx"
import { Menu } from "./Menu.tsx"
import { Stars } from "./Stars.tsx"
import { Transfer } from "./Transfer.tsx"

const Facts = ({ summary }: { readonly summary: Summary }) => {
  const { agentId, csat, skillId } = summary
  const urgency = urgencyOf(summary)
  return (
    <p class="chat-facts">
      <span class={stateClass(summary)}>{stateOf(summary)}</span>
      {urgency === undefined ? null : <span class="tag tag-urgent">{urgency}</span>}
      {skillId === undefined ? null : <span class="tag">{skillId === "-1" ? "Any skill" : `Skill ${skillId}`}</span>}
      {csat === undefined ? null : <Stars rate={csat.csatRate} />}
      <span class="chat-agent">{agentId === undefined ? "no agent yet" : `with ${agentId}`}</span>
    </p>
  )
}

const Actions = ({ summary }: { readonly summary: Summary }) => {
  const { agentId, id, survey } = summary
  const joined = agentId === whoAnswers()
  return (
    <>
      {joined || survey ? null : (
        <button type="button" class="button small" onClick={() => asAgent(id, { _tag: "Join" })}>
          <Icon name="join" /> Join
        </button>
      )}
      <Menu label="Actions" icon="sliders">
        {(close) => (
          <>
            <Toggle
              label="Send read receipts while looking"
              checked={readsAlong.value}
              onChange={(on) => (readsAlong.value = on)}
            />
            {survey ? null : <Transfer id={id} done={close} />}
            <div class="menu-group" role="group" aria-label="Close">
              {survey ? (
                <button type="button" class="menu-item" onClick={() => asAgent(id, { _tag: "Close" }, close)}>
                  <Icon name="close" /> End the survey
                </button>
              ) : (
                <>
                  <button
                    type="button"
                    class="menu-item"
                    onClick={() => asAgent(id, { _tag: "Close", survey: true }, close)}
                  >
                    <Icon name="rate" /> Close, and ask the survey
                  </button>
                  <button
                    type="button"
                    class="menu-item"
                    onClick={() => asAgent(id, { _tag: "Close", survey: false }, close)}
                  >
                    <Icon name="close" /> Close without a survey
                  </button>
                </>
              )}
            </div>
          </>
        )}
      </Menu>
    </>
  )
}

export const ChatHeader = ({ summary }: { readonly summary: Summary }) => (
  <header class="chat-head">
    <button
      type="button"
      class="icon-button only-narrow"
      aria-label="Back to the conversations"
      onClick={() => (pane.value = "conversations")}
    >
      <Icon name="back" />
    </button>
    <Avatar consumer={summary.consumer} name={summary.name} />
    <div class="chat-who">
      <h2 title={`Conversation ${summary.id}`}>
        {nameOf(summary)} {summary.name === "" ? null : <span class="chat-consumer">{summary.consumer}</span>}
      </h2>
      <Facts summary={summary} />
    </div>
    <div class="chat-actions">{summary.state === "OPEN" ? <Actions summary={summary} /> : null}</div>
  </header>
)
