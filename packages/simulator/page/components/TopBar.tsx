/**
 * The bar at the top: whether the page is in touch with the simulator, and the ways to what lies over the panes.
 */
import { type Theme, theme } from "../settings.ts"
import { activeFaults, connection, over, type Over } from "../store.ts"
import { Icon, type IconName } from "./Icon.tsx"

const states = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting"
} as const

const Connection = () => (
  <span class={`connection connection-${connection.value}`} role="status">
    <span class="dot" aria-hidden="true" />
    {states[connection.value]}
  </span>
)

const themes: Readonly<Record<Theme, { readonly next: Theme; readonly icon: IconName; readonly says: string }>> = {
  auto: { next: "light", icon: "auto", says: "Theme: as the system" },
  light: { next: "dark", icon: "sun", says: "Theme: light" },
  dark: { next: "auto", icon: "moon", says: "Theme: dark" }
}

const ThemeButton = () => {
  const { icon, next, says } = themes[theme.value]
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`${says}. Change it`}
      title={says}
      onClick={() => (theme.value = next)}
    >
      <Icon name={icon} />
    </button>
  )
}

interface OpenerProps {
  readonly what: Over
  readonly icon: IconName
  readonly label: string
  readonly shortcut: string
  readonly count?: number
}

const Opener = ({ count = 0, icon, label, shortcut, what }: OpenerProps) => (
  <button
    type="button"
    class={count > 0 ? "bar-button bar-button-alert" : "bar-button"}
    aria-haspopup="dialog"
    aria-expanded={over.value === what}
    aria-label={count > 0 ? `${label}, ${count} active` : label}
    title={`${label} (${shortcut})`}
    onClick={() => (over.value = over.peek() === what ? undefined : what)}
  >
    <Icon name={icon} />
    <span class="bar-label">{label}</span>
    {count > 0 ? <span class="badge badge-alert">{count}</span> : null}
  </button>
)

export const TopBar = () => (
  <header class="bar">
    <h1 class="brand">
      <span class="brand-mark">
        <Icon name="logo" size={20} />
      </span>
      <span class="brand-name">
        LivePerson <span class="brand-rest">simulator</span>
      </span>
    </h1>
    <Connection />
    <nav class="bar-nav" aria-label="Tools">
      <Opener what="consumer" icon="person" label="Consumer" shortcut="c" />
      <Opener what="faults" icon="fault" label="Faults" shortcut="f" count={activeFaults.value.length} />
      <Opener what="connect" icon="plug" label="Connect" shortcut="i" />
      <Opener what="help" icon="help" label="Keys" shortcut="?" />
      <ThemeButton />
    </nav>
  </header>
)
