/**
 * What is kept of consumers, messages and notifications.
 *
 * A message that is to be sent is marked before the call and again after it. Who marks must own the consumer: each time
 * that the entity is built the consumer's epoch grows, and a mark is made only in the epoch that is the last one, in the
 * same statement that looks it up. An owner of an earlier epoch cannot send, however long it was stopped in between.
 */
import type { ConversationId, DialogId } from "@effect-liveperson/core/protocol"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Address, Message } from "../Consumer.ts"

/** The store cannot be reached, or does not take what it is given. */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", { cause: Schema.Defect() }) {
  override get message(): string {
    return "The database does not answer as it should."
  }
}

type Result<A> = Effect.Effect<A, StoreError>

/** An address, and the epoch in which it is one's own. */
export interface Owner extends Address {
  readonly epoch: number
}

/** A span, as it is named elsewhere. */
export interface Trace {
  readonly traceId: string
  readonly spanId: string
}

/** Where a message is sent: the conversation, or none where one is to be opened; and the last number known in it. */
export interface Mark {
  readonly tag: string
  readonly conversationId: ConversationId | undefined
  readonly after: number
  /** The span that sends it, which whatever is said next in the conversation belongs to as well. */
  readonly trace: Trace | undefined
}

/** A message that was marked before. `age` is how many milliseconds ago that was last. */
export interface Marked {
  readonly state: "sending" | "sent" | "parked"
  readonly replay: number
  readonly conversationId: ConversationId | undefined
  readonly after: number
  readonly age: number
}

/** Where a message arrived. */
export interface Arrival {
  readonly conversationId: ConversationId
  readonly sequence: number | undefined
}

/** One thing that LivePerson said, as it is kept. */
export interface Notice {
  /** What tells it apart: the dialog and number, or a digest. */
  readonly key: string
  readonly conversationId: ConversationId
  readonly dialogId: DialogId | undefined
  readonly sequence: number | undefined
  /** The tag of the message that came back, where it is one of the gateway's own. */
  readonly tag: string | undefined
  /** LivePerson's own name for the consumer, where it says so. */
  readonly lpConsumer: string | undefined
  /** What is for the channel, as JSON; undefined where nothing is. */
  readonly event: string | undefined
  /** Whether the conversation is over. */
  readonly closes: boolean
}

/** Something that waits for the channel. */
export interface Waiting {
  readonly row: number
  readonly key: string
  readonly conversationId: ConversationId
  readonly dialogId: DialogId | undefined
  readonly sequence: number | undefined
  readonly event: string
  readonly age: number
}

export class Store extends Context.Service<
  Store,
  {
    /** Begins a new epoch; the conversation that is open, as far as is known. */
    readonly own: (
      address: Address
    ) => Result<{ readonly epoch: number; readonly conversationId: ConversationId | undefined }>
    /** LivePerson's own name for the consumer, by which notifications find them. */
    readonly identify: (address: Address, lpConsumer: string) => Result<void>

    /** Marks a message as being sent, unless it was marked before; `"fenced"` where somebody else owns the consumer. */
    readonly begin: (owner: Owner, message: Message, mark: Mark) => Result<"begun" | "fenced" | Marked>
    /** Marks it again. False where somebody else owns the consumer. */
    readonly again: (owner: Owner, message: Message, mark: Mark) => Result<boolean>
    readonly sent: (address: Address, message: Message, arrival: Arrival) => Result<void>
    /** It is a dead letter. False where somebody else owns the consumer, who may have sent it. */
    readonly park: (owner: Owner, message: Message, reason: string) => Result<boolean>

    /** Whether the conversation was closed for a request of this id: it is not done again for what was opened since. */
    readonly isClosed: (address: Address, id: string) => Result<boolean>
    /** It was. */
    readonly closed: (address: Address, id: string) => Result<void>

    /** The conversation is the consumer's, and open. */
    readonly adopt: (address: Address, conversationId: ConversationId) => Result<void>
    /** The conversation is over. */
    readonly forget: (address: Address, conversationId: ConversationId) => Result<void>
    /** The consumer's newest conversation, if it was first heard of no longer than so many milliseconds ago. */
    readonly newest: (
      address: Address,
      within: number
    ) => Result<Option.Option<{ readonly id: ConversationId; readonly open: boolean }>>
    /** The consumer's open conversation, as far as is known. */
    readonly conversation: (address: Address) => Result<Option.Option<ConversationId>>

    /** Where a message came back from. */
    readonly echo: (account: Address["account"], tag: string) => Result<Option.Option<Arrival>>
    /** How many of the numbers between two of a dialog are known. */
    readonly known: (account: Address["account"], dialogId: string, from: number, to: number) => Result<number>
    /** The highest number known of a dialog; -1 where none is. */
    readonly last: (account: Address["account"], dialogId: string) => Result<number>

    /** Keeps what LivePerson said, each thing once. Says for whom something waits. */
    readonly receive: (
      account: Address["account"],
      notices: ReadonlyArray<Notice>
    ) => Result<ReadonlyArray<Address["consumer"]>>
    /** What the channel is to be told next: of what came first, or of what has a lower number in the same dialog. */
    readonly next: (address: Address) => Result<Option.Option<Waiting>>
    /** How many of the numbers between two of a dialog are known, and not of what waits for the channel. */
    readonly settled: (account: Address["account"], dialogId: string, from: number, to: number) => Result<number>
    /** The highest number of a dialog that the channel was told of; -1 where none was. */
    readonly told: (account: Address["account"], dialogId: string) => Result<number>
    /** The span of the message that was the last one in a dialog before a number. */
    readonly traceBefore: (
      account: Address["account"],
      dialogId: string,
      sequence: number
    ) => Result<Option.Option<Trace>>
    /** The channel was told, or refused to be told, for a reason. */
    readonly settle: (row: number, refusal?: string) => Result<void>
  }
>()("@effect-liveperson/gateway/Store") {}
