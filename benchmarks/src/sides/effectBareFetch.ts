import { FetchHttpClient } from "effect/http"
import { serveWith } from "./effectClient.ts"

serveWith(FetchHttpClient.layer)
