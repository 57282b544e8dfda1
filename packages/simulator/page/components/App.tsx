/**
 * The page: three panes side by side, or one at a time where there is no room, and what lies over them.
 */
import { computed } from "@preact/signals"
import { counts, over, pane } from "../store.ts"
import { docked } from "../attention.ts"
import { ChatPane } from "./ChatPane.tsx"
import { ConnectDrawer } from "./ConnectDrawer.tsx"
import { ConnectionBanner } from "./ConnectionBanner.tsx"
import { ConsumerDrawer } from "./ConsumerDrawer.tsx"
import { ConversationPane } from "./ConversationPane.tsx"
import { FaultBanner } from "./FaultBanner.tsx"
import { FaultsDrawer } from "./FaultsDrawer.tsx"
import { HelpDialog } from "./HelpDialog.tsx"
import { Icon, type IconName } from "./Icon.tsx"
import { Notices } from "./Notices.tsx"
import { TopBar } from "./TopBar.tsx"
import { Unread } from "./Unread.tsx"
import { WirePane } from "./WirePane.tsx"

const tabs: ReadonlyArray<readonly [typeof pane.value, IconName, string]> = [
  ["conversations", "chats", "Conversations"],
  ["chat", "chat", "Chat"],
  ["wire", "wire", "Wire"]
]

const Tabs = () => (
  <nav class="tabs" aria-label="Panes">
    {tabs.map(([name, icon, label]) => (
      <button
        key={name}
        type="button"
        class={`tab tab-${name}`}
        aria-current={pane.value === name ? "page" : undefined}
        onClick={() => (pane.value = name)}
      >
        <Icon name={icon} size={18} />
        {label}
        {name === "conversations" && counts.value.unread > 0 ? <Unread count={counts.value.unread} /> : null}
      </button>
    ))}
  </nav>
)

/** Past the bar. The address stays, as it says which conversation is looked at. */
const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById("main")?.focus()
}

const close = (): void => {
  over.value = undefined
}

const Over = () => {
  switch (over.value) {
    case "faults":
      return <FaultsDrawer onClose={close} />
    case "consumer":
      return docked.value ? null : <ConsumerDrawer onClose={close} />
    case "connect":
      return <ConnectDrawer onClose={close} />
    case "help":
      return <HelpDialog onClose={close} />
    case undefined:
      return null
  }
}

/** The consumer is played beside the agent where there is room, in the place of the list. */
const isBeside = computed(() => docked.value && over.value === "consumer")

export const App = () => (
  <div class={`page page-${pane.value} ${isBeside.value ? "page-beside" : ""}`}>
    <a class="skip" href="#main" onClick={skip}>
      Skip to the conversations
    </a>
    <TopBar />
    <div class="banners">
      <ConnectionBanner />
      <FaultBanner />
    </div>
    <main class="panes" id="main" tabIndex={-1}>
      {isBeside.value ? <ConsumerDrawer beside onClose={close} /> : <ConversationPane />}
      <ChatPane />
      <WirePane />
    </main>
    <Tabs />
    <Over />
    <Notices />
  </div>
)
