/**
 * What the simulator is, and how to connect to it.
 */
import { useState } from "preact/hooks"
import type { Info } from "../../src/ControlApi.ts"
import { reset, revoke, whoAnswers } from "../actions.ts"
import { curlOf } from "../model/curl.ts"
import { agentId } from "../settings.ts"
import { info } from "../store.ts"
import { Copyable, CopyButton } from "./Copy.tsx"
import { Drawer } from "./Drawer.tsx"
import { TextField } from "./Field.tsx"
import { Icon } from "./Icon.tsx"
import { Subscriptions } from "./Subscriptions.tsx"

const Credentials = ({ known }: { readonly known: Info }) => (
  <section class="block" aria-labelledby="connect-what">
    <h3 id="connect-what">This simulator</h3>
    <dl class="copyables">
      <Copyable label="Domain API" value={location.origin} />
      {known.accounts.map((account) => (
        <Copyable key={account} label="Account" value={account} />
      ))}
      <Copyable label="Client id" value={known.clientId} />
      <Copyable label="Seed" value={known.seed} />
    </dl>
    <p class="hint">
      {known.rateLimit === undefined ? "No rate limit" : `${known.rateLimit} calls a second for each account`} ·{" "}
      {known.survey ? "a survey follows a conversation" : "no survey follows a conversation"}. The client's secret is
      where the simulator was started.
    </p>
  </section>
)

const ByHand = ({ known }: { readonly known: Info | undefined }) => {
  const { open } = curlOf(location.origin, known)
  return (
    <section class="block" aria-labelledby="connect-curl">
      <h3 id="connect-curl">By hand</h3>
      <div class="code">
        <CopyButton label="commands" text={open} />
        <pre class="code-inside" role="group" tabIndex={0} aria-label="Commands that open a conversation">
          {open}
        </pre>
      </div>
      <p class="links">
        <a href="/_simulator/docs" target="_blank" rel="noreferrer">
          <Icon name="link" /> Control API
        </a>
        <a href="/_simulator/openapi.json" target="_blank" rel="noreferrer">
          <Icon name="code" /> openapi.json
        </a>
      </p>
    </section>
  )
}

const Agent = () => (
  <section class="block" aria-label="Agent">
    <TextField
      label="You answer as"
      value={agentId.value}
      placeholder={whoAnswers()}
      wide
      onInput={(value) => (agentId.value = value)}
    />
  </section>
)

const Danger = () => {
  const [sure, setSure] = useState(false)
  return (
    <section class="block" aria-labelledby="connect-reset">
      <h3 id="connect-reset">Tokens, and a fresh start</h3>
      <div class="acts">
        <button type="button" class="button small" onClick={() => revoke("app")}>
          Revoke AppJWTs
        </button>
        <button type="button" class="button small" onClick={() => revoke("consumer")}>
          Revoke ConsumerJWSs
        </button>
        {sure ? (
          <>
            <button
              type="button"
              class="button small button-danger"
              autofocus
              onClick={() => {
                setSure(false)
                reset()
              }}
            >
              Yes, forget everything
            </button>
            <button type="button" class="button small" onClick={() => setSure(false)}>
              No
            </button>
          </>
        ) : (
          <button type="button" class="button small" onClick={() => setSure(true)}>
            <Icon name="trash" size={14} /> Reset everything
          </button>
        )}
      </div>
    </section>
  )
}

export const ConnectDrawer = ({ onClose }: { readonly onClose: () => void }) => {
  const known = info.value
  return (
    <Drawer title="Connect" icon="plug" side="right" onClose={onClose}>
      {known === undefined ? (
        <p class="dim block">Nothing is known of the simulator yet.</p>
      ) : (
        <Credentials known={known} />
      )}
      {known === undefined ? null : <Subscriptions known={known} />}
      <ByHand known={known} />
      <Agent />
      <Danger />
    </Drawer>
  )
}
