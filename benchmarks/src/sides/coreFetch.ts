import { FetchHttpClient } from "effect/http"
import { serveWith } from "./core.ts"

serveWith(FetchHttpClient.layer)
