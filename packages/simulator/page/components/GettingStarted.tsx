/**
 * What to do where nothing has happened yet.
 */
import { curlOf } from "../model/curl.ts"
import { info, over } from "../store.ts"
import { CopyButton } from "./Copy.tsx"
import { Icon } from "./Icon.tsx"

export const GettingStarted = () => {
  const known = info.value
  const domain = curlOf(location.origin, known).domain
  return (
    <div class="empty start">
      <span class="empty-mark">
        <Icon name="logo" size={30} />
      </span>
      <h2>Nothing has happened yet</h2>
      <p>This is LivePerson in a box. Conversations appear here as soon as somebody opens one.</p>
      <ol class="start-steps">
        <li>
          <h3>Be the consumer</h3>
          <p>Open a conversation from this page, and answer it here as the agent.</p>
          <button type="button" class="button button-primary" onClick={() => (over.value = "consumer")}>
            <Icon name="plus" /> Open a conversation
          </button>
        </li>
        <li>
          <h3>Or point your connector here</h3>
          <p>It asks this address for LivePerson's domains, and everything else follows.</p>
          <div class="code code-line">
            <code>{location.origin}</code>
            <CopyButton label="address" text={location.origin} />
          </div>
          <div class="code code-line">
            <code>{domain}</code>
            <CopyButton label="command" text={domain} />
          </div>
          <button type="button" class="button" onClick={() => (over.value = "connect")}>
            <Icon name="plug" /> Accounts, credentials, webhooks
          </button>
        </li>
      </ol>
    </div>
  )
}
