import { NodeHttpClient } from "@effect/platform-node"
import { serveWith } from "./simulator.ts"

serveWith(NodeHttpClient.layerUndici)
