/** Effect's own client by itself, with JSON and nothing checked: what anything built on it costs at least. */
import { Effect, type Layer } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import { inFlight, serve } from "../harness/Side.ts"
import { batch, headers, path, url } from "./batch.ts"

const all = { ...headers, accept: "application/json" }

const make = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const open = Effect.suspend(() =>
    client.execute(
      HttpClientRequest.post(`${url}${path}?v=3`, {
        headers: all,
        body: HttpBody.text(JSON.stringify(batch), "application/json")
      })
    )
  ).pipe(Effect.flatMap(({ json }) => json))
  return inFlight(32)(open)
})

export const serveWith = (client: Layer.Layer<HttpClient.HttpClient>): void => serve(make, client)
