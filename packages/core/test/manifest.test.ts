import { Manifest } from "@effect-liveperson/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"

const endpoint = "https://connector.example/liveperson?x=1"

describe("a manifest", () => {
  it.effect("subscribes to everything at one endpoint, and keeps order by retrying for three days", () =>
    Effect.gen(function* () {
      const target = { endpoint, headers: [] }
      expect(yield* Manifest.make({ name: "sms-connector", endpoint })).toEqual({
        client_name: "sms-connector",
        grant_types: ["client_credentials"],
        scope: "msg.consumer",
        capabilities: {
          webhooks: {
            "ms.MessagingEventNotification.ContentEvent": target,
            "ms.MessagingEventNotification.RichContentEvent": target,
            "ms.MessagingEventNotification.AcceptStatusEvent": target,
            "ms.MessagingEventNotification.ChatStateEvent": target,
            "cqm.ExConversationChangeNotification": target,
            retry: { retention_time: 259_200 }
          },
          engagement: {
            design_engagement: false,
            design_window: false,
            language_selection: true,
            entry_point: ["section", "url"],
            consumer_identity: ["auth"]
          }
        },
        quick_launch_enabled: false
      })
    })
  )

  it.effect("subscribes to what is asked for, as often as is asked for", () =>
    Effect.gen(function* () {
      const { capabilities } = yield* Manifest.make({
        name: "x",
        endpoint,
        subscribe: ["cqm.ExConversationChangeNotification"],
        retry: { maxRetries: 5 },
        headers: { "x-key": "value" }
      })
      expect(capabilities?.webhooks).toEqual({
        "cqm.ExConversationChangeNotification": {
          endpoint,
          max_retries: 5,
          headers: [{ header_name: "x-key", header_value: "value" }]
        }
      })
    })
  )

  it.effect.each<readonly [string, Partial<Manifest.Options>, string]>([
    [
      "an endpoint without TLS",
      { endpoint: "http://connector.example" },
      "endpoint: expected a URL that begins with https://"
    ],
    ["an empty name", { name: "" }, "client_name: expected a text that is not empty"],
    ["a name of 129 characters", { name: "x".repeat(129) }, "client_name: expected a text of at most 128 characters"],
    ["six retries", { retry: { maxRetries: 6 } }, "max_retries: expected a whole number from 0 to 5"],
    [
      "a second of retention",
      { retry: { retentionTime: 1 } },
      "retention_time: expected a whole number of seconds from 2 to 259200"
    ],
    [
      "more than three days",
      { retry: { retentionTime: 259_201 } },
      "retention_time: expected a whole number of seconds from 2 to 259200"
    ]
  ])("refuses %s", ([, change, issue]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Manifest.make({ name: "x", endpoint, ...change }))
      expect(error.issues.map(({ expected, path }) => `${path}: ${expected}`)).toContainEqual(
        expect.stringContaining(issue)
      )
    })
  )
})
