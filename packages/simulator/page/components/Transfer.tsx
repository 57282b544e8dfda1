/**
 * Hands a conversation to the agents of a skill.
 */
import { SkillId } from "@effect-liveperson/core/protocol"
import { useState } from "preact/hooks"
import type { Summary } from "../../src/State.ts"
import { transfer } from "../actions.ts"
import { TextField } from "./Field.tsx"

export const Transfer = ({ done, id }: { readonly id: Summary["id"]; readonly done: () => void }) => {
  const [skill, setSkill] = useState("")
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        transfer(id, SkillId.make(skill.trim()), done)
      }}
    >
      <TextField label="Transfer to skill" value={skill} onInput={setSkill} required placeholder="12345" />
      <button type="submit" class="button" disabled={skill.trim() === ""}>
        Transfer
      </button>
    </form>
  )
}
