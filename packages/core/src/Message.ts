/**
 * What a consumer says, as values: what is built here is what `Connector.send` sends.
 *
 * ```ts
 * import { Connector, Message } from "@effect-liveperson/core"
 * import { Effect } from "effect"
 *
 * const conversation = "8602832d-dce1-446b-8445-0d51f5926a42"
 *
 * const answers = Effect.gen(function* () {
 *   yield* Connector.send(conversation, Message.text("It was due on Monday"))
 *   yield* Connector.send(conversation, Message.quickReply("Yes", { id: "yes-1234" }))
 * })
 * ```
 *
 * Limits are checked when the message is sent; `InvalidInput` then names what is too long.
 *
 * Reference: section 3.3.
 */
import type { Metadata } from "./protocol/Metadata.ts"
import type { PublishEvent, PublishedEvent } from "./protocol/PublishEvent.ts"
import type { Action, Element, QuickReplies } from "./protocol/RichContent.ts"

type EventOf<Type extends string> = Extract<(typeof PublishedEvent)["Encoded"], { readonly type: Type }>

type MetadataInput = (typeof Metadata)["Encoded"]

/** An event and what is said beside it. */
export interface Message {
  readonly event: (typeof PublishEvent.body)["Encoded"]["event"]
  readonly metadata?: ReadonlyArray<MetadataInput>
}

/** The same message with metadata beside it. */
export const withMetadata =
  (metadata: ReadonlyArray<MetadataInput>) =>
  (self: Message): Message => ({ ...self, metadata: [...(self.metadata ?? []), ...metadata] })

/** Plain text: at most 5000 characters, and with the request around it no more than 5000 either. */
export const text = (message: string): Message => ({
  event: { type: "ContentEvent", contentType: "text/plain", message }
})

/**
 * The consumer chose a quick reply or clicked a button that says a text: the text, and the `id` of the `ExternalId`
 * that the element carried (at most 64 characters), by which a bot knows which one it was.
 */
export const quickReply = (message: string, options: { readonly id: string }): Message => ({
  ...text(message),
  metadata: [{ type: "ExternalId", id: options.id }]
})

/** A file that lies in LivePerson's storage already. `Connector.sendFile` uploads one and sends it. */
export const file = (file: {
  readonly relativePath: string
  readonly fileType: string
  readonly caption?: string
  /** A picture of the file as a data URI, under 30 KB. */
  readonly preview?: string
}): Message => ({ event: { type: "ContentEvent", contentType: "hosted/file", message: file } })

/** The consumer filled in the secure form that `invitationId` invited to. What they wrote is not in it. */
export const secureForm = (message: { readonly submissionId: string; readonly invitationId: string }): Message => ({
  event: { type: "ContentEvent", contentType: "forms/secure-submission", message }
})

/** Structured content of any kind, with the answers that are offered under it. */
export const richContent = (
  content: Element,
  options: { readonly quickReplies?: (typeof QuickReplies)["Encoded"] } = {}
): Message => ({ event: { type: "RichContentEvent", content, ...options } })

/** A button of a card: a title of at most 128 characters, and what happens when it is clicked. */
export interface CardButton {
  readonly title: string
  readonly actions: ReadonlyArray<Action>
}

/** What a card shows, from top to bottom. */
export interface Card {
  /** A picture's `https` URL, at most 2048 characters. */
  readonly image?: string
  /** At most 5000 characters, shown bold. */
  readonly title?: string
  /** At most 5000 characters. */
  readonly text?: string
  readonly buttons?: ReadonlyArray<CardButton>
}

const cardElement = ({ buttons = [], image, text, title }: Card): Element => ({
  type: "vertical",
  elements: [
    ...(image === undefined ? [] : [{ type: "image", url: image } as const]),
    ...(title === undefined ? [] : [{ type: "text", text: title, style: { bold: true } } as const]),
    ...(text === undefined ? [] : [{ type: "text", text } as const]),
    ...buttons.map(({ actions, title }) => ({ type: "button", title, click: { actions } }) as const)
  ]
})

/** A card: a picture, a title, a text and buttons, each where given. */
export const card = (card: Card): Message => richContent(cardElement(card))

/** Cards to leaf through: 2 to 10. */
export const carousel = (cards: ReadonlyArray<Card>): Message =>
  richContent({ type: "carousel", elements: cards.map(cardElement) })

/** What the consumer is doing. `Connector.typing` sends COMPOSING and ends it again. */
export const chatState = (chatState: EventOf<"ChatStateEvent">["chatState"]): Message => ({
  event: { type: "ChatStateEvent", chatState }
})

/** What became of the messages with these numbers on the consumer's side. */
export const status = (
  status: EventOf<"AcceptStatusEvent">["status"],
  sequenceList: ReadonlyArray<number>
): Message => ({ event: { type: "AcceptStatusEvent", status, sequenceList } })

/** The messages with these numbers have arrived. */
export const accept = (sequences: ReadonlyArray<number>): Message => status("ACCEPT", sequences)

/** The messages with these numbers have been read. */
export const read = (sequences: ReadonlyArray<number>): Message => status("READ", sequences)

/** The consumer clicked an element of the message with this number: the metadata is what the element carried. */
export const action = (sequence: number, metadata: ReadonlyArray<MetadataInput>): Message => ({
  ...status("ACTION", [sequence]),
  metadata
})
