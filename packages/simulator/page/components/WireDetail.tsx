/**
 * An exchange, whole: the request and what was answered to it. Secrets are blacked out where they come from.
 */
import { useEffect, useState } from "preact/hooks"
import type { Exchange, Message, Row } from "../../src/Wire.ts"
import { loadExchange } from "../actions.ts"
import { effectOf } from "../model/faults.ts"
import { took, whole } from "../model/time.ts"
import { statusOf, subjectOf } from "../model/wire.ts"
import { over, rules, wire } from "../store.ts"
import { CopyButton } from "./Copy.tsx"
import { Icon } from "./Icon.tsx"
import { Body } from "./Json.tsx"
import { Status } from "./WireRow.tsx"

const headersText = (headers: Message["headers"]): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n")

const Part = ({ message, title }: { readonly title: string; readonly message: Message }) => {
  const headers = Object.entries(message.headers)
  return (
    <section class="part" aria-label={title}>
      <h3>{title}</h3>
      <details class="headers" open={headers.length <= 12}>
        <summary>
          {headers.length} {headers.length === 1 ? "header" : "headers"}
        </summary>
        <div class="code">
          <CopyButton label={`${title} headers`} text={headersText(message.headers)} />
          <dl class="code-inside" tabIndex={0} aria-label={`${title} headers`}>
            {headers.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
      <Body label={`${title} body`} text={message.body} />
    </section>
  )
}

const Facts = ({ row }: { readonly row: Row }) => {
  const rule = rules.value.get(row.fault ?? 0)
  return (
    <dl class="facts">
      <div>
        <dt>{row._tag === "Call" ? "Path" : "Endpoint"}</dt>
        <dd>{row._tag === "Call" ? row.path : row.endpoint}</dd>
      </div>
      {row._tag === "Call" ? (
        row.payloads.length === 0 ? null : (
          <div>
            <dt>Payloads</dt>
            <dd>{row.payloads.join(", ")}</dd>
          </div>
        )
      ) : (
        <>
          <div>
            <dt>Webhook</dt>
            <dd>{row.key}</dd>
          </div>
          <div>
            <dt>Attempt</dt>
            <dd>{row.attempt === 0 ? "never posted" : row.attempt}</dd>
          </div>
        </>
      )}
      {row.consumer === undefined ? null : (
        <div>
          <dt>Consumer</dt>
          <dd>{row.consumer}</dd>
        </div>
      )}
      <div>
        <dt>When</dt>
        <dd>
          {whole(row.at)}
          {row.millis === undefined ? "" : `, took ${took(row.millis)}`}
        </dd>
      </div>
      {row.fault === undefined ? null : (
        <div>
          <dt>Fault</dt>
          <dd>
            <button type="button" class="link-button" onClick={() => (over.value = "faults")}>
              {rule === undefined ? `Rule ${row.fault}` : `${effectOf(rule)} (rule ${row.fault})`}
            </button>
          </dd>
        </div>
      )}
    </dl>
  )
}

export const WireDetail = ({ id, onClose }: { readonly id: number; readonly onClose: () => void }) => {
  const row = wire.value.find((row) => row.id === id)
  const [exchange, setExchange] = useState<Exchange | undefined>(undefined)
  // What goes on is loaded again when it has ended.
  useEffect(() => loadExchange(id, setExchange, onClose), [id, row?.status])
  const told = exchange?.row ?? row
  return (
    <section class="detail" aria-label="Exchange">
      <header class="detail-head">
        {told === undefined ? null : <Status row={told} />}
        <h2>{told === undefined ? "Exchange" : `${told.method} ${subjectOf(told)}`}</h2>
        <span class="dim">{told === undefined ? "" : statusOf(told).replace(/^\d+ ?/, "")}</span>
        <button type="button" class="icon-button" aria-label="Close the exchange" title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="detail-body">
        {told === undefined ? null : <Facts row={told} />}
        {exchange === undefined ? null : (
          <>
            <Part title="Request" message={exchange.request} />
            {exchange.response === undefined ? (
              <p class="part dim">
                {exchange.row.status === "waiting" ? "The answer is awaited." : "There was no answer."}
              </p>
            ) : (
              <Part title="Answer" message={exchange.response} />
            )}
          </>
        )}
      </div>
    </section>
  )
}
