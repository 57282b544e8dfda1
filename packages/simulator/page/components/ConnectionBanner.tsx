/**
 * Says that the simulator is out of reach, so that what is seen is not taken for what is.
 */
import { connection } from "../store.ts"
import { Icon } from "./Icon.tsx"

export const ConnectionBanner = () =>
  connection.value === "reconnecting" ? (
    <section class="banner banner-connection" aria-label="Connection">
      <Icon name="plug" />
      <p class="banner-text">
        <strong>The simulator does not answer.</strong>
        <span>What is seen here is how it was. The page tries again every second.</span>
      </p>
    </section>
  ) : null
