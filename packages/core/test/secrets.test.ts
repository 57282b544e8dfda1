import { Connector, ConnectorError, Conversation, Retry } from "@effect-liveperson/core"
import { Fault, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import {
  Arbitrary,
  Cause,
  Effect,
  Exit,
  Inspectable,
  Layer,
  Logger,
  Metric,
  Redacted,
  References,
  Schedule,
  Schema,
  Tracer
} from "effect"
import { HttpClient } from "effect/http"
import { connectorOn, type Seen, Wire } from "./support.ts"

const clientSecret = "s3cr3t-of-the-client-9f8e7d"
const message = 'My card number is 4111 1111 1111 1111 – büte "quoted" 🚚 and\nanother line'
const profile = {
  firstName: "Adalberta-Quintessa",
  privateData: { mail: "adalberta@quintessa.example", mobileNum: "+15550188" }
}
const consumer = "sms:+15550188777"

const said: ReadonlyArray<string> = [clientSecret, message, profile.firstName, profile.privateData.mail, consumer]

/** Everything a program can let out: log lines, spans with all they hold, metrics, and errors however they are printed. */
const eavesdrop = () => {
  const heard: Array<string> = []
  const hear = (value: unknown) =>
    void heard.push(typeof value === "string" ? value : Inspectable.toStringUnknown(value))
  const logger = Logger.make((options) =>
    hear([options.message, options.cause, Cause.pretty(options.cause)].map(String).join(" "))
  )
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const end = span.end.bind(span)
      span.end = (time, exit) => {
        hear(span.name)
        hear([...span.attributes.entries()])
        hear(span.events)
        if (Exit.isFailure(exit)) hear(Cause.pretty(exit.cause))
        end(time, exit)
      }
      return span
    }
  })
  return {
    heard,
    hear,
    layer: Layer.mergeAll(
      Logger.layer([logger]),
      Layer.succeed(Tracer.Tracer, tracer),
      Layer.succeed(References.MinimumLogLevel, "All"),
      Layer.succeed(HttpClient.TracerHeaderFilter, () => true)
    )
  }
}

const printed = (error: ConnectorError.ConnectorError): ReadonlyArray<string> => [
  String(error),
  error.message,
  error.stack ?? "",
  JSON.stringify(error),
  JSON.stringify(Schema.encodeSync(ConnectorError.ConnectorError)(error)),
  Inspectable.toStringUnknown(error),
  Cause.pretty(Cause.fail(error))
]

/** No secret as a whole, none of its JSON forms, and no run of it that is long enough to mean something. */
const findings = (heard: ReadonlyArray<string>, secrets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const text = heard.join("\n")
  return secrets.flatMap((secret) => {
    const runs =
      secret.length <= 12 ? [secret] : Array.from({ length: secret.length - 11 }, (_, at) => secret.slice(at, at + 12))
    return runs.filter((run) => text.includes(run) || text.includes(JSON.stringify(run).slice(1, -1)))
  })
}

const open = Conversation.make(profile).pipe(
  Conversation.withMessage(message),
  Connector.open,
  Connector.onBehalfOf(consumer)
)

const atOnce = Retry.withSchedule(Schedule.recurs(3))

describe("nothing that a run lets out holds a token, a secret, a message or who the consumer is", () => {
  it.live("with every fault at every endpoint", () =>
    Effect.gen(function* () {
      const ears = eavesdrop()
      const shown = new Set<string>()
      const watched = Layer.effect(
        HttpClient.HttpClient,
        HttpClient.HttpClient.use((client) =>
          Effect.succeed(
            HttpClient.tapRequest(client, ({ headers }) =>
              Effect.sync(() => {
                for (const name of ["authorization", "x-lp-on-behalf"])
                  if (headers[name] !== undefined) shown.add(headers[name])
              })
            )
          )
        )
      )
      const simulator = Simulator.layer({ clientSecret: Redacted.make(clientSecret) })
      const fresh = Layer.fresh(
        Connector.layer({ ...Simulator.credentials, clientSecret: Redacted.make(clientSecret), timeout: "50 millis" })
      )
      const run = Effect.gen(function* () {
        const { clearFaults, fault, revoke } = yield* Simulator.Simulator
        const faults = [
          ...[400, 401, 403, 404, 429, 500, 502].map((status) => Fault.status(status)),
          Fault.drop(),
          Fault.drop({ processed: true }),
          Fault.latency("100 millis"),
          Fault.garbage(),
          Fault.garbage(`{"code":"OK`, { contentType: "application/json", processed: true })
        ]
        for (const endpoint of ["domains", "sentinel", "idp", "conversation"] as const) {
          for (const one of faults) {
            yield* fault(endpoint, one, { times: 10 })
            const exit = yield* Effect.exit(open.pipe(Effect.provide(fresh)))
            if (Exit.isFailure(exit))
              for (const reason of exit.cause.reasons)
                if (Cause.isFailReason(reason)) printed(reason.error).forEach(ears.hear)
            yield* clearFaults
          }
        }
        const twice = yield* Effect.flip(Effect.andThen(revoke("app"), open).pipe(Effect.provide(fresh)))
        printed(twice).forEach(ears.hear)
        expect(twice._tag).toBe("RequestRejected")
        ears.hear(yield* Metric.dump)
      })
      yield* run.pipe(Effect.provide(watched.pipe(Layer.provideMerge(simulator))), Effect.provide(ears.layer), atOnce)
      expect(ears.heard.length).toBeGreaterThan(500)
      expect(shown.size).toBeGreaterThan(10)
      expect(findings(ears.heard, [...said, ...shown])).toEqual([])
    })
  )

  const echoes: Record<string, (seen: Seen) => { status: number; text: string; headers?: Record<string, string> }> = {
    "an HTML page": ({ body, headers }) => ({
      status: 200,
      text: `<p>${headers["authorization"]} ${headers["x-lp-on-behalf"]} ${body}</p>`
    }),
    "its first words": ({ body }) => ({ status: 200, text: body.slice(body.indexOf("My card")) }),
    "a content type": ({ headers }) => ({
      status: 200,
      text: "?",
      headers: { "content-type": `text/${headers["authorization"]}` }
    }),
    "the words of a 400": ({ body, headers }) => ({
      status: 400,
      text: JSON.stringify({
        code: "BAD_REQUEST",
        body: { msg: `What is ${body}?`, title: headers["authorization"], details: message }
      })
    }),
    "the words of a 401": ({ body, headers }) => ({
      status: 401,
      text: JSON.stringify({ body: { title: headers["x-lp-on-behalf"], details: body, errorCode: 40103 } })
    }),
    "the words of a refused payload": ({ body }) => ({
      status: 200,
      text: JSON.stringify([{ code: "BAD_REQUEST", reqId: "1", body: { msg: `${message} ${body}` } }])
    }),
    "a code": () => ({ status: 200, text: JSON.stringify([{ code: message, reqId: "1", body: {} }]) })
  }

  it.effect.each(Object.entries(echoes))("when LivePerson's answer repeats it: %s", ([, echo]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open)
      const { seen } = yield* Wire
      const tokens = seen.flatMap(({ headers }) => [headers["authorization"] ?? "", headers["x-lp-on-behalf"] ?? ""])
      expect(findings(printed(error), [...said, ...tokens])).toEqual([])
    }).pipe(Effect.provide(connectorOn(echo)))
  )

  const texts = Arbitrary.all({
    text: Arbitrary.schema(Schema.String.check(Schema.isBetweenLength(12, 120))),
    before: Arbitrary.schema(Schema.String)
  })

  it.effect.prop("whatever the message is", [texts], ([{ before, text }]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Conversation.make().pipe(Conversation.withMessage(text), Connector.open, Connector.onBehalfOf("sms:1"))
      )
      expect(error._tag).toBe("UnexpectedResponse")
      expect(error._tag === "UnexpectedResponse" ? error.excerpt : "").not.toContain(text)
    }).pipe(Effect.provide(connectorOn(() => ({ status: 200, text: `${before}${text}` }))))
  )
})
