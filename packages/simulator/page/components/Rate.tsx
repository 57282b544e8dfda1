/**
 * How content the consumer was.
 */
import { CSATRate } from "@effect-liveperson/core/protocol"
import { useState } from "preact/hooks"
import type { ConsumerAction } from "../../src/ControlApi.ts"
import { Toggle } from "./Field.tsx"

const rates = CSATRate.fields.csatRate.literals

export const Rate = ({ act }: { readonly act: (action: ConsumerAction) => void }) => {
  const [resolved, setResolved] = useState(true)
  return (
    <div class="rate" role="group" aria-label="Rate">
      <span class="rate-stars">
        {rates.map((csatRate) => (
          <button
            key={csatRate}
            type="button"
            class="button small"
            aria-label={`Rate ${csatRate} of 5`}
            title={`Rate ${csatRate} of 5`}
            onClick={() => act({ _tag: "Rate", csatRate, resolved })}
          >
            {csatRate} <span aria-hidden="true">★</span>
          </button>
        ))}
      </span>
      <Toggle label="Resolved" checked={resolved} onChange={setResolved} />
    </div>
  )
}
