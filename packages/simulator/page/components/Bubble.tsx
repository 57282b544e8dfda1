/**
 * A message: what it says, its number in the dialog, how far it got, and itself as JSON.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { useState } from "preact/hooks"
import type { Message, Receipt, Side } from "../model/timeline.ts"
import { FileCard } from "./FileCard.tsx"
import { Icon, type IconName } from "./Icon.tsx"
import { Body } from "./Json.tsx"
import { QuickReplyChips } from "./QuickReplyChips.tsx"
import { contentOf, RichContent } from "./RichContent.tsx"

const receipts: Readonly<Record<Receipt, { readonly icon: IconName; readonly label: string }>> = {
  sent: { icon: "check", label: "Sent" },
  accepted: { icon: "checks", label: "Delivered" },
  read: { icon: "checks", label: "Read" },
  refused: { icon: "close", label: "Refused" }
}

const Meta = ({
  message,
  onRaw,
  raw
}: {
  readonly message: Message
  readonly raw: boolean
  readonly onRaw: () => void
}) => {
  const { receipt, said } = message
  const { icon, label } = receipts[receipt]
  return (
    <span class="meta">
      <button
        type="button"
        class="meta-raw"
        aria-expanded={raw}
        aria-label={said.sequence === undefined ? "As JSON" : `Message ${said.sequence} as JSON`}
        title="As JSON"
        onClick={onRaw}
      >
        {said.sequence === undefined ? "" : `#${said.sequence} `}
        <Icon name="code" size={13} />
      </button>
      {said.metadata.length > 0 ? (
        <span class="meta-tag">{said.metadata.map(({ type }) => type).join(", ")}</span>
      ) : null}
      <span class={`receipt receipt-${receipt}`}>
        <Icon name={icon} size={14} /> {label}
      </span>
    </span>
  )
}

const decodeTitle = Schema.decodeUnknownOption(Schema.Struct({ title: Schema.String }))

const titleOf = (message: unknown): string =>
  Option.match(decodeTitle(message), { onNone: () => "", onSome: ({ title }) => `: ${title}` })

const Content = ({ said }: Pick<Message, "said">) => {
  const { event } = said
  const content = contentOf(event)
  if (content !== undefined) return <RichContent element={content} />
  if (event.type === "ContentEvent" && "contentType" in event) {
    const { contentType, message } = event
    if (typeof message === "string") return <span class="bubble-text">{message}</span>
    if (contentType === "hosted/file") return <FileCard message={message} />
    if (contentType === "forms/secure-submission") {
      return (
        <span class="bubble-text">
          <Icon name="lock" /> Filled in a secure form
        </span>
      )
    }
    if (contentType === "forms/secure-invitation") {
      return (
        <span class="bubble-text">
          <Icon name="lock" /> Invitation to a secure form{titleOf(message)}
        </span>
      )
    }
  }
  return <Body label="Event" text={JSON.stringify(event)} />
}

interface BubbleProps {
  readonly message: Message
  readonly side: Side
  readonly note: boolean
  readonly last: boolean
}

export const Bubble = ({ last, message, note, side }: BubbleProps) => {
  const [raw, setRaw] = useState(false)
  const { event } = message.said
  return (
    <div class={`message ${last ? "message-last" : ""}`}>
      <div class={`bubble bubble-${note ? "note" : side}`}>
        <Content said={message.said} />
      </div>
      {"quickReplies" in event && event.quickReplies !== undefined ? (
        <QuickReplyChips replies={event.quickReplies} />
      ) : null}
      <Meta message={message} raw={raw} onRaw={() => setRaw(!raw)} />
      {raw ? <Body label="Event" text={JSON.stringify({ ...message.said, at: undefined })} /> : null}
    </div>
  )
}
