import { NodeHttpClient } from "@effect/platform-node"
import { serveWith } from "./core.ts"

serveWith(NodeHttpClient.layerUndici)
