/**
 * Opens a conversation as a consumer, as a connector would.
 */
import { SkillId, type TtrDefName } from "@effect-liveperson/core/protocol"
import { useState } from "preact/hooks"
import type { Answer } from "../../src/ControlApi.ts"
import type { Summary } from "../../src/State.ts"
import { asConsumer, type Consumer } from "../actions.ts"
import { select } from "../navigation.ts"
import { Choice, Field, TextField } from "./Field.tsx"
import { Icon } from "./Icon.tsx"

const urgencies = [
  ["NORMAL", "Normal"],
  ["URGENT", "Urgent"],
  ["PRIORITIZED", "Prioritized"],
  ["CUSTOM", "Custom"]
] as const satisfies ReadonlyArray<readonly [TtrDefName, string]>

interface OpenConversationProps {
  readonly consumer: Consumer
  readonly known: Summary | undefined
  readonly note: (what: string) => (answer: Answer) => void
  readonly done: () => void
}

export const OpenConversation = ({ consumer, done, known, note }: OpenConversationProps) => {
  const [first = "", ...rest] = (known?.name ?? "").split(" ")
  const [firstName, setFirstName] = useState(first || "Ada")
  const [lastName, setLastName] = useState(first === "" ? "Lovelace" : rest.join(" "))
  const [text, setText] = useState("Hi, my parcel is late")
  const [skillId, setSkillId] = useState("")
  const [ttr, setTtr] = useState<TtrDefName>("NORMAL")
  const open = (): void =>
    asConsumer(
      consumer,
      {
        _tag: "Open",
        profile: {
          ...(firstName.trim() === "" ? {} : { firstName: firstName.trim() }),
          ...(lastName.trim() === "" ? {} : { lastName: lastName.trim() })
        },
        ...(text.trim() === "" ? {} : { text: text.trim() }),
        ...(skillId.trim() === "" ? {} : { skillId: SkillId.make(skillId.trim()) }),
        ttr
      },
      (answer) => {
        note("Open")(answer)
        if (answer.conversationId !== undefined) {
          select(answer.conversationId)
          done()
        }
      }
    )
  return (
    <form
      class="block form"
      aria-label="Open a conversation"
      onSubmit={(event) => {
        event.preventDefault()
        open()
      }}
    >
      <TextField label="First name" value={firstName} onInput={setFirstName} />
      <TextField label="Last name" value={lastName} onInput={setLastName} />
      <Field label="First message" wide>
        {(ids) => (
          <textarea
            {...ids}
            class="input"
            rows={2}
            autofocus
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </Field>
      <TextField label="Skill" value={skillId} onInput={setSkillId} placeholder="any" />
      <Choice label="Urgency" value={ttr} options={urgencies} onChange={setTtr} />
      <div class="form-end field-wide">
        <button type="submit" class="button button-primary">
          <Icon name="plus" /> Open conversation
        </button>
      </div>
    </form>
  )
}
