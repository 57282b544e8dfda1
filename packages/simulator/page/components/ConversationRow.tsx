/**
 * A conversation in the list.
 */
import type { Summary } from "../../src/State.ts"
import { short } from "../model/time.ts"
import { now } from "../store.ts"
import { Avatar } from "./Avatar.tsx"
import { Stars } from "./Stars.tsx"
import { Unread } from "./Unread.tsx"

export const nameOf = ({ consumer, name }: Pick<Summary, "consumer" | "name">): string => name || consumer

/** Urgency as people say it; what is usual is not worth a word. */
export const urgencyOf = ({ ttr }: Pick<Summary, "ttr">): string | undefined =>
  ttr === undefined || ttr.ttrType === "NORMAL"
    ? undefined
    : ttr.ttrType[0] + ttr.ttrType.slice(1).toLowerCase() + (ttr.value === undefined ? "" : ` ${ttr.value} s`)

export const stateOf = ({ closeReason, state, survey }: Pick<Summary, "closeReason" | "state" | "survey">): string =>
  survey ? "Survey" : state === "OPEN" ? "Open" : closeReason === "AGENT" ? "Closed by agent" : "Closed by consumer"

export const stateClass = ({ state, survey }: Pick<Summary, "state" | "survey">): string =>
  survey ? "tag tag-survey" : state === "OPEN" ? "tag tag-open" : "tag"

const Tags = ({ summary }: { readonly summary: Summary }) => {
  const { agentId, csat, skillId, state, survey } = summary
  const urgency = urgencyOf(summary)
  return (
    <span class="row-tags">
      <span class={stateClass(summary)}>{survey ? "Survey" : state === "OPEN" ? "Open" : "Closed"}</span>
      {urgency === undefined ? null : <span class="tag tag-urgent">{urgency}</span>}
      {skillId === undefined || skillId === "-1" ? null : <span class="tag">Skill {skillId}</span>}
      {csat === undefined ? null : <Stars rate={csat.csatRate} />}
      {agentId === undefined ? null : <span class="row-agent">{agentId}</span>}
    </span>
  )
}

export const ConversationRow = ({ summary }: { readonly summary: Summary }) => {
  const { consumer, last, name, typing, unread, updatedAt } = summary
  return (
    <>
      <Avatar consumer={consumer} name={name} />
      <span class="row-main">
        <span class="row-top">
          <span class={unread > 0 ? "row-name row-name-unread" : "row-name"}>{nameOf(summary)}</span>
          {name === "" ? null : <span class="row-consumer">{consumer}</span>}
          <time class="row-time">{short(updatedAt, now.value)}</time>
        </span>
        <span class="row-middle">
          {typing ? (
            <span class="row-last row-typing">is typing…</span>
          ) : (
            <span class="row-last">{last || "Nothing said yet"}</span>
          )}
          {unread > 0 ? <Unread count={unread} /> : null}
        </span>
        <Tags summary={summary} />
      </span>
    </>
  )
}
