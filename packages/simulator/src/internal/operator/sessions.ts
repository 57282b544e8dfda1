/**
 * The agents' login (`agentVep`), and the bearer that the other services of an operator ask for.
 *
 * Assumed: there are no users. Any name with any password signs in, and is an administrator.
 */
import { AccountId } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import { baseUris } from "../domains.ts"
import { ok } from "../reply.ts"
import { uuid } from "../uuid.ts"
import { bodyOf, notFound, refuse, unauthorized } from "./answers.ts"

/** Assumed: how many seconds a session lasts since it was last used. */
const lifetime = 3600

const Credentials = bodyOf(Schema.Struct({ username: Schema.NonEmptyString, password: Schema.NonEmptyString }))

const hex = Effect.map(uuid, (id) => id.replaceAll("-", ""))

export const make = (accounts: ReadonlyArray<string>) => {
  const sessions = new Map<string, { readonly account: AccountId; readonly until: number }>()

  const renew = (bearer: string, account: AccountId, now: number): void => {
    sessions.set(bearer, { account, until: now + lifetime * 1000 })
  }

  const login = Effect.gen(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const { accountId = "" } = yield* HttpRouter.params
    const { body } = yield* Credentials
    if (!accounts.includes(accountId)) return unauthorized("No such account")
    const now = yield* Clock.currentTimeMillis
    for (const [bearer, { until }] of sessions) if (until <= now) sessions.delete(bearer)
    const bearer = `${yield* hex}${yield* hex}`
    renew(bearer, AccountId.make(accountId), now)
    return ok({
      csrf: yield* hex,
      config: {
        loginName: body.username,
        userId: "1",
        userPid: yield* uuid,
        userPrivileges: [],
        serverCurrentTime: now,
        timeDiff: 0,
        serverTimeZoneName: "UTC",
        serverTimeGMTDiff: 0,
        isLPA: false,
        isAdmin: true,
        accountTimeZoneId: "UTC"
      },
      csdsCollectionResponse: { baseURIs: baseUris(accountId, headers["host"] ?? "liveperson.test") },
      sessionTTl: String(lifetime),
      bearer
    })
  })

  /** The account of the call's bearer. Fails where it has none, or one of another account. */
  const signedIn = Effect.gen(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const { accountId = "" } = yield* HttpRouter.params
    if (!accounts.includes(accountId)) return yield* refuse(notFound("No such account"))
    const bearer = headers["authorization"]?.replace(/^bearer\s+/i, "").trim() ?? ""
    if (bearer === "") return yield* refuse(unauthorized("The header Authorization has no bearer of a login"))
    const session = sessions.get(bearer)
    const now = yield* Clock.currentTimeMillis
    if (session?.account !== accountId || session.until <= now) {
      return yield* refuse(unauthorized("The bearer is wrong, or the session has ended"))
    }
    renew(bearer, session.account, now)
    return { account: session.account }
  })

  return { login, signedIn }
}
