/**
 * What can be made to go wrong: an answer with another status, a slow one, none at all, or one that makes no sense.
 *
 * ```ts
 * import { Fault, Simulator } from "@effect-liveperson/simulator"
 * import { Effect } from "effect"
 *
 * const stormy = Effect.gen(function* () {
 *   const simulator = yield* Simulator.Simulator
 *   yield* simulator.fault("conversation", Fault.status(429, { retryAfter: "3" }), { times: 2 })
 *   yield* simulator.fault("sentinel", Fault.drop())
 * })
 * ```
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/** The endpoints that faults can be given to. */
export const Endpoint = Schema.Literals(["domains", "sentinel", "idp", "conversation", "send", "storage", "engagement"])
export type Endpoint = typeof Endpoint.Type

/**
 * - `Status`: another answer; the request is not processed.
 * - `Latency`: the answer comes, later.
 * - `Drop`: the connection is reset, before the request was processed or after.
 * - `Garbage`: an answer that is not the protocol's, without or after processing the request.
 */
export const Fault = Schema.TaggedUnion({
  Status: {
    status: Schema.Int,
    headers: Schema.Record(Schema.String, Schema.String),
    body: Schema.optionalKey(Schema.Json)
  },
  Latency: { duration: Schema.DurationFromMillis },
  Drop: { processed: Schema.Boolean },
  Garbage: {
    status: Schema.Int,
    contentType: Schema.String,
    text: Schema.String,
    processed: Schema.Boolean
  }
})
export type Fault = typeof Fault.Type

/** Answers with a status, and with `Retry-After` and a JSON body where given. */
export const status = (
  status: number,
  options: { readonly retryAfter?: string; readonly body?: Schema.Json } = {}
): Fault =>
  Fault.cases.Status.make({
    status,
    headers: options.retryAfter === undefined ? {} : { "retry-after": options.retryAfter },
    ...(options.body === undefined ? {} : { body: options.body })
  })

/** Answers as usual, after a while. */
export const latency = (duration: Duration.Input): Fault =>
  Fault.cases.Latency.make({ duration: Duration.fromInputUnsafe(duration) })

/** Resets the connection: before the request is processed, or with `processed` after. */
export const drop = (options: { readonly processed?: boolean } = {}): Fault =>
  Fault.cases.Drop.make({ processed: options.processed ?? false })

/** Answers with a text that is not the protocol's: an HTML page unless another is given. */
export const garbage = (
  text = "<!doctype html><title>Service status</title><p>We will be back soon.</p>",
  options: { readonly status?: number; readonly contentType?: string; readonly processed?: boolean } = {}
): Fault =>
  Fault.cases.Garbage.make({
    status: options.status ?? 200,
    contentType: options.contentType ?? "text/html",
    text,
    processed: options.processed ?? false
  })
