/**
 * What answers the way in.
 */
import type { Redacted } from "effect/Redacted"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import { value } from "effect/Redacted"
import { Authorization, GatewayApi, Unauthorized } from "../GatewayApi.ts"
import { Desk } from "./desk.ts"

const utf8 = new TextEncoder()

/** Compares two texts without telling by its time where they differ. */
const isSame = (left: string, right: string): boolean => {
  const [a, b] = [utf8.encode(left), utf8.encode(right)]
  let different = a.length ^ b.length
  for (let at = 0; at < b.length; at += 1) different |= (a[at % Math.max(a.length, 1)] ?? 0) ^ (b[at] ?? 0)
  return different === 0
}

const authorization = (token: Redacted<string>) =>
  Layer.succeed(Authorization, {
    bearer: (answer, { credential }) =>
      isSame(value(credential), value(token))
        ? answer
        : Effect.fail(new Unauthorized({ message: "The bearer token is missing, or it is not this gateway's." }))
  })

const consumers = HttpApiBuilder.group(
  GatewayApi,
  "consumers",
  Effect.fnUntraced(function* (handlers) {
    const desk = yield* Desk
    return handlers.handleAll({
      deliver: ({ headers, params, payload }) => {
        const id = headers["idempotency-key"]
        return Effect.as(desk.deliver(params, { id, replay: 0, ...payload }), { id })
      },
      typing: ({ params, payload }) => desk.typing(params, payload.on),
      close: ({ headers, params }) => {
        const id = headers["idempotency-key"]
        return Effect.as(desk.close(params, id), { id })
      },
      state: ({ params }) => desk.state(params),
      mailbox: ({ params }) => desk.mailbox(params),
      deadLetters: ({ params }) => desk.deadLetters(params.account, params),
      replay: Effect.fnUntraced(function* ({ params, payload }) {
        const { message } = yield* desk.deadLetter(params, params.id)
        yield* desk.deliver(params, { ...message, ...payload, replay: message.replay + 1 })
        return { id: params.id }
      })
    })
  })
)

const accounts = HttpApiBuilder.group(
  GatewayApi,
  "accounts",
  Effect.fnUntraced(function* (handlers) {
    const desk = yield* Desk
    return handlers.handleAll({ deadLetters: ({ params }) => desk.deadLetters(params.account) })
  })
)

/** The API, its description in OpenAPI, and its documentation for people. */
export const layer = (token: Redacted<string>) =>
  HttpApiBuilder.layer(GatewayApi, { openapiPath: "/openapi.json" }).pipe(
    Layer.merge(HttpApiScalar.layer(GatewayApi, { path: "/docs", scalar: { withDefaultFonts: false } })),
    Layer.provide([consumers, accounts]),
    Layer.provide(authorization(token)),
    Layer.provide(HttpApiMiddleware.layerProblemDetails({ includeDetails: true })),
    Layer.provide(HttpServer.layerServices)
  )
