/**
 * The page's way to the simulator: the control API's own client, and how what went wrong is told.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Predicate from "effect/Predicate"
import { ControlApi } from "../src/ControlApi.ts"

/** The client of the simulator that served the page. */
export class Control extends Context.Service<Control, HttpApiClient.ForApi<typeof ControlApi>>()(
  "@effect-liveperson/simulator/page/Control"
) {
  static readonly layer = Layer.effect(
    Control,
    Effect.suspend(() => HttpApiClient.make(ControlApi, { baseUrl: location.origin }))
  ).pipe(Layer.provide(FetchHttpClient.layer))
}

export const runtime = ManagedRuntime.make(Control.layer)

/** An error in a sentence for the person in front of it. */
export const sentenceOf = (error: unknown): string => {
  if (Predicate.isTagged(error, "NotFound") || Predicate.isTagged(error, "Closed")) {
    return Predicate.hasProperty(error, "message") ? String(error.message) : "There is nothing by that id."
  }
  if (Predicate.isTagged(error, "HttpClientError")) return "The simulator did not answer as it should. Is it running?"
  return Predicate.isError(error) ? error.message : String(error)
}
