import { NodeHttpClient } from "@effect/platform-node"
import { serveWith } from "./effectClient.ts"

serveWith(NodeHttpClient.layerUndici)
