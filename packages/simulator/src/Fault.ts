/**
 * What can be made to go wrong, and when: one model for tests, the control API and the page.
 *
 * A fault of a call changes its answer: another status, a slow one, none at all, one that is cut short or makes no
 * sense. A fault of a delivery keeps LivePerson to no more than it promises of webhooks: at least once, in any order.
 *
 * ```ts
 * import { Fault, Simulator } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const stormy = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   yield* simulator.fault("conversation", Fault.status(429, { retryAfter: "3" }), { times: 2 })
 *   yield* simulator.fault("send", Fault.drop({ processed: true }), { every: 10, consumer: "sms:+15550100" })
 *   yield* simulator.fault("any", Fault.latency({ min: "50 millis", max: "2 seconds" }), { probability: 0.1 })
 *   yield* simulator.fault("webhook", Fault.duplicate(), { probability: 0.5 })
 * })
 * ```
 *
 * Reference: sections 1.5, 1.6 and 5.1.
 */
import { AccountId, ConsumerId, WebhookKey } from "@effect-liveperson/core/protocol"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/** LivePerson's endpoints, those of section 12 together as `"operator"`. */
export const Endpoint = Schema.Literals([
  "domains",
  "sentinel",
  "idp",
  "conversation",
  "send",
  "storage",
  "engagement",
  "operator"
])
export type Endpoint = typeof Endpoint.Type

const Positive = Schema.Int.check(Schema.isGreaterThan(0, { expected: "a whole number above 0" }))
const Status = Schema.Int.check(
  Schema.isBetween({ minimum: 200, maximum: 599 }, { expected: "a status from 200 to 599" })
)
const Millis = Schema.DurationFromMillis

/** How late an answer is: always the same, anything between two limits, around a mean, or mostly little and rarely much. */
export const Distribution = Schema.TaggedUnion({
  Constant: { duration: Millis },
  Uniform: { min: Millis, max: Millis },
  Normal: { mean: Millis, deviation: Millis },
  Exponential: { mean: Millis }
})
export type Distribution = typeof Distribution.Type

/**
 * What happens to a call:
 *
 * - `Status`: another answer; the request is not processed.
 * - `Latency`: whatever the answer is, it comes later. It acts beside the fault that follows it.
 * - `Drop`: the connection is reset, before the request was processed or after.
 * - `Truncated`: the request is processed, and of the answer's body the first `bytes` arrive.
 * - `Garbage`: an answer that is not the protocol's, without or after processing the request.
 * - `SlowBody`: the request is processed, and the answer's body arrives in pieces over a time.
 * - `Revoke`: every token of a kind that was issued so far is invalid from this call on. It acts beside others, too.
 */
export const CallFault = Schema.TaggedUnion({
  Status: {
    status: Status,
    headers: Schema.Record(Schema.String, Schema.String),
    body: Schema.optionalKey(Schema.Json)
  },
  Latency: { distribution: Distribution },
  Drop: { processed: Schema.Boolean },
  Truncated: { bytes: Schema.Natural },
  Garbage: {
    status: Status,
    contentType: Schema.String,
    text: Schema.String,
    processed: Schema.Boolean
  },
  SlowBody: { duration: Millis },
  Revoke: { kind: Schema.Literals(["app", "consumer"]) }
})
export type CallFault = typeof CallFault.Type

/**
 * What happens to a notification:
 *
 * - `Loss`: it is never posted.
 * - `Duplicate`: it is posted `copies` times.
 * - `Delay`: it is posted later, and with it those of its conversation that come after it.
 * - `Reorder`: it is held back until the next `after` notifications of its conversation were posted.
 * - `WrongSignature`: it is signed with another secret. Its repetitions are signed as they should be.
 */
export const DeliveryFault = Schema.TaggedUnion({
  Loss: {},
  Duplicate: { copies: Positive },
  Delay: { duration: Millis },
  Reorder: { after: Positive },
  WrongSignature: {}
})
export type DeliveryFault = typeof DeliveryFault.Type

/** Which of the calls, or deliveries, that a rule is for it acts on. */
export const When = Schema.TaggedUnion({
  /** On the next so many, and then never again. */
  Next: { times: Positive },
  /** On every nth: with 3 on the third, the sixth, and so on. */
  Every: { nth: Positive },
  /** On each with a probability, drawn from the simulator's seed. */
  Chance: {
    probability: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }, { expected: "a number from 0 to 1" }))
  }
})
export type When = typeof When.Type

const who = {
  when: When,
  /** Of this account alone; of every account, where it is left out. */
  account: Schema.optionalKey(AccountId),
  /** Of this consumer alone; of every consumer, where it is left out. */
  consumer: Schema.optionalKey(ConsumerId)
}

/** A rule for calls: of one endpoint, or of `"any"`. */
export const CallRule = Schema.Struct({
  on: Schema.Literals(["any", ...Endpoint.literals]),
  fault: CallFault,
  ...who
})
export type CallRule = typeof CallRule.Type

/** A rule for deliveries: of one kind of notification, or of all. */
export const DeliveryRule = Schema.Struct({
  on: Schema.Literal("webhook"),
  fault: DeliveryFault,
  key: Schema.optionalKey(WebhookKey),
  ...who
})
export type DeliveryRule = typeof DeliveryRule.Type

/**
 * What goes wrong, where, for whom, and when. Rules are tried in the order in which they were made, and the first that
 * acts is the one that counts: those behind it wait.
 */
export const Rule = Schema.Union([CallRule, DeliveryRule])
export type Rule = typeof Rule.Type

const counted = {
  /** Rules are counted from 1. */
  id: Schema.Natural,
  /** How often it was asked whether it acts, and how often it did. */
  asked: Schema.Natural,
  acted: Schema.Natural
}

/** A rule that is in force. */
export const ActiveRule = Schema.Union([
  Schema.Struct({ ...CallRule.fields, ...counted }),
  Schema.Struct({ ...DeliveryRule.fields, ...counted })
])
export type ActiveRule = typeof ActiveRule.Type

/** Answers with a status, and with `Retry-After` and a JSON body where given. */
export const status = (
  status: number,
  options: { readonly retryAfter?: string; readonly body?: Schema.Json } = {}
): CallFault =>
  CallFault.cases.Status.make({
    status,
    headers: options.retryAfter === undefined ? {} : { "retry-after": options.retryAfter },
    ...(options.body === undefined ? {} : { body: options.body })
  })

/** Answers as usual, after a while: a fixed one, or one that is drawn anew for each call. */
export const latency = (
  late:
    | Duration.Input
    | { readonly min: Duration.Input; readonly max: Duration.Input }
    | { readonly mean: Duration.Input; readonly deviation?: Duration.Input }
): CallFault => CallFault.cases.Latency.make({ distribution: distributionOf(late) })

const distributionOf = (late: Parameters<typeof latency>[0]): Distribution => {
  const of = Duration.fromInputUnsafe
  if (typeof late === "object" && "min" in late) {
    return Distribution.cases.Uniform.make({ min: of(late.min), max: of(late.max) })
  }
  if (typeof late === "object" && "mean" in late) {
    return late.deviation === undefined
      ? Distribution.cases.Exponential.make({ mean: of(late.mean) })
      : Distribution.cases.Normal.make({ mean: of(late.mean), deviation: of(late.deviation) })
  }
  return Distribution.cases.Constant.make({ duration: of(late) })
}

/** Resets the connection: before the request is processed, or with `processed` after. */
export const drop = (options: { readonly processed?: boolean } = {}): CallFault =>
  CallFault.cases.Drop.make({ processed: options.processed ?? false })

/** Processes the request and cuts the answer's body after so many bytes. */
export const truncated = (bytes = 10): CallFault => CallFault.cases.Truncated.make({ bytes })

/** Answers with a text that is not the protocol's: an HTML page unless another is given. */
export const garbage = (
  text = "<!doctype html><title>Service status</title><p>We will be back soon.</p>",
  options: { readonly status?: number; readonly contentType?: string; readonly processed?: boolean } = {}
): CallFault =>
  CallFault.cases.Garbage.make({
    status: options.status ?? 200,
    contentType: options.contentType ?? "text/html",
    text,
    processed: options.processed ?? false
  })

/** Processes the request and takes this long over the answer's body. */
export const slowBody = (duration: Duration.Input): CallFault =>
  CallFault.cases.SlowBody.make({ duration: Duration.fromInputUnsafe(duration) })

/** Makes every token of a kind invalid that was issued before this call. */
export const revoke = (kind: "app" | "consumer"): CallFault => CallFault.cases.Revoke.make({ kind })

/** Never posts it. */
export const loss = (): DeliveryFault => DeliveryFault.cases.Loss.make({})

/** Posts it several times: twice unless it is said otherwise. */
export const duplicate = (copies = 2): DeliveryFault => DeliveryFault.cases.Duplicate.make({ copies })

/** Posts it after a while, in order. */
export const delay = (duration: Duration.Input): DeliveryFault =>
  DeliveryFault.cases.Delay.make({ duration: Duration.fromInputUnsafe(duration) })

/** Posts it after the notification of its conversation that follows, or after so many of them. */
export const reorder = (after = 1): DeliveryFault => DeliveryFault.cases.Reorder.make({ after })

/** Signs it with another secret. */
export const wrongSignature = (): DeliveryFault => DeliveryFault.cases.WrongSignature.make({})
