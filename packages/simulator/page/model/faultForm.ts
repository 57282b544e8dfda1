/**
 * The form of faults: each kind with its fields, and how what was filled in becomes a rule.
 */
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Fault from "../../src/Fault.ts"

/** What is filled in, by the names of the fields. */
export type Draft = Readonly<Record<string, string>>

interface Common {
  readonly name: string
  readonly label: string
  readonly initial: string
  /** Shown only where this holds. */
  readonly shown?: (draft: Draft) => boolean
}

export type Field =
  | (Common & { readonly as: "number" | "text" | "lines"; readonly hint?: string })
  | (Common & { readonly as: "choice"; readonly options: ReadonlyArray<readonly [value: string, label: string]> })

/** A kind of fault: its fields, and the fault as it is encoded. */
export interface Kind {
  readonly tag: string
  readonly label: string
  readonly says: string
  readonly of: "calls" | "deliveries"
  readonly fields: ReadonlyArray<Field>
  readonly build: (draft: Draft) => Readonly<Record<string, unknown>>
}

const number = (draft: Draft, name: string): number => {
  const text = (draft[name] ?? "").trim()
  return text === "" ? Number.NaN : Number(text)
}

const amount = (name: string, label: string, initial: number, shown?: Common["shown"]): Field => ({
  as: "number",
  name,
  label,
  initial: String(initial),
  ...(shown === undefined ? {} : { shown })
})

const whether: Field = {
  as: "choice",
  name: "processed",
  label: "The request is",
  initial: "false",
  options: [
    ["false", "not processed"],
    ["true", "processed first"]
  ]
}

const shape =
  (...shapes: ReadonlyArray<string>) =>
  (draft: Draft) =>
    shapes.includes(draft["shape"] ?? "")

const distribution = (draft: Draft): unknown => {
  const of = (name: string) => number(draft, name)
  switch (draft["shape"]) {
    case "Uniform":
      return { _tag: "Uniform", min: of("min"), max: of("max") }
    case "Normal":
      return { _tag: "Normal", mean: of("mean"), deviation: of("deviation") }
    case "Exponential":
      return { _tag: "Exponential", mean: of("mean") }
    default:
      return { _tag: "Constant", duration: of("duration") }
  }
}

const parseJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** A body as it is typed: JSON where it is JSON, and a text otherwise. */
const bodyOf = (text: string): Schema.Json => {
  const parsed = parseJson(text)
  return parsed._tag === "Some" ? parsed.value : text
}

export const kinds: ReadonlyArray<Kind> = [
  {
    tag: "Status",
    label: "Another status",
    says: "The request is not processed, and this is the answer.",
    of: "calls",
    fields: [
      amount("status", "Status", 429),
      { as: "text", name: "retryAfter", label: "Retry-After", initial: "", hint: "seconds, or a date" },
      { as: "lines", name: "body", label: "Body", initial: "", hint: "JSON, or a text" }
    ],
    build: (draft) => ({
      status: number(draft, "status"),
      headers: draft["retryAfter"] ? { "retry-after": draft["retryAfter"] } : {},
      ...(draft["body"] ? { body: bodyOf(draft["body"]) } : {})
    })
  },
  {
    tag: "Latency",
    label: "Latency",
    says: "Whatever the answer is, it comes later.",
    of: "calls",
    fields: [
      {
        as: "choice",
        name: "shape",
        label: "How late",
        initial: "Constant",
        options: [
          ["Constant", "always the same"],
          ["Uniform", "between two limits"],
          ["Normal", "around a mean"],
          ["Exponential", "mostly little, rarely much"]
        ]
      },
      amount("duration", "Milliseconds", 1000, shape("Constant")),
      amount("min", "At least, ms", 200, shape("Uniform")),
      amount("max", "At most, ms", 2000, shape("Uniform")),
      amount("mean", "Mean, ms", 500, shape("Normal", "Exponential")),
      amount("deviation", "Deviation, ms", 100, shape("Normal"))
    ],
    build: (draft) => ({ distribution: distribution(draft) })
  },
  {
    tag: "Drop",
    label: "Connection reset",
    says: "There is no answer.",
    of: "calls",
    fields: [whether],
    build: (draft) => ({ processed: draft["processed"] === "true" })
  },
  {
    tag: "Truncated",
    label: "Truncated body",
    says: "The request is processed, and the answer is cut short.",
    of: "calls",
    fields: [amount("bytes", "Bytes that arrive", 10)],
    build: (draft) => ({ bytes: number(draft, "bytes") })
  },
  {
    tag: "Garbage",
    label: "Garbage",
    says: "The answer is not the protocol's.",
    of: "calls",
    fields: [
      amount("status", "Status", 200),
      { as: "text", name: "contentType", label: "Content type", initial: "text/html" },
      { as: "lines", name: "text", label: "Text", initial: "<!doctype html><p>We will be back soon.</p>" },
      whether
    ],
    build: (draft) => ({
      status: number(draft, "status"),
      contentType: draft["contentType"],
      text: draft["text"],
      processed: draft["processed"] === "true"
    })
  },
  {
    tag: "SlowBody",
    label: "Slow body",
    says: "The request is processed, and the answer's body arrives in pieces.",
    of: "calls",
    fields: [amount("duration", "Milliseconds", 5000)],
    build: (draft) => ({ duration: number(draft, "duration") })
  },
  {
    tag: "Revoke",
    label: "Token revoked",
    says: "Every token of a kind is invalid from that call on.",
    of: "calls",
    fields: [
      {
        as: "choice",
        name: "kind",
        label: "Tokens",
        initial: "app",
        options: [
          ["app", "AppJWT"],
          ["consumer", "ConsumerJWS"]
        ]
      }
    ],
    build: (draft) => ({ kind: draft["kind"] })
  },
  {
    tag: "Loss",
    label: "Loss",
    says: "The notification is never posted.",
    of: "deliveries",
    fields: [],
    build: () => ({})
  },
  {
    tag: "Duplicate",
    label: "Duplicate",
    says: "The notification is posted several times.",
    of: "deliveries",
    fields: [amount("copies", "Times", 2)],
    build: (draft) => ({ copies: number(draft, "copies") })
  },
  {
    tag: "Delay",
    label: "Delay",
    says: "The notification is posted later, and those behind it wait.",
    of: "deliveries",
    fields: [amount("duration", "Milliseconds", 3000)],
    build: (draft) => ({ duration: number(draft, "duration") })
  },
  {
    tag: "Reorder",
    label: "Reorder",
    says: "The notification is held back until others were posted.",
    of: "deliveries",
    fields: [amount("after", "Others", 1)],
    build: (draft) => ({ after: number(draft, "after") })
  },
  {
    tag: "WrongSignature",
    label: "Wrong signature",
    says: "The notification is signed with another secret.",
    of: "deliveries",
    fields: [],
    build: () => ({})
  }
]

const whens: Readonly<Record<string, (amount: number) => unknown>> = {
  Next: (times) => ({ _tag: "Next", times }),
  Every: (nth) => ({ _tag: "Every", nth }),
  Chance: (percent) => ({ _tag: "Chance", probability: percent / 100 })
}

const decodeCall = Schema.decodeUnknownResult(Fault.CallRule)
const decodeDelivery = Schema.decodeUnknownResult(Fault.DeliveryRule)

/** The rule that was filled in, or what is wrong with it. */
export const ruleOf = (kind: Kind, draft: Draft): Result.Result<Fault.Rule, Schema.SchemaError> => {
  const { account, consumer, key, on, when } = { ...draft }
  const rule = {
    fault: { _tag: kind.tag, ...kind.build(draft) },
    when: whens[when ?? "Next"]?.(number(draft, "amount")),
    ...(account ? { account } : {}),
    ...(consumer ? { consumer } : {})
  }
  return kind.of === "calls"
    ? decodeCall({ on: on || "any", ...rule })
    : decodeDelivery({ on: "webhook", ...(key ? { key } : {}), ...rule })
}
