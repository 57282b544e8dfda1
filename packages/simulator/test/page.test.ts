import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, layer } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import type { Page } from "playwright-core"
import { Chromium, inBrowser, nameless, narrow, on, pale, stickingOut, type Visited, visit, wide } from "./browser.ts"
import { actIn, consume, control, lookAt, openBy } from "./controlling.ts"
import { all, server, textOf, until } from "./hooks.ts"
import { say, tell, type Tokens, withConversation } from "./support.ts"

const hashOf = (id: string) => `#/c/${id}`

/** Nothing failed in the browser, and nothing was asked of anybody else. */
const fine = ({ wrong }: Visited) => expect(wrong).toEqual([])

const answer = (page: Page) => page.getByRole("textbox", { name: "Your answer" })
const wire = (page: Page) => page.getByRole("listbox", { name: "Calls and deliveries" })
const tools = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Tools" }).getByRole("button", { name })
const list = (page: Page) => page.getByRole("listbox", { name: "Conversations" })

/** What was published in a conversation, in words. */
const said = Effect.fnUntraced(function* (id: string) {
  const { events } = yield* lookAt(id)
  return events.map(({ by, event }) => {
    const what = "chatState" in event ? event.chatState : "status" in event ? event.status : event.type
    return `${by} ${"message" in event && typeof event.message === "string" ? event.message : String(what)}`
  })
})

/** Waits until it was published. */
const isSaid = (id: string, what: string) =>
  said(id).pipe(
    Effect.repeat({ until: (all) => all.includes(what), schedule: Schedule.spaced("20 millis"), times: 300 }),
    Effect.map((all) => expect(all).toContain(what))
  )

/** What a connector does with a 429: it waits for as long as it was told to, and sends again. */
const persistently = Effect.fnUntraced(function* (tokens: Tokens, body: object) {
  const statuses: Array<number> = []
  while (statuses.length < 5) {
    const { headers, status } = yield* tell(tokens, body)
    statuses.push(status)
    if (status !== 429) break
    yield* Effect.sleep(`${Number(headers["retry-after"])} seconds`)
  }
  return statuses
})

/** A conversation with something of everything in it, and a fault. */
const busy = Effect.gen(function* () {
  const consumer = "page:aconsumerwithanamethatisratherlongforone"
  const id = yield* openBy(consumer, "Unbreakable".repeat(20))
  yield* actIn(id, { _tag: "Say", text: "Hello" })
  yield* actIn(id, { _tag: "Note", text: "A note" })
  yield* consume(consumer, { _tag: "Typing", on: true })
  const { faults } = yield* control
  yield* faults.add({
    payload: { on: "idp", fault: { _tag: "Drop", processed: true }, when: { _tag: "Every", nth: 1000 } }
  })
  return id
})

/** What is seen arrives in a moment, and half arrived it is pale. */
const arrived = (page: Page) =>
  page.evaluate(async () => {
    const arriving = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === 1)
    await Promise.all(arriving.map(({ finished }) => finished))
  })

const looksRight = (visited: Visited, what: string) =>
  on(visited, async (page) => {
    await arrived(page)
    expect(await stickingOut(page), what).toEqual([])
    expect(await nameless(page), what).toEqual([])
    expect(await pale(page), what).toEqual([])
  })

inBrowser("the page", () => {
  layer(Chromium.layer, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.layer(NodeSimulator.layer())("on a simulator", (it) => {
      it.effect("what the agent answers arrives at the connector's webhook, and says that they type", () =>
        Effect.gen(function* () {
          const connector = yield* server()
          const simulator = yield* Simulator.Simulator
          yield* simulator.subscribe(all(connector.url))
          const id = yield* openBy("page:answer", "My parcel is late")
          const visited = yield* visit()
          yield* on(visited, async (page) => {
            await list(page).getByText("My parcel is late").click()
            await page.getByRole("log").getByText("My parcel is late").waitFor()
            await answer(page).pressSequentially("Let me look")
          })
          yield* isSaid(id, "ASSIGNED_AGENT COMPOSING")
          yield* isSaid(id, "ASSIGNED_AGENT PAUSE")
          yield* on(visited, async (page) => {
            await answer(page).press("Shift+Enter")
            await answer(page).pressSequentially("for you")
            await answer(page).press("Enter")
          })
          yield* isSaid(id, "ASSIGNED_AGENT Let me look\nfor you")
          yield* isSaid(id, "ASSIGNED_AGENT READ")
          const heard = () =>
            connector.received
              .filter(({ url }) => url?.endsWith(".ContentEvent"))
              .map(({ body }) => textOf({ json: JSON.parse(body.toString()) }))
          yield* until(() => heard().includes("Let me look\nfor you"))
          expect(heard()).toEqual(["My parcel is late", "Let me look\nfor you"])
          yield* on(visited, async (page) => {
            await page.getByRole("log").getByText("for you").waitFor()
            expect(await answer(page).inputValue()).toBe("")
          })
          yield* simulator.subscribe({})
          fine(visited)
        })
      )

      it.effect("a 429 that is switched on in the drawer makes a connector wait and send again", () =>
        Effect.gen(function* () {
          const { id, tokens } = yield* withConversation("page:429")
          const visited = yield* visit({ hash: hashOf(id) })
          yield* on(visited, async (page) => {
            await tools(page, "Faults").click()
            const drawer = page.getByRole("dialog", { name: "Faults" })
            await drawer.getByLabel("Retry-After").fill("1")
            await drawer.getByLabel("How many").fill("2")
            await drawer.getByLabel("Consumer").fill("page:429")
            await drawer.getByRole("button", { name: "Add" }).click()
            await drawer.getByText("send · 2 times · of page:429").last().waitFor()
            await page.keyboard.press("Escape")
            await page.getByRole("region", { name: "Active faults" }).getByText("1 fault is active").waitFor()
          })
          expect(yield* persistently(tokens, say(id, "At last"))).toEqual([429, 429, 200])
          yield* on(visited, async (page) => {
            await page.getByRole("log").getByText("At last").waitFor()
            await wire(page).getByRole("option").filter({ hasText: "fault" }).nth(1).waitFor()
            const refused = wire(page).getByRole("option").filter({ hasText: "429" }).filter({ hasText: "fault" })
            expect(await refused.count()).toBe(2)
            await refused.first().click()
            const exchange = page.getByRole("region", { name: "Exchange" })
            await exchange.getByText("Answer 429, Retry-After 1 (rule").waitFor()
            await exchange.getByText("retry-after", { exact: true }).waitFor({ state: "attached" })
            await exchange.getByText("<redacted>").first().waitFor({ state: "attached" })
            expect(await exchange.textContent()).not.toContain(tokens.app)
          })
          fine(visited)
        })
      )

      it.effect("a preset is one click, and a rule can be removed", () =>
        Effect.gen(function* () {
          const { faults } = yield* control
          const visited = yield* visit()
          yield* on(visited, async (page) => {
            await tools(page, "Faults").click()
            await page.getByRole("button", { name: /^Wrong signature/ }).click()
            await page.getByRole("listitem").getByText("Sign the notification with another secret").waitFor()
          })
          expect(yield* faults.list()).toMatchObject([{ on: "webhook", fault: { _tag: "WrongSignature" } }])
          yield* on(visited, async (page) => {
            await page.getByRole("button", { name: /^Remove rule/ }).click()
            await page.getByText("Nothing. Everything works.").waitFor()
          })
          expect(yield* faults.list()).toEqual([])
          fine(visited)
        })
      )

      it.effect("both sides are played by keyboard alone, and the focus goes back to where it was", () =>
        Effect.gen(function* () {
          const visited = yield* visit()
          const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "")
          const id = yield* on(visited, async (page) => {
            const press = (...keys: ReadonlyArray<string>) =>
              keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
            await press("c")
            await page.getByRole("dialog", { name: "Consumer" }).waitFor()
            await press("ControlOrMeta+a")
            await page.keyboard.type("By keyboard alone")
            await press("Tab", "Tab", "Tab", "Enter")
            await page.getByRole("log").getByText("By keyboard alone").waitFor()
            await press("Escape", "r")
            await page.waitForFunction(() => document.activeElement?.id === "composer")
            await page.keyboard.type("Answered by keyboard")
            await press("Enter")
            await page.getByRole("log").getByText("Answered by keyboard").waitFor()
            await press("Escape", "w", "End", "ArrowUp", "Enter")
            await page.getByRole("region", { name: "Exchange" }).getByText("Request", { exact: true }).waitFor()
            await press("Escape")
            await page.getByRole("region", { name: "Exchange" }).waitFor({ state: "detached" })
            expect(await focused(page)).toBe("Calls and deliveries")
            await press("f")
            await page.getByRole("dialog", { name: "Faults" }).waitFor()
            await page.evaluate(() => {
              document.addEventListener("focusin", ({ target }) => {
                if (target instanceof Element && target.closest(".pane") !== null) document.title = "escaped"
              })
            })
            await press(...Array.from({ length: 60 }, () => "Tab"))
            expect(await page.title()).toBe("LivePerson simulator")
            await press("Escape")
            await page.getByRole("dialog", { name: "Faults" }).waitFor({ state: "detached" })
            expect(await focused(page)).toBe("Calls and deliveries")
            await press("?")
            await page.getByRole("dialog", { name: "Keys" }).waitFor()
            await press("Escape", "/")
            await page.waitForFunction(() => document.activeElement?.id === "search")
            await page.keyboard.type("By keyboard")
            await press("Enter", "Home")
            return decodeURIComponent(new URL(page.url()).hash.slice(4))
          })
          yield* isSaid(id, "ASSIGNED_AGENT Answered by keyboard")
          fine(visited)
        })
      )

      it.effect("what a consumer is answered is shown, and a card, quick replies and a note are told apart", () =>
        Effect.gen(function* () {
          const id = yield* openBy("page:card")
          const visited = yield* visit({ hash: hashOf(id) })
          yield* on(visited, async (page) => {
            await page.getByRole("button", { name: "Send a card" }).click()
            await page.getByRole("button", { name: "Map" }).click()
            await page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click()
            await page.getByRole("log").getByText("The shop nearest to you").waitFor()
            await page.getByRole("button", { name: "Quick replies" }).click()
            await page.getByLabel("A quick reply").fill("Very far")
            await page.getByLabel("A quick reply").press("Enter")
            await answer(page).fill("Is that near?")
            await answer(page).press("Enter")
            await page.getByRole("log").getByRole("list", { name: "Quick replies" }).getByText("Very far").waitFor()
            await tools(page, "Consumer").click()
            await page.getByRole("group", { name: "What the agent offers" }).getByText("Very far").click()
            await page.getByRole("region", { name: "LivePerson's answers" }).getByText("200").first().waitFor()
            await page.getByRole("log").getByText("Very far").nth(1).waitFor()
            await page.keyboard.press("Escape")
            await page.getByRole("radio", { name: "Note" }).check()
            await page.getByRole("textbox", { name: "Your note" }).fill("Lives on the moon")
            await page.getByRole("textbox", { name: "Your note" }).press("Enter")
            await page.getByText("note, not seen by the consumer").waitFor()
          })
          const { events } = yield* lookAt(id)
          expect(events.find(({ event }) => event.type === "RichContentEvent")).toMatchObject({ by: "ASSIGNED_AGENT" })
          expect(events.some(({ messageAudience }) => messageAudience === "AGENTS_AND_MANAGERS")).toBe(true)
          fine(visited)
        })
      )

      it.effect("a conversation is transferred, surveyed and closed, and then says why nobody can write in it", () =>
        Effect.gen(function* () {
          const id = yield* openBy("page:close")
          const visited = yield* visit({ hash: hashOf(id) })
          yield* on(visited, async (page) => {
            await page.getByRole("button", { name: "Join" }).click()
            await page.getByRole("log").getByText("simulator-agent joined").waitFor()
            await page.getByRole("button", { name: "Actions" }).click()
            await page.getByLabel("Transfer to skill").fill("4711")
            await page.getByRole("button", { name: "Transfer" }).click()
            await page.getByRole("log").getByText("Transferred to skill 4711").waitFor()
            await page.getByRole("button", { name: "Actions" }).click()
            await page.getByRole("button", { name: "Close, and ask the survey" }).click()
            await page.getByRole("heading", { name: "Post-conversation survey" }).waitFor()
          })
          yield* consume("page:close", { _tag: "Rate", csatRate: 4, resolved: true })
          yield* on(visited, async (page) => {
            await page.getByRole("log").getByText("Rated 4 of 5, resolved").waitFor()
            await page.getByRole("button", { name: "Actions" }).click()
            await page.getByRole("button", { name: "End the survey" }).click()
            await page.getByText("This conversation was closed by the agent").waitFor()
            await page.reload()
            await page.getByText("This conversation was closed by the agent").waitFor()
          })
          expect(yield* lookAt(id)).toMatchObject({ state: "CLOSE", skillId: "4711", csat: { csatRate: 4 } })
          fine(visited)
        })
      )

      it.effect("a paused wire stands still and counts what waits", () =>
        Effect.gen(function* () {
          const { id, tokens } = yield* withConversation("page:pause")
          const visited = yield* visit({ hash: hashOf(id) })
          yield* on(visited, async (page) => {
            await page.getByLabel("Only page:pause").check()
            await wire(page).getByRole("option").first().waitFor()
            await page.getByRole("button", { name: "Pause" }).click()
          })
          yield* tell(tokens, say(id, "One"))
          yield* tell(tokens, say(id, "Two"))
          yield* on(visited, async (page) => {
            await page.getByRole("button", { name: "2 new" }).waitFor()
            const rows = wire(page).getByRole("option").filter({ hasText: "PublishEvent" })
            expect(await rows.count()).toBe(0)
            await page.getByRole("button", { name: "2 new" }).click()
            await rows.nth(1).waitFor()
          })
          fine(visited)
        })
      )
    })

    it.layer(NodeSimulator.layer())("with five hundred conversations", (it) => {
      it.effect("draws those that are seen, finds any, and goes through them", () =>
        Effect.gen(function* () {
          const numbers = Array.from({ length: 500 }, (_, nth) => `sms:+1555${String(nth).padStart(4, "0")}`)
          yield* Effect.forEach(numbers, (consumer) => openBy(consumer, `I am ${consumer}`), {
            concurrency: 8,
            discard: true
          })
          const visited = yield* visit()
          yield* on(visited, async (page) => {
            await page.getByRole("radio", { name: "All 500" }).waitFor({ state: "attached" })
            const rows = list(page).getByRole("option")
            await rows.first().waitFor()
            expect(await rows.count()).toBeLessThan(60)
            expect(await wire(page).getByRole("option").count()).toBeLessThan(80)
            expect(await rows.first().getAttribute("aria-setsize")).toBe("500")
            await list(page).press("End")
            await list(page).locator("[aria-posinset='500']").waitFor()
            await page.getByRole("searchbox", { name: "Search conversations" }).fill("15550123")
            await page.getByRole("log").waitFor()
            await list(page).getByText("I am sms:+15550123").click()
            await page.getByRole("log").getByText("I am sms:+15550123").waitFor()
            await page.getByRole("searchbox", { name: "Search conversations" }).fill("")
            await page.keyboard.press("Escape")
            const before = page.url()
            await page.keyboard.press("j")
            await page.waitForFunction((before) => location.href !== before, before)
            await page.keyboard.press("k")
            await page.waitForFunction((before) => location.href === before, before)
          })
          fine(visited)
        })
      )
    })

    for (const colorScheme of ["light", "dark"] as const) {
      for (const size of [wide, narrow]) {
        it.layer(NodeSimulator.layer())(`${size.width} px wide, ${colorScheme}`, (it) => {
          it.effect("nothing sticks out, is nameless or is pale", () =>
            Effect.gen(function* () {
              const visited = yield* visit({ size, colorScheme })
              yield* looksRight(visited, "empty")
              const id = yield* busy
              yield* on(visited, async (page) => {
                await page.getByRole("region", { name: "Active faults" }).waitFor()
                await list(page).getByRole("option").first().click()
                await page.getByRole("log").getByText("A note").waitFor()
              })
              yield* looksRight(visited, "chat")
              yield* on(visited, (page) => answer(page).focus())
              if (size === narrow) {
                yield* Effect.forEach(["Conversations", "Wire"], (name) =>
                  Effect.andThen(
                    on(visited, (page) =>
                      page.getByRole("navigation", { name: "Panes" }).getByRole("button", { name }).click()
                    ),
                    looksRight(visited, name)
                  )
                )
              }
              yield* on(visited, async (page) => {
                await wire(page).getByRole("option").last().click()
                await page.getByRole("heading", { name: "Request" }).waitFor()
              })
              yield* looksRight(visited, "exchange")
              yield* on(visited, (page) => page.keyboard.press("Escape"))
              yield* Effect.forEach(["Faults", "Consumer", "Connect", "Keys"], (name) =>
                Effect.gen(function* () {
                  yield* on(visited, async (page) => {
                    await tools(page, name).click()
                    await page.getByRole("dialog", { name }).waitFor()
                  })
                  yield* looksRight(visited, name)
                  yield* on(visited, async (page) => {
                    await page.keyboard.press("Escape")
                    await page.getByRole("dialog", { name }).waitFor({ state: "detached" })
                  })
                })
              )
              yield* actIn(id, { _tag: "Close", survey: true })
              yield* on(visited, (page) => page.getByText("Post-conversation survey").waitFor({ state: "attached" }))
              yield* looksRight(visited, "survey")
              fine(visited)
            })
          )
        })
      }
    }

    it.layer(NodeSimulator.layer())("where nothing has happened", (it) => {
      it.effect("leads to a first conversation", () =>
        Effect.gen(function* () {
          const visited = yield* visit()
          yield* on(visited, async (page) => {
            await page.getByRole("heading", { name: "Nothing has happened yet" }).waitFor()
            await page.getByRole("button", { name: "Open a conversation", exact: true }).click()
            await page.getByRole("button", { name: "Open conversation" }).click()
            await page.getByRole("log").getByText("Hi, my parcel is late").waitFor()
          })
          fine(visited)
        })
      )
    })

    describe("when the simulator goes away", () => {
      it.effect("says so, and begins anew when it is back", () =>
        Effect.gen(function* () {
          const [visited, port] = yield* Effect.gen(function* () {
            yield* openBy("page:gone", "Are you there?")
            const visited = yield* visit()
            yield* on(visited, (page) => list(page).getByText("Are you there?").waitFor())
            return [visited, Number(new URL(yield* NodeSimulator.url).port)] as const
          }).pipe(Effect.provide(NodeSimulator.layer()))
          yield* on(visited, (page) => page.getByText("The simulator does not answer.").waitFor())
          yield* Effect.gen(function* () {
            yield* openBy("page:back", "Here again")
            yield* on(visited, async (page) => {
              await page.getByText("Live", { exact: true }).waitFor()
              await list(page).getByText("Here again").waitFor()
              expect(await list(page).getByText("Are you there?").count()).toBe(0)
            })
          }).pipe(Effect.provide(NodeSimulator.layer({ port })))
        })
      )
    })
  })
})
