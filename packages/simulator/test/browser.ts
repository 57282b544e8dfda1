/// <reference lib="dom" />
/** The page in a real browser, on its built files. */
import { NodeSimulator } from "@effect-liveperson/simulator"
import { describe } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { execFile } from "node:child_process"
import { existsSync, readdirSync, statSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Browser, chromium, type Page } from "playwright-core"

const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium"
const isThere = existsSync(executablePath)

/** Whether these tests run: where a browser is required, its absence is a failure. */
export const runs = isThere || process.env["CI_REQUIRE_BROWSER"] === "true"

/** A block of tests in a browser. Where there is none, its name says that it was skipped, and why. */
export const inBrowser = (name: string, tests: () => void): void => {
  describe.skipIf(!runs)(runs ? name : `${name} (skipped: there is no browser at ${executablePath})`, tests)
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const newestIn = (directory: string): number =>
  Math.max(
    ...readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  )

const isBuilt = (): boolean => {
  const index = here("../dist/page/index.html")
  const sources = ["ControlApi", "State", "Wire", "Fault", "Webhooks"].map((name) => here(`../src/${name}.ts`))
  const newest = Math.max(newestIn(here("../page")), ...sources.map((file) => statSync(file).mtimeMs))
  return existsSync(index) && statSync(index).mtimeMs >= newest
}

const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js")

/** Builds the page as it is published, where it was not or has changed since. */
const built = Effect.promise(async () => {
  if (isBuilt()) return
  const env = { ...process.env, NODE_ENV: "production" }
  await promisify(execFile)(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: here(".."), env })
})

const quiet = ["background-networking", "component-update", "sync", "gpu", "quic"].map((name) => `--disable-${name}`)

export class Chromium extends Context.Service<Chromium, Browser>()("test/Chromium") {
  static readonly layer = Layer.effect(
    Chromium,
    Effect.acquireRelease(
      Effect.promise(() => chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...quiet] })),
      (browser) => Effect.promise(() => browser.close())
    )
  ).pipe(Layer.provide(Layer.effectDiscard(built)))
}

export const wide = { width: 1600, height: 1000 }
export const narrow = { width: 360, height: 740 }

export interface Visit {
  readonly size?: { readonly width: number; readonly height: number }
  readonly colorScheme?: "light" | "dark"
  readonly hash?: string
}

/** The page, and what went wrong in it: an error, or a request to anywhere but where it came from. */
export interface Visited {
  readonly page: Page
  readonly wrong: ReadonlyArray<string>
}

/** Opens the page and waits until it is live. */
export const visit = Effect.fnUntraced(function* ({ colorScheme = "light", hash = "", size = wide }: Visit = {}) {
  const browser = yield* Chromium
  const url = yield* NodeSimulator.url
  const context = yield* Effect.acquireRelease(
    Effect.promise(() => browser.newContext({ viewport: size, colorScheme })),
    (context) => Effect.promise(() => context.close())
  )
  const wrong: Array<string> = []
  const page = yield* Effect.promise(() => context.newPage())
  page.setDefaultTimeout(10_000)
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== url) wrong.push(`requested ${request.url()}`)
  })
  page.on("pageerror", (error) => void wrong.push(error.message))
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text())
  })
  yield* Effect.promise(() => page.goto(`${url}/${hash}`))
  yield* Effect.promise(() => page.getByText("Live", { exact: true }).waitFor())
  return { page, wrong } satisfies Visited
})

/** Does something in the browser. */
export const on = <A>({ page }: Visited, act: (page: Page) => Promise<A>): Effect.Effect<A> =>
  Effect.promise(() => act(page))

/** What sticks out of the window at a side, or scrolls sideways and is neither a carousel nor code. */
export const stickingOut = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const isClipped = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== "visible" || isClipped(element.parentElement))
    return [...document.body.querySelectorAll("*")]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect()
        if (/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1) {
          return !element.matches("pre, .rich-carousel")
        }
        return width > 1 && (right > innerWidth + 1 || left < -1) && !isClipped(element.parentElement)
      })
      .map((element) => `${element.tagName} ${element.className}`)
  })

/** What a person can do something with, or is led by, and has no name for those who hear it. */
export const nameless = async (page: Page): Promise<ReadonlyArray<string>> => {
  const named =
    /^(button|checkbox|combobox|dialog|heading|image|link|listbox|log|navigation|option|radio|radiogroup|region|searchbox|switch|textbox)$/
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send("Accessibility.getFullAXTree")
  await session.detach()
  return nodes
    .filter(
      ({ ignored, name, role }) => !ignored && named.test(String(role?.value)) && String(name?.value ?? "") === ""
    )
    .map(({ description, nodeId, role }) => `${role?.value} ${nodeId} ${description?.value ?? ""}`)
}

/** Texts whose contrast with what is behind them is under what WCAG asks for at level AA. */
export const pale = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
    if (context === null) return ["there is no canvas"]
    type Colour = readonly [red: number, green: number, blue: number, alpha: number]
    const read = (css: string): Colour => {
      context.clearRect(0, 0, 1, 1)
      context.fillStyle = css
      context.fillRect(0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data
      return [red, green, blue, alpha / 255]
    }
    const over = (above: Colour, below: Colour): Colour => {
      const mix = (one: number, other: number) => one * above[3] + other * (1 - above[3])
      return [mix(above[0], below[0]), mix(above[1], below[1]), mix(above[2], below[2]), 1]
    }
    const behind = (element: Element | null): Colour => {
      if (element === null) return [255, 255, 255, 1]
      const colour = read(getComputedStyle(element).backgroundColor)
      return colour[3] === 1 ? colour : over(colour, behind(element.parentElement))
    }
    const luminance = (colour: Colour): number => {
      const [red = 0, green = 0, blue = 0] = colour.map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const tooPale: Array<string> = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode() !== null) {
      const { parentElement, textContent } = texts.currentNode
      if (parentElement === null || !/[\p{L}\p{N}]/u.test(textContent ?? "")) continue
      if (parentElement.closest(".sr-only, .skip, :disabled, [inert], option, script, noscript") !== null) continue
      if (!parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const { color, fontSize, fontWeight } = getComputedStyle(parentElement)
      const ground = behind(parentElement)
      const [dark = 0, light = 0] = [luminance(over(read(color), ground)), luminance(ground)].toSorted((a, b) => a - b)
      const ratio = (light + 0.05) / (dark + 0.05)
      const size = Number.parseFloat(fontSize)
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700)
      if (ratio < (isLarge ? 3 : 4.5)) {
        tooPale.push(`${parentElement.className || parentElement.tagName}: ${textContent} (${ratio.toFixed(2)})`)
      }
    }
    return tooPale
  })
