/**
 * A rule of any kind, filled in.
 */
import * as Result from "effect/Result"
import { useState } from "preact/hooks"
import { Endpoint } from "../../src/Fault.ts"
import { Key } from "../../src/Webhooks.ts"
import { addFault } from "../actions.ts"
import { type Draft, type Field as FieldSpec, kinds, ruleOf } from "../model/faultForm.ts"
import { effectOf, scopeOf } from "../model/faults.ts"
import { shortKey } from "../model/wire.ts"
import { info, summaries } from "../store.ts"
import { Choice, Field, TextField } from "./Field.tsx"
import { Icon } from "./Icon.tsx"

const endpoints = [["any", "every call"], ...Endpoint.literals.map((name) => [name, name] as const)] as const

const keys = [["", "every kind"], ...Key.literals.map((key) => [key, shortKey(key)] as const)] as const

const whens = [
  ["Next", "on the next"],
  ["Every", "on every nth"],
  ["Chance", "with a probability"]
] as const

const amounts = {
  Next: { label: "How many", initial: "1" },
  Every: { label: "n", initial: "3" },
  Chance: { label: "Per cent", initial: "20" }
} as const

const common: Draft = { on: "send", key: "", when: "Next", amount: "1", account: "", consumer: "" }

const initialOf = (fields: ReadonlyArray<FieldSpec>): Draft =>
  Object.fromEntries(fields.map(({ initial, name }) => [name, initial]))

interface InputProps {
  readonly field: FieldSpec
  readonly value: string
  readonly onChange: (value: string) => void
}

const Input = ({ field, onChange, value }: InputProps) => {
  if (field.as === "choice") {
    return <Choice label={field.label} value={value} options={field.options} onChange={onChange} />
  }
  if (field.as === "lines") {
    return (
      <Field label={field.label} hint={field.hint} wide>
        {(ids) => (
          <textarea
            {...ids}
            class="input code-input"
            rows={2}
            spellcheck={false}
            value={value}
            onInput={({ currentTarget }) => onChange(currentTarget.value)}
          />
        )}
      </Field>
    )
  }
  return (
    <TextField label={field.label} value={value} onInput={onChange} hint={field.hint} numeric={field.as === "number"} />
  )
}

const Who = ({ draft, set }: { readonly draft: Draft; readonly set: (name: string) => (value: string) => void }) => {
  const accounts = info.value?.accounts ?? []
  return (
    <>
      {accounts.length > 1 ? (
        <Choice
          label="Account"
          value={draft["account"] ?? ""}
          options={[["", "every account"], ...accounts.map((account) => [account, account] as const)]}
          onChange={set("account")}
        />
      ) : null}
      <TextField
        label="Consumer"
        value={draft["consumer"] ?? ""}
        onInput={set("consumer")}
        placeholder="every consumer"
        list="known-consumers"
      />
      <datalist id="known-consumers">
        {[...new Set([...summaries.value.values()].map(({ consumer }) => consumer))].slice(0, 50).map((consumer) => (
          <option key={consumer} value={consumer} />
        ))}
      </datalist>
    </>
  )
}

export const FaultForm = () => {
  const [tag, setTag] = useState(kinds[0]?.tag ?? "Status")
  const kind = kinds.find((kind) => kind.tag === tag)
  const [draft, setDraft] = useState<Draft>({ ...common, ...initialOf(kind?.fields ?? []) })
  if (kind === undefined) return null
  const set = (name: string) => (value: string) => setDraft((draft) => ({ ...draft, [name]: value }))
  const choose = (tag: string): void => {
    setTag(tag)
    setDraft({ ...draft, ...initialOf(kinds.find((kind) => kind.tag === tag)?.fields ?? []) })
  }
  const when = whens.find(([when]) => when === draft["when"])?.[0] ?? "Next"
  const rule = ruleOf(kind, draft)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (Result.isSuccess(rule)) addFault(rule.success)
      }}
    >
      <Choice
        label="What happens"
        value={tag}
        options={kinds.map(({ label, of, tag }) => [tag, of === "calls" ? label : `Webhook: ${label.toLowerCase()}`])}
        onChange={choose}
        wide
      />
      <p class="hint field-wide">{kind.says}</p>
      {kind.of === "calls" ? (
        <Choice label="To" value={draft["on"] ?? "any"} options={endpoints} onChange={set("on")} />
      ) : (
        <Choice label="To" value={draft["key"] ?? ""} options={keys} onChange={set("key")} />
      )}
      {kind.fields.map((field) =>
        field.shown?.(draft) === false ? null : (
          <Input key={field.name} field={field} value={draft[field.name] ?? ""} onChange={set(field.name)} />
        )
      )}
      <Choice
        label="When"
        value={when}
        options={whens}
        onChange={(when) => setDraft({ ...draft, when, amount: amounts[when].initial })}
      />
      <TextField label={amounts[when].label} value={draft["amount"] ?? ""} onInput={set("amount")} numeric />
      <Who draft={draft} set={set} />
      <div class="form-end field-wide">
        {Result.isSuccess(rule) ? (
          <p class="sum">
            {effectOf(rule.success)} <span class="dim">{scopeOf(rule.success)}</span>
          </p>
        ) : (
          <p class="problem" role="alert">
            <Icon name="fault" /> {rule.failure.message}
          </p>
        )}
        <button type="submit" class="button button-primary" disabled={Result.isFailure(rule)}>
          <Icon name="plus" /> Add
        </button>
      </div>
    </form>
  )
}
