/** One request by Effect's client on undici. */
import { NodeHttpClient } from "@effect/platform-node"
import { Effect } from "effect"
import { HttpClient } from "effect/http"

HttpClient.get(process.env["LP_DOMAIN_API"] ?? "").pipe(
  Effect.provide(NodeHttpClient.layerUndici),
  Effect.ignore,
  Effect.runFork
)
