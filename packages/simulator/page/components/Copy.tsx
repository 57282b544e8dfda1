/**
 * A text to be copied, and the button that does it.
 */
import { useState } from "preact/hooks"
import { tell } from "../actions.ts"
import { Icon } from "./Icon.tsx"

export const CopyButton = ({ label, text }: { readonly label: string; readonly text: string }) => {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), 1500)
      },
      () => tell("The browser did not allow to copy.", "bad")
    )
  }
  return (
    <button type="button" class="icon-button small" aria-label={`Copy ${label}`} title={`Copy ${label}`} onClick={copy}>
      <Icon name={copied ? "check" : "copy"} size={14} />
      <span class="sr-only" role="status">
        {copied ? "Copied" : ""}
      </span>
    </button>
  )
}

/** A value with its name, to be copied. */
export const Copyable = ({ label, value }: { readonly label: string; readonly value: string }) => (
  <div class="copyable">
    <dt>{label}</dt>
    <dd>
      <code>{value}</code>
      <CopyButton label={label} text={value} />
    </dd>
  </div>
)
