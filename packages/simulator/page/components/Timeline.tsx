/**
 * What was said in a conversation, and what became of it. It stays at its end while that is what is seen.
 */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import type { Conversation, Summary } from "../../src/State.ts"
import { clock, whole } from "../model/time.ts"
import { type Group, type Line, type Section, sectionsOf } from "../model/timeline.ts"
import { seen } from "../store.ts"
import { Bubble } from "./Bubble.tsx"
import { nameOf } from "./ConversationRow.tsx"
import { Icon } from "./Icon.tsx"

const ChangeLine = ({ line }: { readonly line: Line }) => (
  <p class={`line line-${line.icon}`}>
    <Icon name={line.icon} size={14} />
    <span>{line.text}</span>
    {line.timed ? (
      <time dateTime={new Date(line.at).toISOString()} title={whole(line.at)}>
        {clock(line.at)}
      </time>
    ) : null}
  </p>
)

const sides = { consumer: "Consumer", agent: "Agent", bot: "Survey bot" } as const

const GroupOfMessages = ({ group, name }: { readonly group: Group; readonly name: string }) => {
  const last = group.messages.at(-1)
  const says = group.side === "consumer" ? name : sides[group.side]
  return (
    <div class={`group group-${group.side} ${group.note ? "group-note" : ""}`}>
      <p class="group-who">
        {says}
        {group.note ? <span class="group-hidden"> · note, not seen by the consumer</span> : null}
        <time dateTime={new Date(group.at).toISOString()} title={whole(group.at)}>
          {clock(group.at)}
        </time>
      </p>
      {group.messages.map((message) => (
        <Bubble key={message.key} message={message} side={group.side} note={group.note} last={message === last} />
      ))}
    </div>
  )
}

const titles = { MAIN: "Conversation", POST_SURVEY: "Post-conversation survey" } as const

const DialogSection = ({ name, section }: { readonly section: Section; readonly name: string }) => (
  <section class={`dialog dialog-${section.dialogType.toLowerCase()}`} aria-label={titles[section.dialogType]}>
    {section.dialogType === "MAIN" ? null : (
      <h3 class="dialog-title">
        <span>
          {titles[section.dialogType]} <span class="tag">{section.open ? "open" : "closed"}</span>
        </span>
      </h3>
    )}
    {section.items.map((item) =>
      item._tag === "Line" ? (
        <ChangeLine key={item.key} line={item} />
      ) : (
        <GroupOfMessages key={item.key} group={item} name={name} />
      )
    )}
  </section>
)

const Typing = ({ name }: { readonly name: string }) => (
  <div class="group group-consumer typing">
    <span class="bubble bubble-consumer typing-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
    <span class="sr-only">{name} is typing</span>
  </div>
)

interface TimelineProps {
  readonly summary: Summary
  readonly conversation: Conversation | undefined
}

export const Timeline = ({ conversation, summary }: TimelineProps) => {
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const changes = seen.value.get(summary.id)
  const sections = useMemo(
    () => (conversation === undefined ? [] : sectionsOf(conversation, summary.updatedAt, changes)),
    [conversation, changes, summary.updatedAt]
  )
  const toEnd = (): void => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }
  useLayoutEffect(() => {
    if (atEnd) toEnd()
  }, [sections, summary.typing])
  return (
    <div class="timeline-frame">
      <div
        ref={box}
        class="timeline"
        role="log"
        aria-live="polite"
        aria-label={`Conversation with ${nameOf(summary)}`}
        aria-busy={conversation === undefined}
        tabIndex={0}
        onScroll={({ currentTarget }) =>
          setAtEnd(currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 60)
        }
      >
        {sections.map((section) => (
          <DialogSection key={section.dialogId} section={section} name={nameOf(summary)} />
        ))}
        {summary.typing ? <Typing name={nameOf(summary)} /> : null}
      </div>
      {atEnd ? null : (
        <button type="button" class="button small to-end" onClick={toEnd}>
          <Icon name="down" size={14} /> To the newest
        </button>
      )}
    </div>
  )
}
