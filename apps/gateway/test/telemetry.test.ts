import { describe, expect, it } from "@effect/vitest"
import { NodeHttpServer } from "@effect/platform-node"
import { Effect, Layer, Schedule, Schema } from "effect"
import { HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import * as Cluster from "./cluster.ts"

const Span = Schema.Struct({ traceId: Schema.String, name: Schema.String })

const decodeTraces = Schema.decodeUnknownEffect(
  Schema.Struct({
    resourceSpans: Schema.Array(
      Schema.Struct({ scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) })) })
    )
  })
)

/** A collector of spans, and where it listens. */
const collector = Effect.gen(function* () {
  const spans: Array<typeof Span.Type> = []
  const context = yield* Layer.build(
    HttpServer.serve(
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        if (request.url === "/v1/traces") {
          const { resourceSpans } = yield* decodeTraces(yield* request.json)
          spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
        }
        return HttpServerResponse.empty({ status: 200 })
      }).pipe(Effect.orDie)
    ).pipe(Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 })))
  )
  const url = yield* HttpServer.addressFormattedWith(Effect.succeed).pipe(Effect.provideContext(context))
  return { spans, url }
})

describe("what is told of a message", () => {
  it.live(
    "is one trace from the channel to LivePerson and back, metrics by account, and never what it says",
    () =>
      Effect.gen(function* () {
        const { spans, url } = yield* collector
        const world = yield* Cluster.start({ runners: 1, env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } })
        const [runner] = world.runners
        if (runner === undefined) return yield* Effect.die("no runner")
        const secret = "nobody else is to read this"
        yield* world.deliver("sms:+1", "m1", secret)
        yield* world.sawAll(1, 10_000)
        const [conversation] = yield* world.simulator.conversations
        if (conversation === undefined) return yield* Effect.die("no conversation")
        yield* world.simulator.agent(conversation.id).say(secret)

        const expected = ["Gateway.deliver", "Consumer.Deliver", "SendApi.conversation", "Consumer.tell"]
        const inOneTrace = Effect.suspend(() => {
          const traces = Map.groupBy(spans, ({ traceId }) => traceId)
          const names = [...traces.values()].map((trace) => new Set(trace.map(({ name }) => name)))
          return names.some((name) => expected.every((one) => name.has(one)))
            ? Effect.void
            : Effect.fail([...new Set(spans.map(({ name }) => name))])
        })
        yield* inOneTrace.pipe(Effect.retry(Schedule.spaced("100 millis").pipe(Schedule.upTo({ times: 150 }))))

        const metrics = yield* Effect.promise(() => fetch(`${runner.url}/metrics`).then((response) => response.text()))
        expect(metrics).toContain(`gateway_deliveries{account="${world.account}",outcome="sent"} 1`)
        expect(metrics).toContain(`gateway_events{account="${world.account}",outcome="told"}`)
        expect(metrics).toContain(`gateway_mailbox_depth{account="${world.account}"}`)
        expect(`${metrics}${runner.logs()}${JSON.stringify(spans)}`).not.toContain(secret)
      }).pipe(Effect.scoped),
    60_000
  )
})
