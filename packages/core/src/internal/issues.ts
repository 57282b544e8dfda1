import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { InvalidInput, type Issue } from "../ConnectorError.ts"

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    switch (issue._tag) {
      case "MissingKey":
        return "Expected a value, and there is none"
      case "UnexpectedKey":
        return "Expected no such field"
      default:
        return SchemaIssue.defaultLeafHook(issue)
    }
  }
})

const pathOf = (keys: ReadonlyArray<PropertyKey>): string =>
  keys.reduce<string>(
    (path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`),
    ""
  )

/** What is wrong with a value, in words that say what would be right and never what it was. */
export const issuesOf = (error: Schema.SchemaError): ReadonlyArray<Issue> =>
  format(error.issue).issues.map((issue) => ({
    path: pathOf((issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part))),
    expected: issue.message.replace(/^Expected/, "expected")
  }))

/** An input that nothing was sent of. */
export const invalid = (operation: string, issues: ReadonlyArray<Issue>): InvalidInput =>
  new InvalidInput({ operation, sent: false, issues, accepted: [] })

/** Strict: everything wrong is reported, and a field nobody knows is wrong. */
export const strict = { errors: "all", onExcessProperty: "error" } as const

/** Whether a value has a field that its encoded form lost. */
const hasMore = (value: unknown, encoded: unknown): boolean => {
  if (typeof value !== "object" || value === null || typeof encoded !== "object" || encoded === null) return false
  for (const [key, member] of Object.entries(value)) {
    if (!Predicate.hasProperty(encoded, key)) return true
    if (typeof member === "object" && hasMore(member, encoded[key])) return true
  }
  return false
}

/**
 * Writes a value by a schema, strictly. What is right is written the quick way, which stops at the first mistake and
 * drops what it does not know; where either happened, the strict way says what is wrong.
 */
export const encodeStrictly = <S extends Schema.ConstraintEncoder<unknown>>(schema: S) => {
  const quickly = Schema.encodeUnknownResult(schema)
  const strictly = Schema.encodeUnknownEffect(schema, strict)
  return (value: unknown): Effect.Effect<S["Encoded"], Schema.SchemaError> => {
    const encoded = quickly(value)
    return Result.isSuccess(encoded) && !hasMore(value, encoded.success)
      ? Effect.succeed(encoded.success)
      : strictly(value)
  }
}

/** Reads untyped input by a schema, or says what is wrong with it. `at` is what the input is called. */
export const decodeInput = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, operation: string, at = "") => {
  const decode = Schema.decodeUnknownEffect(schema, strict)
  return (input: unknown): Effect.Effect<S["Type"], InvalidInput> =>
    Effect.mapError(decode(input), (error) =>
      invalid(
        operation,
        issuesOf(error).map((issue) => ({ ...issue, path: [at, issue.path].filter((part) => part !== "").join(".") }))
      )
    )
}
