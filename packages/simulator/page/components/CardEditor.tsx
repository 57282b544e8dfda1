/**
 * A card to send: chosen from templates, changed as JSON, and seen as it will be.
 */
import { Element } from "@effect-liveperson/core/protocol"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { useMemo, useState } from "preact/hooks"
import type { Summary } from "../../src/State.ts"
import { sendCard } from "../actions.ts"
import { templates } from "../model/cards.ts"
import { Drawer } from "./Drawer.tsx"
import { Field } from "./Field.tsx"
import { Icon } from "./Icon.tsx"
import { RichContent } from "./RichContent.tsx"

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Element))

const textOf = (content: unknown): string => JSON.stringify(content, null, 2)

interface CardEditorProps {
  readonly id: Summary["id"]
  readonly onClose: () => void
}

export const CardEditor = ({ id, onClose }: CardEditorProps) => {
  const [json, setJson] = useState(textOf(templates[0]?.content))
  const card = useMemo(() => decode(json), [json])
  return (
    <Drawer title="Send a card" icon="card" side="middle" onClose={onClose}>
      <form
        class="card-editor"
        onSubmit={(event) => {
          event.preventDefault()
          if (Result.isSuccess(card)) sendCard(id, card.success, onClose)
        }}
      >
        <div class="presets" role="group" aria-label="Templates">
          {templates.map(({ content, title }, nth) => (
            <button
              key={title}
              type="button"
              class="button small"
              autofocus={nth === 0}
              onClick={() => setJson(textOf(content))}
            >
              {title}
            </button>
          ))}
        </div>
        <Field label="Structured content, as JSON" wide>
          {(ids) => (
            <textarea
              {...ids}
              class="input code-input"
              rows={14}
              spellcheck={false}
              aria-invalid={Result.isFailure(card)}
              value={json}
              onInput={({ currentTarget }) => setJson(currentTarget.value)}
            />
          )}
        </Field>
        <section class="card-preview" aria-label="Preview" aria-live="polite">
          {Result.isSuccess(card) ? (
            <div class="bubble bubble-agent">
              <RichContent element={card.success} />
            </div>
          ) : (
            <p class="problem">
              <Icon name="fault" /> {card.failure.message}
            </p>
          )}
        </section>
        <div class="form-end">
          <button type="submit" class="button button-primary" disabled={Result.isFailure(card)}>
            <Icon name="send" /> Send
          </button>
        </div>
      </form>
    </Drawer>
  )
}
