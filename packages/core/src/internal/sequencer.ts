/**
 * What is new, what is a repetition, and what has to wait: the numbers of each dialog, and the times of each
 * conversation's states.
 */
import type { ConversationChange, MessagingEvent } from "../protocol/Notification.ts"

/**
 * Numbers that have come. Most of them follow each other, so what is kept is what is missing: a dialog of whatever
 * length in which nothing is costs no more than a short one.
 */
class Numbers {
  /** What would follow the highest that has come. */
  next = 0
  /** Below this it is not known any more what has come. */
  private known = 0
  private readonly gaps: Array<{ readonly from: number; readonly until: number }> = []
  private readonly capacity: number
  constructor(capacity: number) {
    this.capacity = capacity
  }
  has(number: number): boolean {
    return number >= this.known && number < this.next && this.gapOf(number) === -1
  }
  add(number: number): void {
    if (number >= this.next) {
      if (number > this.next) this.gaps.push({ from: this.next, until: number })
      this.next = number + 1
    } else {
      const at = this.gapOf(number)
      const gap = this.gaps[at]
      if (gap === undefined) return
      const halves = [
        { from: gap.from, until: number },
        { from: number + 1, until: gap.until }
      ]
      this.gaps.splice(at, 1, ...halves.filter(({ from, until }) => from < until))
    }
    if (this.gaps.length > this.capacity) this.known = this.gaps.shift()?.until ?? this.known
  }
  private gapOf(number: number): number {
    return this.gaps.findLastIndex(({ from, until }) => from <= number && number < until)
  }
}

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

/**
 * A map that makes what is not in it, and forgets what was not used for long: it holds what was used last, as many as
 * its capacity and at most twice as many. Nothing is ever deleted one by one, because a `Map` that is made smaller all
 * the time leaves tables behind that keep each other from the young generation's garbage collection.
 */
export class Recently<A> {
  private young = new Map<string, A>()
  private old = new Map<string, A>()
  private readonly capacity: number
  private readonly create: () => A
  constructor(capacity: number, create: () => A) {
    this.capacity = capacity
    this.create = create
  }
  get(key: string): A {
    const found = this.young.get(key)
    if (found !== undefined) return found
    const made = this.old.get(key) ?? this.create()
    this.young.set(key, made)
    if (this.young.size >= this.capacity) {
      this.old = this.young
      this.young = new Map()
    }
    return made
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
  private readonly seen = new Numbers(10_000)
  private readonly held = new Map<number, MessagingEvent>()
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
    if (sequence < this.seen.next) return [this.pass(sequence, event, true, 0)]
    if (patient && sequence > this.seen.next) {
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
    return [this.pass(first, event, false, first - this.seen.next), ...this.follow()]
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
    return { change, late, missed }
  }

  private follow(): ReadonlyArray<Admitted<MessagingEvent>> {
    const out: Array<Admitted<MessagingEvent>> = []
    for (let event = this.held.get(this.seen.next); event !== undefined; event = this.held.get(this.seen.next)) {
      this.held.delete(this.seen.next)
      out.push(this.pass(this.seen.next, event, false, 0))
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
