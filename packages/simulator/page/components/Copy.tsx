/**
 * A text to be copied, and the button that does it.
 */
import { useState } from "preact/hooks"
import { tell } from "../actions.ts"
import { Icon } from "./Icon.tsx"

const refused = (): void => tell("The browser does not allow this page to copy.", "bad")

/** Browsers have a clipboard for pages of this machine and of https alone. */
const put = (text: string, done: () => void): void => {
  if (isSecureContext) navigator.clipboard.writeText(text).then(done, refused)
  else refused()
}

export const CopyButton = ({ label, text }: { readonly label: string; readonly text: string }) => {
  const [copied, setCopied] = useState(false)
  const copy = (): void =>
    put(text, () => {
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    })
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
