/**
 * Where notifications go, how those endpoints are doing, and one URL for all of them.
 */
import { useState } from "preact/hooks"
import type { Info } from "../../src/ControlApi.ts"
import { Key, type State } from "../../src/Webhooks.ts"
import { subscribe, tell } from "../actions.ts"
import { shortKey } from "../model/wire.ts"
import { TextField } from "./Field.tsx"

const states: Readonly<Record<State, string>> = {
  Up: "up",
  Failed: "failing",
  InTransition: "catching up",
  Recovered: "recovered"
}

const isUrl = (text: string): boolean => /^https?:\/\/\S+$/.test(text)

/** The URL that the first kind goes to. */
const firstOf = ({ webhooks }: Info): string | undefined =>
  Key.literals.map((key) => webhooks[key]?.endpoint).find((endpoint) => endpoint !== undefined)

export const Subscriptions = ({ known }: { readonly known: Info }) => {
  const [url, setUrl] = useState(firstOf(known) ?? "")
  const { webhooks, webhookStates } = known
  const to = (endpoint: string) =>
    subscribe(
      {
        ...(webhooks.retry === undefined ? {} : { retry: webhooks.retry }),
        ...(webhooks.algorithm === undefined ? {} : { algorithm: webhooks.algorithm }),
        ...(endpoint === "" ? {} : Object.fromEntries(Key.literals.map((key) => [key, { endpoint }])))
      },
      () => tell(endpoint === "" ? "Nothing is posted any more." : `Every kind is posted to ${endpoint}.`)
    )
  const subscribed = Key.literals.filter((key) => webhooks[key] !== undefined)
  return (
    <section class="block" aria-labelledby="connect-webhooks">
      <h3 id="connect-webhooks">Webhooks</h3>
      {subscribed.length === 0 ? (
        <p class="dim">Nothing is subscribed to.</p>
      ) : (
        <ul class="subscriptions">
          {subscribed.map((key) => {
            const state = webhookStates[key] ?? "Up"
            return (
              <li key={key}>
                <span title={key}>{shortKey(key)}</span>
                <small title={webhooks[key]?.endpoint}>{webhooks[key]?.endpoint}</small>
                <span class={`tag tag-webhook-${state.toLowerCase()}`}>{states[state]}</span>
              </li>
            )
          })}
        </ul>
      )}
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          to(url.trim())
        }}
      >
        <TextField
          label="One URL for every kind"
          value={url}
          onInput={setUrl}
          placeholder="http://127.0.0.1:3000/liveperson"
        />
        <button type="submit" class="button" disabled={!isUrl(url.trim())}>
          Subscribe
        </button>
        {subscribed.length === 0 ? null : (
          <button type="button" class="button" onClick={() => to("")}>
            None
          </button>
        )}
      </form>
    </section>
  )
}
