/**
 * The rules of what goes wrong, and whose turn it is.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type {
  ActiveRule,
  CallFault,
  CallRule,
  DeliveryFault,
  DeliveryRule,
  Distribution,
  Rule,
  When
} from "../Fault.ts"
import type { Call, Delivery } from "../Wire.ts"

interface InForce<R> {
  readonly id: number
  readonly rule: R
  /** A sequence of its own, so that what one rule draws does not depend on how often another was asked. */
  readonly random: Random.Random
  asked: number
  acted: number
}

/** A fault that acts, and the rule that it comes from. */
export interface Acting<F> {
  readonly id: number
  readonly fault: F
  readonly random: Random.Random
}

const acts = (when: When, { acted, asked, random }: InForce<unknown>): boolean => {
  switch (when._tag) {
    case "Next":
      return acted < when.times
    case "Every":
      return asked % when.nth === 0
    case "Chance":
      return random.nextDoubleUnsafe() < when.probability
  }
}

type Who = Pick<Call, "account" | "consumer">

const isFor = (rule: Rule, { account, consumer }: Who): boolean =>
  (rule.account === undefined || rule.account === account) &&
  (rule.consumer === undefined || rule.consumer === consumer)

/** These act beside the fault that follows them. */
const isBeside = ({ fault }: Acting<CallFault>): boolean => fault._tag === "Latency" || fault._tag === "Revoke"

/** Two draws make one of the normal distribution (Box and Muller). */
const normal = (random: Random.Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.nextDoubleUnsafe())) * Math.cos(2 * Math.PI * random.nextDoubleUnsafe())

/** How late this one is. */
export const draw = (distribution: Distribution, random: Random.Random): Duration.Duration => {
  switch (distribution._tag) {
    case "Constant":
      return distribution.duration
    case "Uniform": {
      const [min, max] = [Duration.toMillis(distribution.min), Duration.toMillis(distribution.max)]
      return Duration.millis(min + random.nextDoubleUnsafe() * Math.max(0, max - min))
    }
    case "Normal": {
      const [mean, deviation] = [Duration.toMillis(distribution.mean), Duration.toMillis(distribution.deviation)]
      return Duration.millis(Math.max(0, mean + deviation * normal(random)))
    }
    case "Exponential":
      return Duration.millis(-Duration.toMillis(distribution.mean) * Math.log(1 - random.nextDoubleUnsafe()))
  }
}

export const make = (seed: string, changed: () => void) => {
  const calls: Array<InForce<CallRule>> = []
  const deliveries: Array<InForce<DeliveryRule>> = []
  let count = 0

  const told = <R extends Rule>({ acted, asked, id, rule }: InForce<R>) => ({ ...rule, id, asked, acted })

  const remove = <R>(rules: Array<InForce<R>>, id: number): boolean => {
    const at = rules.findIndex((rule) => rule.id === id)
    if (at === -1) return false
    rules.splice(at, 1)
    changed()
    return true
  }

  /** The faults that act, in order, up to the first that leaves no room for another. */
  const take = <R extends Rule>(
    rules: Array<InForce<R>>,
    concerns: (rule: R) => boolean,
    isLast: (acting: Acting<R["fault"]>) => boolean
  ): ReadonlyArray<Acting<R["fault"]>> => {
    const taken: Array<Acting<R["fault"]>> = []
    // A copy, because a rule that is spent leaves the list.
    for (const one of rules.slice()) {
      const { id, random, rule } = one
      if (!concerns(rule)) continue
      one.asked += 1
      if (acts(rule.when, one)) {
        one.acted += 1
        if (rule.when._tag === "Next" && one.acted === rule.when.times) remove(rules, id)
        const acting = { id, fault: rule.fault, random }
        taken.push(acting)
        if (isLast(acting)) break
      }
    }
    if (rules.length > 0) changed()
    return taken
  }

  return {
    add: Effect.fnUntraced(function* (rule: Rule): Effect.fn.Return<ActiveRule> {
      const id = (count += 1)
      const random = yield* Random.withSeed(Random.Random, `${seed} rule ${id}`)
      const counted = { id, random, asked: 0, acted: 0 }
      if (rule.on === "webhook") deliveries.push({ ...counted, rule })
      else calls.push({ ...counted, rule })
      changed()
      return rule.on === "webhook" ? told({ ...counted, rule }) : told({ ...counted, rule })
    }),

    /** What happens to a call: faults that act beside the last one, and that one, if any. */
    ofCall: ({ account, consumer, endpoint }: Who & Pick<Call, "endpoint">): ReadonlyArray<Acting<CallFault>> =>
      calls.length === 0
        ? []
        : take(
            calls,
            (rule) => (rule.on === "any" || rule.on === endpoint) && isFor(rule, { account, consumer }),
            (acting) => !isBeside(acting)
          ),

    /** What happens to a notification, where anything does. */
    ofDelivery: ({ account, consumer, key }: Who & Pick<Delivery, "key">): Acting<DeliveryFault> | undefined =>
      take(
        deliveries,
        (rule) => (rule.key === undefined || rule.key === key) && isFor(rule, { account, consumer }),
        () => true
      )[0],

    remove: (id: number): boolean => remove(calls, id) || remove(deliveries, id),

    clear: (): void => {
      calls.length = 0
      deliveries.length = 0
      changed()
    },

    list: (): ReadonlyArray<ActiveRule> =>
      [...calls.map(told), ...deliveries.map(told)].toSorted((one, other) => one.id - other.id)
  }
}

export type Faults = ReturnType<typeof make>
