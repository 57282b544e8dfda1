/**
 * A labelled input, and what is wrong or to be known about it.
 */
import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly wide?: boolean
  readonly children: (ids: {
    readonly id: string
    readonly "aria-describedby": string | undefined
  }) => ComponentChildren
}

export const Field = ({ children, hint, label, wide = false }: FieldProps) => {
  const id = useId()
  return (
    <div class={wide ? "field field-wide" : "field"}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": hint === undefined ? undefined : `${id}-hint` })}
      {hint === undefined ? null : (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
    </div>
  )
}

export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly hint?: string | undefined
  readonly wide?: boolean
  readonly placeholder?: string
  readonly list?: string
  readonly required?: boolean
  readonly numeric?: boolean
  readonly type?: "text" | "url"
}

export const TextField = (props: TextFieldProps) => {
  const {
    hint,
    label,
    list,
    numeric = false,
    onInput,
    placeholder,
    required = false,
    type = "text",
    value,
    wide
  } = props
  return (
    <Field label={label} hint={hint} wide={wide ?? false}>
      {(ids) => (
        <input
          {...ids}
          type={type}
          class="input"
          inputMode={numeric ? "decimal" : undefined}
          autocomplete="off"
          spellcheck={false}
          list={list}
          placeholder={placeholder}
          required={required}
          value={value}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Field>
  )
}

export interface ChoiceProps<A extends string> {
  readonly label: string
  readonly value: A
  readonly options: ReadonlyArray<readonly [value: A, label: string]>
  readonly onChange: (value: A) => void
  readonly wide?: boolean
}

export const Choice = <A extends string>({ label, onChange, options, value, wide }: ChoiceProps<A>) => (
  <Field label={label} wide={wide ?? false}>
    {(ids) => (
      <select
        {...ids}
        class="input"
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options[currentTarget.selectedIndex]
          if (chosen !== undefined) onChange(chosen[0])
        }}
      >
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    )}
  </Field>
)

/** One of a few, all of which are seen. */
export const Segments = <A extends string>({
  label,
  onChange,
  options,
  value
}: ChoiceProps<A> & { readonly options: ReadonlyArray<readonly [value: A, label: string]> }) => {
  const name = useId()
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {options.map(([option, text]) => (
        <label key={option} class="segment">
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </div>
  )
}

export const Toggle = ({
  checked,
  label,
  onChange
}: {
  readonly checked: boolean
  readonly label: string
  readonly onChange: (checked: boolean) => void
}) => (
  <label class="toggle">
    <input
      type="checkbox"
      role="switch"
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    <span>{label}</span>
  </label>
)
