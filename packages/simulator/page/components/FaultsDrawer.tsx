/**
 * What goes wrong on purpose: what is in force, what breaks most often at a click, and anything else by a form.
 */
import { addFault, clearFaults } from "../actions.ts"
import { effectOf, type Preset, presets, scopeOf } from "../model/faults.ts"
import { faults, spentFaults } from "../store.ts"
import { ActiveRule } from "./ActiveRule.tsx"
import { Drawer } from "./Drawer.tsx"
import { FaultForm } from "./FaultForm.tsx"

const Presets = ({ label, of }: { readonly label: string; readonly of: ReadonlyArray<Preset> }) => (
  <div class="preset-group" role="group" aria-label={label}>
    <h4>{label}</h4>
    <div class="preset-grid">
      {of.map(({ rule, title }) => (
        <button key={title} type="button" class="preset" title={effectOf(rule)} onClick={() => addFault(rule)}>
          <strong>{title}</strong>
          <small>{scopeOf(rule)}</small>
        </button>
      ))}
    </div>
  </div>
)

const InForce = () => (
  <section aria-labelledby="faults-active">
    <header class="block-head">
      <h3 id="faults-active">
        In force <span class="dim">{faults.value.length === 0 ? "" : faults.value.length}</span>
      </h3>
      {faults.value.length === 0 ? null : (
        <button type="button" class="button small" onClick={clearFaults}>
          Clear all
        </button>
      )}
    </header>
    {faults.value.length === 0 ? <p class="dim">Nothing. Everything works.</p> : null}
    <ul class="rules" aria-live="polite">
      {faults.value.map((rule) => (
        <ActiveRule key={rule.id} rule={rule} />
      ))}
      {spentFaults.value.slice(0, 3).map((rule) => (
        <ActiveRule key={rule.id} rule={rule} gone />
      ))}
    </ul>
  </section>
)

export const FaultsDrawer = ({ onClose }: { readonly onClose: () => void }) => (
  <Drawer title="Faults" icon="fault" onClose={onClose} footer={<InForce />}>
    <section class="block" aria-labelledby="faults-presets">
      <h3 id="faults-presets">At a click</h3>
      <Presets label="Calls" of={presets.calls} />
      <Presets label="Webhooks" of={presets.deliveries} />
    </section>
    <section class="block" aria-labelledby="faults-own">
      <h3 id="faults-own">Anything else</h3>
      <FaultForm />
    </section>
  </Drawer>
)
