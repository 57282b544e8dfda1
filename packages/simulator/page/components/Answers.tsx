/**
 * What LivePerson answered to the consumer's calls, the newest first, so that a fault is seen.
 */
import type { Answer } from "../../src/ControlApi.ts"
import { statusOf } from "../model/wire.ts"
import { Body } from "./Json.tsx"
import { Status } from "./WireRow.tsx"

export interface Told {
  readonly id: number
  readonly what: string
  readonly answer: Answer
}

export const Answers = ({ told }: { readonly told: ReadonlyArray<Told> }) => (
  <section class="block" aria-labelledby="answers">
    <h3 id="answers">LivePerson's answers</h3>
    {told.length === 0 ? <p class="dim">What is answered to the consumer's calls is shown here.</p> : null}
    <ul class="answers" aria-live="polite">
      {told.map(({ answer, id, what }, nth) => (
        <li key={id}>
          <details open={nth === 0}>
            <summary>
              <Status row={answer} /> <strong>{what}</strong>{" "}
              <span class="dim">{statusOf(answer).replace(/^\d+ ?/, "")}</span>
            </summary>
            <Body label="Answer" text={JSON.stringify(answer.body)} />
          </details>
        </li>
      ))}
    </ul>
  </section>
)
