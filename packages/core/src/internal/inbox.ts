/**
 * An inbox in memory: a line per conversation, and the lines whose first is free to be taken.
 */
import type * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Notification } from "../protocol/Notification.ts"
import { changesOf, conversationOf, type Delivery, nowhere } from "./delivery.ts"
import { type Admitted, ConversationTimes, DialogSequence, Lru } from "./sequencer.ts"

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

interface Line {
  readonly key: string
  readonly waiting: Array<Delivery>
}

export const make = Effect.fnUntraced(function* (options: Options) {
  const scope = yield* Effect.scope
  const lines = new Map<string, Line>()
  const ready = yield* Queue.unbounded<Line>()
  const parked: Array<Parked> = []
  const dialogs = new Lru(options.conversations, () => new DialogSequence())
  const times = new Lru(options.conversations, () => new ConversationTimes())
  const patient = options.gapTimeout !== undefined
  /** Dialogs in which something is held back, and the conversation that it belongs to. */
  const holding = new Map<string, DialogSequence>()
  let size = 0
  let open = true

  /** Keeps count of what is held back: it takes up room as what waits in line does. */
  const changing = (sequence: DialogSequence, change: () => void) => {
    size -= sequence.waiting
    change()
    size += sequence.waiting
  }

  const enqueue = ({ change, late, missed }: Admitted<Delivery["change"]>) => {
    const conversationId = conversationOf(change)
    const key = conversationId ?? nowhere
    const line = lines.get(key) ?? { key, waiting: [] }
    line.waiting.push({ conversationId, change, late, missed })
    size += 1
    if (lines.has(key)) return
    lines.set(key, line)
    Queue.offerUnsafe(ready, line)
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
      if (line.waiting.length > 0) Queue.offerUnsafe(ready, line)
      else lines.delete(line.key)
    })

  const take: Effect.Effect<Lease, never, Scope.Scope> = Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const line = yield* restore(Queue.take(ready))
      const [delivery] = line.waiting
      if (delivery === undefined) return yield* Effect.die("a line without anybody in it")
      let isDone = false
      yield* Effect.addFinalizer(() => Effect.suspend(() => release(line, isDone)))
      return {
        delivery,
        done: Effect.sync(() => {
          isDone = true
        })
      }
    })
  )

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
