/**
 * Starts the page.
 */
import { render } from "preact"
import { attention } from "./attention.ts"
import { App } from "./components/App.tsx"
import { runtime } from "./control.ts"
import { listen } from "./keyboard.ts"
import { live } from "./live.ts"
import { navigate } from "./navigation.ts"
import { applyTheme } from "./settings.ts"

applyTheme()
navigate()
listen()
runtime.runFork(live)
runtime.runFork(attention)

const page = document.getElementById("page")
if (page !== null) render(<App />, page)
