/**
 * An inbox in memory: a line per conversation, and the lines whose first is free to be taken.
 */
import type * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as MutableList from "effect/MutableList"
import type * as Scope from "effect/Scope"
import type { Notification } from "../protocol/Notification.ts"
import { changesOf, conversationOf, type Delivery, nowhere } from "./delivery.ts"
import { type Admitted, ConversationTimes, DialogSequence, Recently } from "./sequencer.ts"

/** A delivery that is somebody's for now, and how to be done with it. */
export interface Lease {
  readonly delivery: Delivery
  /** It is dealt with. A lease whose scope closes before that goes back to the head of its line. */
  readonly done: Effect.Effect<void>
}

/** A delivery that could not be dealt with, and why. */
export interface Parked {
  readonly delivery: Delivery
  readonly cause: Cause.Cause<unknown>
}

export interface Options {
  readonly capacity: number
  readonly conversations: number
  readonly parkedCapacity: number
  /** How long a gap in a dialog's numbers is waited for; undefined where gaps are not waited for at all. */
  readonly gapTimeout: Duration.Duration | undefined
  readonly onShutdown: (left: ReadonlyArray<Delivery>) => Effect.Effect<void>
}

/** What waits of one conversation. It is in use while something is in it. */
interface Line {
  readonly waiting: Array<Delivery>
}

/** How many lines that nothing is in are kept for what comes next. */
const idleLines = 1_000

export const make = Effect.fnUntraced(function* (options: Options) {
  const scope = yield* Effect.scope
  const lines = new Map<string, Line>()
  /** Lines whose first is free to be taken, and those who wait for one. */
  const ready = MutableList.make<Line>()
  const takers: Array<() => void> = []
  const parked: Array<Parked> = []
  const dialogs = new Recently(options.conversations, () => new DialogSequence())
  const times = new Recently(options.conversations, () => new ConversationTimes())
  const patient = options.gapTimeout !== undefined
  /** Dialogs in which something is held back, and the conversation that it belongs to. */
  const holding = new Map<string, DialogSequence>()
  let size = 0
  let inUse = 0
  let open = true

  const wake = () => {
    if (ready.length > 0) takers.pop()?.()
  }

  const offerLine = (line: Line) => {
    MutableList.append(ready, line)
    wake()
  }

  /** Returns when there may be a line. Whoever is woken and does not come wakes another. */
  const waitForLine = Effect.callback<void>((resume) => {
    const taker = () => resume(Effect.void)
    takers.push(taker)
    return Effect.sync(() => {
      const at = takers.indexOf(taker)
      if (at !== -1) takers.splice(at, 1)
    })
  }).pipe(
    // What a handler does is not done by whoever offers.
    Effect.andThen(Effect.yieldNow),
    Effect.onInterrupt(() => Effect.sync(wake))
  )

  const lineOf = (key: string): Line => {
    const known = lines.get(key)
    if (known !== undefined) return known
    if (lines.size > inUse + idleLines) {
      for (const [key, { waiting }] of lines) if (waiting.length === 0) lines.delete(key)
    }
    const line: Line = { waiting: [] }
    lines.set(key, line)
    return line
  }

  /** Keeps count of what is held back: it takes up room as what waits in line does. */
  const changing = (sequence: DialogSequence, change: () => void) => {
    size -= sequence.waiting
    change()
    size += sequence.waiting
  }

  const enqueue = ({ change, late, missed }: Admitted<Delivery["change"]>) => {
    const conversationId = conversationOf(change)
    const line = lineOf(conversationId ?? nowhere)
    line.waiting.push({ conversationId, change, late, missed })
    size += 1
    if (line.waiting.length > 1) return
    inUse += 1
    offerLine(line)
  }

  /** Waits for what is missing in a dialog, and goes on without it when it does not come. */
  const waitFor = (dialogId: string, sequence: DialogSequence, timeout: Duration.Duration) =>
    Effect.suspend(() => {
      if (holding.has(dialogId)) return Effect.void
      holding.set(dialogId, sequence)
      const wait: Effect.Effect<unknown> = Effect.andThen(
        Effect.sleep(timeout),
        Effect.suspend(() => {
          changing(sequence, () => sequence.giveUp().forEach(enqueue))
          return sequence.waiting > 0 ? wait : Effect.sync(() => holding.delete(dialogId))
        })
      )
      return Effect.forkIn(wait, scope)
    })

  const admit = Effect.fnUntraced(function* (change: Delivery["change"]) {
    switch (change._tag) {
      case "MessagingEvent": {
        const sequence = dialogs.get(change.dialogId)
        changing(sequence, () => sequence.admit(change, patient).forEach(enqueue))
        if (sequence.waiting > 0 && options.gapTimeout !== undefined) {
          yield* waitFor(change.dialogId, sequence, options.gapTimeout)
        }
        return
      }
      case "ConversationChange":
        return times.get(change.result.convId).admit(change).forEach(enqueue)
      case "Unrecognized":
        return enqueue({ change, late: false, missed: 0 })
    }
  })

  /** All of a notification or nothing of it: LivePerson posts the whole again. */
  const offer = Effect.fnUntraced(function* (notification: Notification) {
    const changes = changesOf(notification)
    if (!open || size + changes.length > options.capacity) return false
    for (const change of changes) yield* admit(change)
    return true
  })

  const release = (line: Line, isDone: boolean) =>
    Effect.sync(() => {
      if (isDone) {
        line.waiting.shift()
        size -= 1
      }
      if (line.waiting.length > 0) offerLine(line)
      else inUse -= 1
    })

  const leased = (line: Line): Effect.Effect<Lease, never, Scope.Scope> => {
    const [delivery] = line.waiting
    if (delivery === undefined) return Effect.die("a line without anybody in it")
    let isDone = false
    const done = Effect.sync(() => {
      isDone = true
    })
    return Effect.as(
      Effect.addFinalizer(() => release(line, isDone)),
      { delivery, done }
    )
  }

  // A line that was taken is leased in the same step, so that nobody is interrupted with it in hand.
  const take: Effect.Effect<Lease, never, Scope.Scope> = Effect.uninterruptibleMask((restore) => {
    const next: Effect.Effect<Lease, never, Scope.Scope> = Effect.suspend(() => {
      const line = MutableList.take(ready)
      return line === MutableList.Empty ? Effect.andThen(restore(waitForLine), next) : leased(line)
    })
    return next
  })

  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      open = false
      for (const sequence of holding.values()) changing(sequence, () => sequence.drain().forEach(enqueue))
      const left = [...lines.values()].flatMap(({ waiting }) => waiting)
      return left.length === 0 ? Effect.void : options.onShutdown(left)
    })
  )

  return {
    offer,
    take,
    park: (delivery: Delivery, cause: Cause.Cause<unknown>) =>
      Effect.sync(() => {
        parked.push({ delivery, cause })
        if (parked.length > options.parkedCapacity) parked.shift()
      }),
    parked: Effect.sync((): ReadonlyArray<Parked> => [...parked]),
    size: Effect.sync(() => size)
  }
})
