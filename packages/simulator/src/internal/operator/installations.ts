/**
 * The apps that are installed (`accountConfigReadWrite`): the one that the simulator was started with, and those that
 * operators install beside it.
 *
 * LivePerson posts to every app. The simulator posts to one: of those that are enabled and subscribe to anything, to
 * the one that was saved last. What that one is subscribed to now, however it came to be, is in its manifest.
 */
import { AccountId } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Webhooks } from "../../Webhooks.ts"
import { reply, type Reply } from "../reply.ts"
import { uuid } from "../uuid.ts"
import { bodyOf, notFound, type Operator, refuse, revisionHeader } from "./answers.ts"
import { initial, isSubscribed, Posted, subscribedTo, webhooksOf } from "./manifest.ts"

/** An app as it is installed in an account. */
export const Installation = Schema.Struct({
  account: AccountId,
  id: Schema.String,
  clientId: Schema.String,
  clientSecret: Schema.RedactedFromValue(Schema.String),
  /** When it was installed, in epoch seconds. */
  issuedAt: Schema.Finite,
  enabled: Schema.Boolean,
  deleted: Schema.Boolean,
  manifest: Schema.JsonObject
})
export type Installation = typeof Installation.Type

/** Who deliveries are signed by. */
export type App = Pick<Installation, "clientId" | "clientSecret">

/** What the installations need to know of the rest of LivePerson. */
export interface Deps {
  readonly accounts: ReadonlyArray<string>
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  /** The id under which the simulator's own app is installed: its client id, unless it is said otherwise. */
  readonly appInstallId?: string | undefined
  /** What is subscribed to now. */
  readonly webhooks: () => Webhooks
  /** Subscribes to webhooks, on behalf of an app. */
  readonly subscribe: (webhooks: Webhooks, app: App) => Effect.Effect<void>
  /** Something that the next run is to know has changed. */
  readonly changed: () => void
}

const body = bodyOf(Posted)
const isObject = Schema.is(Schema.JsonObject)

const isInstalled = ({ deleted, enabled }: Installation): boolean => enabled && !deleted

/** What is LivePerson's to say of an app stands over what a client wrote. */
const view = ({
  clientId,
  clientSecret,
  deleted,
  enabled,
  id,
  issuedAt,
  manifest
}: Installation): Schema.JsonObject => ({
  ...manifest,
  enabled,
  client_id_issued_at: issuedAt,
  client_secret_expires_at: 0,
  client_id: clientId,
  client_secret: Redacted.value(clientSecret),
  id,
  deleted
})

export const make = Effect.fnUntraced(function* (deps: Deps) {
  const app: App = { clientId: deps.clientId, clientSecret: deps.clientSecret }
  const started = Math.floor((yield* Clock.currentTimeMillis) / 1000)
  const ours = deps.accounts.map((account): Installation => ({
    ...app,
    account: AccountId.make(account),
    id: deps.appInstallId ?? deps.clientId,
    issuedAt: started,
    enabled: true,
    deleted: false,
    manifest: initial
  }))
  const isOurs = ({ clientId }: Installation): boolean => clientId === deps.clientId

  // In the order in which they were saved.
  let installations: ReadonlyArray<Installation> = ours
  let revision = 1

  const subscriberOf = (all: ReadonlyArray<Installation>): Installation | undefined =>
    all.findLast((one) => isInstalled(one) && isSubscribed(webhooksOf(one.manifest))) ??
    all.find((one) => isInstalled(one) && isOurs(one))

  /** The installations as they are now. */
  const current = (): ReadonlyArray<Installation> => {
    const subscriber = subscriberOf(installations)
    const webhooks = deps.webhooks()
    return installations.map((one) =>
      one.clientId === subscriber?.clientId ? { ...one, manifest: subscribedTo(one.manifest, webhooks) } : one
    )
  }

  const save = Effect.fnUntraced(function* (saved: Installation) {
    const before = subscriberOf(installations)
    const { algorithm, ...webhooks } = deps.webhooks()
    installations = [...current().filter((one) => one.account !== saved.account || one.id !== saved.id), saved]
    revision += 1
    deps.changed()
    const after = subscriberOf(installations)
    const wanted = after === undefined ? {} : webhooksOf(after.manifest)
    if (before?.clientId === after?.clientId && Equal.equals(webhooks, wanted)) return
    yield* deps.subscribe(algorithm === undefined ? wanted : { ...wanted, algorithm }, after ?? app)
  })

  const answer = (status: number, body: Schema.Json): Reply =>
    HttpServerResponse.setHeader(reply(status, body), revisionHeader, String(revision))

  /** The one that a path names, by its id or its client id. */
  const named = Effect.fnUntraced(function* ({ account }: Operator) {
    const { appId } = yield* HttpRouter.params
    const found = current().find(
      (one) => one.account === account && !one.deleted && (one.id === appId || one.clientId === appId)
    )
    return found ?? (yield* refuse(notFound("No such installation")))
  })

  /** Fails where a change is made to another revision than the newest. A client need not name one. */
  const matched = Effect.gen(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const known = headers["if-match"]?.replaceAll('"', "") ?? "*"
    if (["*", "-1", String(revision)].includes(known)) return
    yield* refuse(answer(412, { error: `If-Match names revision ${known}, and this is revision ${revision}` }))
  })

  return {
    list: Effect.fnUntraced(function* ({ account }: Operator) {
      const query = yield* HttpServerRequest.ParsedSearchParams
      const all = current().filter((one) => one.account === account)
      return answer(200, all.filter(({ deleted }) => !deleted || query["include_deleted"] === "true").map(view))
    }),

    create: Effect.fnUntraced(function* ({ account }: Operator) {
      const { body: posted, json } = yield* body
      const id = yield* uuid
      const clientSecret = Redacted.make((yield* uuid).replaceAll("-", ""))
      const issuedAt = Math.floor((yield* Clock.currentTimeMillis) / 1000)
      const { enabled = true } = posted
      const manifest = isObject(json) ? json : {}
      const made = { account, id, clientId: id, clientSecret, issuedAt, enabled, deleted: false, manifest }
      yield* save(made)
      return answer(201, view(made))
    }),

    get: (operator: Operator) => Effect.map(named(operator), (found) => answer(200, view(found))),

    put: Effect.fnUntraced(function* (operator: Operator) {
      const found = yield* named(operator)
      yield* matched
      const { body: posted, json } = yield* body
      const { enabled = found.enabled } = posted
      const saved = { ...found, enabled, manifest: isObject(json) ? json : {} }
      yield* save(saved)
      return answer(200, view(saved))
    }),

    delete: Effect.fnUntraced(function* (operator: Operator) {
      const found = yield* named(operator)
      yield* matched
      const deleted = { ...found, deleted: true }
      yield* save(deleted)
      return answer(200, view(deleted))
    }),

    /** Whether an app is installed in an account, and enabled. */
    isInstalled: (account: string, clientId: string): boolean =>
      installations.some((one) => one.account === account && one.clientId === clientId && isInstalled(one)),

    /** Whether that is so, and this is its secret. */
    isSecret: (account: string, clientId: string, secret: string): boolean =>
      installations.some(
        (one) =>
          one.account === account &&
          one.clientId === clientId &&
          isInstalled(one) &&
          Redacted.value(one.clientSecret) === secret
      ),

    /** Who deliveries are signed by. */
    subscriber: (): App => subscriberOf(installations) ?? app,

    read: current,

    /** Takes up what another run left, but for the app that this one was started with: that has its secret from here. */
    restore: (left: ReadonlyArray<Installation>): void => {
      const known = left.map((one) => (isOurs(one) ? { ...one, ...app } : one))
      const missing = ours.filter(({ account }) => !known.some((one) => one.account === account && isOurs(one)))
      installations = [...missing, ...known]
    }
  }
})
