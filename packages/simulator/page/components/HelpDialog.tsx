/**
 * The keys that do something.
 */
import { shortcuts } from "../settings.ts"
import { Drawer } from "./Drawer.tsx"
import { Toggle } from "./Field.tsx"

const keys: ReadonlyArray<readonly [keys: ReadonlyArray<string>, does: string]> = [
  [["j", "k"], "The next conversation, the one before"],
  [["↓", "↑"], "The same, in a list"],
  [["/"], "Search conversations"],
  [["r"], "Write an answer"],
  [["w"], "Go to the wire"],
  [["p"], "Pause the wire, or go on"],
  [["f"], "Faults"],
  [["c"], "Be a consumer"],
  [["i"], "Connect"],
  [["?"], "These keys"],
  [["Enter"], "Open what is chosen; send what is written"],
  [["Shift", "Enter"], "Begin a line"],
  [["Esc"], "Close what is open"]
]

export const HelpDialog = ({ onClose }: { readonly onClose: () => void }) => (
  <Drawer title="Keys" icon="help" side="middle" onClose={onClose}>
    <dl class="keys">
      {keys.map(([names, does]) => (
        <div key={does}>
          <dt>
            {names.map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <div class="block">
      <Toggle label="Single keys are shortcuts" checked={shortcuts.value} onChange={(on) => (shortcuts.value = on)} />
    </div>
  </Drawer>
)
