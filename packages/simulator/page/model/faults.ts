/**
 * Faults in words, and those that are one click away.
 */
import * as Duration from "effect/Duration"
import * as Fault from "../../src/Fault.ts"
import { shortKey } from "./wire.ts"

const span = (duration: Duration.Duration): string => {
  const millis = Duration.toMillis(duration)
  return millis < 1000 ? `${millis} ms` : `${millis / 1000} s`
}

const late = Fault.Distribution.match({
  Constant: ({ duration }) => span(duration),
  Uniform: ({ max, min }) => `${span(min)} to ${span(max)}`,
  Normal: ({ deviation, mean }) => `around ${span(mean)}, give or take ${span(deviation)}`,
  Exponential: ({ mean }) => `${span(mean)} on average`
})

const processed = (is: boolean): string => (is ? "after processing" : "before processing")

const callFault = Fault.CallFault.match({
  Status: ({ headers, status }) =>
    headers["retry-after"] === undefined
      ? `Answer ${status}`
      : `Answer ${status}, Retry-After ${headers["retry-after"]}`,
  Latency: ({ distribution }) => `Answer late: ${late(distribution)}`,
  Drop: (fault) => `Reset the connection ${processed(fault.processed)}`,
  Truncated: ({ bytes }) => `Cut the answer after ${bytes} bytes`,
  Garbage: (fault) => `Answer ${fault.status} with garbage (${fault.contentType}), ${processed(fault.processed)}`,
  SlowBody: ({ duration }) => `Send the body over ${span(duration)}`,
  Revoke: ({ kind }) => `Revoke all ${kind} tokens`
})

const deliveryFault = Fault.DeliveryFault.match({
  Loss: () => "Lose the notification",
  Duplicate: ({ copies }) => `Post the notification ${copies} times`,
  Delay: ({ duration }) => `Post the notification ${span(duration)} late`,
  Reorder: ({ after }) => `Post the notification after the next ${after === 1 ? "one" : after}`,
  WrongSignature: () => "Sign the notification with another secret"
})

const when = Fault.When.match({
  Next: ({ times }) => (times === 1 ? "once" : `${times} times`),
  Every: ({ nth }) => `every ${ordinal(nth)} time`,
  Chance: ({ probability }) => `${Number((probability * 100).toFixed(1))} % of the time`
})

const ordinal = (nth: number): string => {
  const rest = nth % 100
  const ending = rest > 10 && rest < 14 ? "th" : (["th", "st", "nd", "rd"][nth % 10] ?? "th")
  return `${nth}${ending}`
}

/** What a rule does, in a few words. */
export const effectOf = (rule: Fault.Rule): string =>
  rule.on === "webhook" ? deliveryFault(rule.fault) : callFault(rule.fault)

/** Where, when and for whom it does it. */
export const scopeOf = (rule: Fault.Rule): string =>
  [
    rule.on === "webhook"
      ? rule.key === undefined
        ? "every webhook"
        : shortKey(rule.key)
      : rule.on === "any"
        ? "every call"
        : rule.on,
    when(rule.when),
    ...(rule.consumer === undefined ? [] : [`of ${rule.consumer}`]),
    ...(rule.account === undefined ? [] : [`account ${rule.account}`])
  ].join(" · ")

/** Whether a rule may act again. */
export const isSpent = ({ acted, when }: Fault.ActiveRule): boolean => when._tag === "Next" && acted >= when.times

export interface Preset {
  readonly title: string
  readonly rule: Fault.Rule
}

const next = (times: number): Fault.When => Fault.When.cases.Next.make({ times })

/** What breaks most often, one click each. */
export const presets: { readonly calls: ReadonlyArray<Preset>; readonly deliveries: ReadonlyArray<Preset> } = {
  calls: [
    { title: "429, Retry-After", rule: { on: "send", fault: Fault.status(429, { retryAfter: "2" }), when: next(3) } },
    { title: "500", rule: { on: "any", fault: Fault.status(500), when: next(1) } },
    {
      title: "Latency",
      rule: {
        on: "any",
        fault: Fault.latency({ min: "200 millis", max: "2 seconds" }),
        when: Fault.When.cases.Chance.make({ probability: 1 })
      }
    },
    { title: "Reset after processing", rule: { on: "send", fault: Fault.drop({ processed: true }), when: next(1) } },
    { title: "Garbage", rule: { on: "send", fault: Fault.garbage(), when: next(1) } },
    { title: "Truncated body", rule: { on: "send", fault: Fault.truncated(), when: next(1) } },
    { title: "Slow body", rule: { on: "send", fault: Fault.slowBody("5 seconds"), when: next(1) } },
    { title: "Token revoked", rule: { on: "send", fault: Fault.revoke("app"), when: next(1) } }
  ],
  deliveries: [
    { title: "Loss", rule: { on: "webhook", fault: Fault.loss(), when: next(1) } },
    { title: "Duplicate", rule: { on: "webhook", fault: Fault.duplicate(), when: next(1) } },
    { title: "Delay", rule: { on: "webhook", fault: Fault.delay("3 seconds"), when: next(1) } },
    { title: "Reorder", rule: { on: "webhook", fault: Fault.reorder(), when: next(1) } },
    { title: "Wrong signature", rule: { on: "webhook", fault: Fault.wrongSignature(), when: next(1) } }
  ]
}
