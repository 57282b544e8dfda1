import * as Effect from "effect/Effect"
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
