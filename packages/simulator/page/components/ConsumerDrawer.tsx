/**
 * The other side of a conversation, played without a client. Each thing that a consumer does here makes the calls that
 * a connector would make, so that faults act on it and LivePerson's answer is seen.
 */
import { ConsumerId } from "@effect-liveperson/core/protocol"
import { signal } from "@preact/signals"
import { useMemo, useState } from "preact/hooks"
import type { Answer } from "../../src/ControlApi.ts"
import type { Summary } from "../../src/State.ts"
import type { Consumer } from "../actions.ts"
import { info, selected, summaries } from "../store.ts"
import { Answers, type Told } from "./Answers.tsx"
import { ConsumerActs } from "./ConsumerActs.tsx"
import { Drawer } from "./Drawer.tsx"
import { Choice, TextField } from "./Field.tsx"
import { OpenConversation } from "./OpenConversation.tsx"

/** Who is played, and what they were answered: it is there again when the drawer is. */
const played = signal("")
const account = signal("")
const told = signal<ReadonlyArray<Told>>([])

const note =
  (what: string) =>
  (answer: Answer): void => {
    const last = told.peek()[0]
    told.value = [{ id: (last?.id ?? 0) + 1, what, answer }, ...told.peek()].slice(0, 20)
  }

/** A number that nobody has written from. */
const fresh = (): string => {
  const known = new Set<string>([...summaries.peek().values()].map(({ consumer }) => consumer))
  let number = 15550100
  while (known.has(`sms:+${number}`)) number += 1
  return `sms:+${number}`
}

const latestOf = (consumer: string, of: string): Summary | undefined =>
  [...summaries.value.values()]
    .filter((summary) => summary.consumer === consumer && (of === "" || summary.account === of))
    .reduce<Summary | undefined>(
      (one, other) => (one === undefined || other.openedAt >= one.openedAt ? other : one),
      undefined
    )

const Known = () => (
  <datalist id="consumers">
    {[...summaries.value.values()].slice(0, 100).map(({ consumer, name }) => (
      <option key={consumer} value={consumer}>
        {name}
      </option>
    ))}
  </datalist>
)

interface ConsumerDrawerProps {
  readonly beside?: boolean
  readonly onClose: () => void
}

export const ConsumerDrawer = ({ beside = false, onClose }: ConsumerDrawerProps) => {
  const [anew, setAnew] = useState(false)
  // Who is looked at is who is played, until another is named.
  const looked = selected.value
  useMemo(() => {
    if (looked !== undefined && !anew) {
      played.value = looked.consumer
      account.value = looked.account
    } else if (played.peek() === "") played.value = fresh()
  }, [looked?.id])
  const accounts = info.value?.accounts ?? []
  const of = accounts.find((known) => known === account.value) ?? accounts[0]
  const latest = latestOf(played.value, of ?? "")
  const isOpen = latest?.state === "OPEN"
  const consumer: Consumer | undefined =
    played.value.trim() === "" ? undefined : { consumer: ConsumerId.make(played.value.trim()), account: of }
  return (
    <Drawer title="Consumer" icon="person" beside={beside} onClose={onClose}>
      <section class="block form" aria-label="Who writes">
        <TextField
          label="Consumer"
          value={played.value}
          list="consumers"
          required
          wide={accounts.length < 2}
          hint={
            isOpen
              ? `${latest.name || "They"} ${latest.name === "" ? "have" : "has"} an open conversation.`
              : "No conversation of theirs is open."
          }
          onInput={(value) => (played.value = value)}
        />
        <Known />
        {accounts.length > 1 && of !== undefined ? (
          <Choice
            label="Account"
            value={of}
            options={accounts.map((name) => [name, name] as const)}
            onChange={(value) => (account.value = value)}
          />
        ) : null}
        {latest === undefined ? null : (
          <button
            type="button"
            class="button small consumer-new"
            onClick={() => {
              setAnew(true)
              played.value = fresh()
            }}
          >
            Somebody new
          </button>
        )}
      </section>
      {consumer === undefined || isOpen ? null : (
        <OpenConversation key={latest?.id} consumer={consumer} known={latest} note={note} done={() => setAnew(false)} />
      )}
      {consumer === undefined || latest === undefined ? null : (
        <ConsumerActs key={`${latest.id} acts`} consumer={consumer} summary={latest} note={note} />
      )}
      <Answers told={told.value} />
    </Drawer>
  )
}
