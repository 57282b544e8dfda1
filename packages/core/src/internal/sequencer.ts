/**
 * What is new, what is a repetition, and what has to wait: the numbers of each dialog, and the times of each
 * conversation's states.
 */
import type { ConversationChange, MessagingEvent } from "../protocol/Notification.ts"

/** How many numbers of a dialog are remembered one by one, and how many times of a conversation. */
const memory = 10_000

/** A set that forgets what was put in first when it grows too large. */
class Recent<A> {
  readonly values = new Set<A>()
  readonly capacity: number
  constructor(capacity: number) {
    this.capacity = capacity
  }
  has(value: A): boolean {
    return this.values.has(value)
  }
  add(value: A): void {
    this.values.add(value)
    if (this.values.size > this.capacity) {
      const [oldest] = this.values
      if (oldest !== undefined) this.values.delete(oldest)
    }
  }
}

/** A map that forgets what was used longest ago. */
export class Lru<A> {
  readonly entries = new Map<string, A>()
  readonly capacity: number
  readonly create: () => A
  constructor(capacity: number, create: () => A) {
    this.capacity = capacity
    this.create = create
  }
  get(key: string): A {
    const found = this.entries.get(key) ?? this.create()
    this.entries.delete(key)
    this.entries.set(key, found)
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries.keys()
      if (oldest !== undefined) this.entries.delete(oldest)
    }
    return found
  }
}

/** An event that may go on, and what is to be said of it. */
export interface Admitted<A> {
  readonly change: A
  readonly late: boolean
  readonly missed: number
}

/** The numbers of one dialog. */
export class DialogSequence {
  private readonly seen = new Recent<number>(memory)
  private readonly held = new Map<number, MessagingEvent>()
  private next = 0
  private state: string | undefined

  /** How many wait for an event that has not come. */
  get waiting(): number {
    return this.held.size
  }

  /** What may go on now that this event has come. With `patient`, what comes too early waits. */
  admit(event: MessagingEvent, patient: boolean): ReadonlyArray<Admitted<MessagingEvent>> {
    const { sequence } = event
    if (sequence === undefined) return this.admitState(event)
    if (this.seen.has(sequence)) return []
    if (sequence < this.next) return [this.pass(sequence, event, true, 0)]
    if (patient && sequence > this.next) {
      this.held.set(sequence, event)
      return []
    }
    return [this.pass(sequence, event, false, 0), ...this.follow()]
  }

  /** Goes on without what did not come: what waited longest for its number, and all that follows it. */
  giveUp(): ReadonlyArray<Admitted<MessagingEvent>> {
    const first = Math.min(...this.held.keys())
    const event = this.held.get(first)
    if (event === undefined) return []
    this.held.delete(first)
    return [this.pass(first, event, false, first - this.next), ...this.follow()]
  }

  /** All that still waits, in order. */
  drain(): ReadonlyArray<Admitted<MessagingEvent>> {
    const out: Array<Admitted<MessagingEvent>> = []
    while (this.waiting > 0) out.push(...this.giveUp())
    return out
  }

  private pass(sequence: number, change: MessagingEvent, late: boolean, missed: number): Admitted<MessagingEvent> {
    this.seen.add(sequence)
    this.state = undefined
    if (sequence >= this.next) this.next = sequence + 1
    return { change, late, missed }
  }

  private follow(): ReadonlyArray<Admitted<MessagingEvent>> {
    const out: Array<Admitted<MessagingEvent>> = []
    for (let event = this.held.get(this.next); event !== undefined; event = this.held.get(this.next)) {
      this.held.delete(this.next)
      out.push(this.pass(this.next, event, false, 0))
    }
    return out
  }

  /** A chat state has no number: only an immediate repetition of the same one can be told. */
  private admitState(event: MessagingEvent): ReadonlyArray<Admitted<MessagingEvent>> {
    const state = JSON.stringify([event.originatorId, event.event])
    if (state === this.state) return []
    this.state = state
    return [{ change: event, late: false, missed: 0 }]
  }
}

/** The states of one conversation, by when they were. */
export class ConversationTimes {
  private readonly seen = new Recent<number>(64)
  private newest = Number.NEGATIVE_INFINITY

  admit(change: ConversationChange): ReadonlyArray<Admitted<ConversationChange>> {
    const at = change.result.conversationDetails.metaDataLastUpdateTs
    if (at === undefined) return [{ change, late: false, missed: 0 }]
    if (this.seen.has(at)) return []
    const late = at < this.newest
    this.seen.add(at)
    if (!late) this.newest = at
    return [{ change, late, missed: 0 }]
  }
}
