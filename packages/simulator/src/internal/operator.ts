/**
 * What a connector's operator calls: the login of agents, the apps that are installed, the account's features, and the
 * history of conversations.
 *
 * Reference: section 12.
 */
import * as Effect from "effect/Effect"
import type * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import type { HttpServerError } from "effect/http/HttpServerError"
import * as Schema from "effect/Schema"
import type { Answering } from "./endpoints.ts"
import type { Operator } from "./operator/answers.ts"
import * as Features from "./operator/features.ts"
import { make as makeHistory } from "./operator/history.ts"
import * as Installations from "./operator/installations.ts"
import type { Kept } from "./operator/records.ts"
import { make as makeSessions } from "./operator/sessions.ts"
import type { Refused, Reply } from "./reply.ts"
import type { Route } from "./routes.ts"

export type { App } from "./operator/installations.ts"
export { kept } from "./operator/records.ts"

/** What operators changed, for the next run to take up. Who was signed in is not in it. */
export const State = Schema.Struct({
  installations: Schema.Array(Installations.Installation),
  features: Features.Changed
})
export type State = typeof State.Type

/** What the operator's endpoints need to know of the rest of LivePerson. */
export interface Deps extends Installations.Deps {
  /** A conversation by its id. */
  readonly conversation: (id: string) => Kept | undefined
}

type Circumstances =
  | HttpServerRequest.HttpServerRequest
  | HttpServerRequest.ParsedSearchParams
  | HttpRouter.RouteContext

type Handling = Effect.Effect<Reply, Refused | HttpServerError, Circumstances>

const answering = (handling: Handling): Answering =>
  Effect.catchTag(handling, "Refused", ({ reply }) => Effect.succeed(reply))

const account = "/api/account/:accountId"
const installed = `${account}/configuration/app-install/installations` as const
const granted = `${account}/configuration/provision/featureGrants` as const

export const make = Effect.fnUntraced(function* (deps: Deps) {
  const { login, signedIn } = makeSessions(deps.accounts)
  const installations = yield* Installations.make(deps)
  const features = Features.make(deps.changed)
  const history = makeHistory(deps.conversation)

  const route = (method: Route["method"], path: Route["path"], answer: (operator: Operator) => Handling): Route => ({
    method,
    path,
    endpoint: "operator",
    answer: answering(Effect.flatMap(signedIn, answer))
  })

  return {
    /** Every route, with what answers it. */
    routes: [
      { method: "POST", path: `${account}/login`, endpoint: "operator", answer: answering(login) },
      route("GET", installed, installations.list),
      route("POST", installed, installations.create),
      route("GET", `${installed}/:appId`, installations.get),
      route("PUT", `${installed}/:appId`, installations.put),
      route("DELETE", `${installed}/:appId`, installations.delete),
      route("GET", granted, features.get),
      route("POST", granted, features.post),
      route("POST", `/messaging_history${account}/conversations/conversation/search`, history)
    ] satisfies ReadonlyArray<Route>,

    isInstalled: installations.isInstalled,
    isSecret: installations.isSecret,
    subscriber: installations.subscriber,

    read: (): State => ({ installations: installations.read(), features: features.read() }),

    /** Takes up what another run left. Who subscribes to what is for the caller to say. */
    restore: (left: State): void => {
      installations.restore(left.installations)
      features.restore(left.features)
    }
  }
})
