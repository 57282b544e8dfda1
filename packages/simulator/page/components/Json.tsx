/**
 * JSON to be read: what is nested can be folded. What is not JSON is shown as it is.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { CopyButton } from "./Copy.tsx"

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

const Scalar = ({ value }: { readonly value: string | number | boolean | null }) => (
  <span class={`json-${value === null ? "null" : typeof value}`}>{JSON.stringify(value)}</span>
)

interface NodeProps {
  readonly value: Schema.Json
  readonly name?: string
  readonly depth: number
  readonly last: boolean
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  name === undefined ? null : (
    <>
      <span class="json-key">{JSON.stringify(name)}</span>
      {": "}
    </>
  )

const Node = ({ depth, last, name, value }: NodeProps) => {
  const comma = last ? "" : ","
  if (value === null || typeof value !== "object") {
    return (
      <div class="json-line">
        <Name name={name} />
        <Scalar value={value} />
        {comma}
      </div>
    )
  }
  const isArray = Array.isArray(value)
  const entries = Object.entries(value)
  const [before, after] = isArray ? ["[", "]"] : ["{", "}"]
  if (entries.length === 0) {
    return (
      <div class="json-line">
        <Name name={name} />
        {before}
        {after}
        {comma}
      </div>
    )
  }
  return (
    <details class="json-node" open={depth < 6}>
      <summary>
        <Name name={name} />
        {before}
        <span class="json-folded">
          {" "}
          {entries.length} {isArray ? "items" : "fields"} {after}
          {comma}
        </span>
      </summary>
      <div class="json-inside">
        {entries.map(([key, inner], nth) => (
          <Node
            key={key}
            value={inner}
            depth={depth + 1}
            last={nth === entries.length - 1}
            {...(isArray ? {} : { name: key })}
          />
        ))}
      </div>
      <div class="json-line">
        {after}
        {comma}
      </div>
    </details>
  )
}

/** A body: folded where it is JSON, and with a button that copies it. */
export const Body = ({ label, text }: { readonly label: string; readonly text: string }) => {
  const parsed = parse(text)
  const copied = Option.match(parsed, { onNone: () => text, onSome: (value) => JSON.stringify(value, null, 2) })
  return (
    <div class="code">
      <CopyButton label={label} text={copied} />
      <div class="code-inside" role="group" aria-label={label} tabIndex={0}>
        {text === "" ? (
          <span class="dim">empty</span>
        ) : parsed._tag === "Some" ? (
          <Node value={parsed.value} depth={0} last />
        ) : (
          <pre>{text}</pre>
        )}
      </div>
    </div>
  )
}
