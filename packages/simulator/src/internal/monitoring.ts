/**
 * The Monitoring API (`smt`): which engagement a visitor is offered. It is public.
 */
import { EngagementRequest } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { reply } from "./reply.ts"
import { uuid } from "./uuid.ts"

/** The engagement that every visitor is offered. */
export interface Engagement {
  readonly campaignId: number
  readonly engagementId: number
}

const decodeRequest = Schema.decodeUnknownOption(Schema.fromJsonString(EngagementRequest))

const versions: ReadonlySet<number> = new Set([1, 1.1])

/** The refusals of section 7. */
const refusals = {
  version: reply(400, { internalCode: 33, message: "Bad api version" }),
  data: reply(400, { internalCode: 5, message: "Bad request data" }),
  visitor: reply(404, { internalCode: 37, message: "Bad visitorId" }),
  session: reply(404, { internalCode: 39, message: "Bad sessionId" }),
  app: reply(404, { internalCode: 18, message: "Bad app installation id" })
}

export const make = (
  known: { readonly accounts: ReadonlyArray<string>; readonly appInstallId: string },
  engagement: Engagement | undefined
) => {
  const visitors = new Map<string, Map<string, Schema.JsonObject>>()

  const begin = Effect.fnUntraced(function* (visitorId: string) {
    const sessionId = yield* uuid
    const session = {
      visitorId,
      sessionId,
      pageId: yield* uuid,
      ...(engagement && {
        engagementDetails: [{ ...engagement, engagementRevision: 1, contextId: yield* uuid, status: "expose" }]
      })
    }
    const sessions = visitors.get(visitorId) ?? new Map<string, Schema.JsonObject>()
    visitors.set(visitorId, sessions.set(sessionId, session))
    return reply(201, session)
  })

  /** `POST …/engagement`: goes on with the session that is named, or begins one. */
  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const { accountId, appInstallId } = yield* HttpRouter.params
    const query = yield* HttpServerRequest.ParsedSearchParams
    if (!versions.has(Number(query["v"]))) return refusals.version
    if (!known.accounts.includes(accountId ?? "") || appInstallId !== known.appInstallId) return refusals.app
    if (Option.isNone(decodeRequest(yield* request.text))) return refusals.data
    // The reference's URL names both even where there is nothing to say.
    const vid = String(query["vid"] ?? "")
    const sid = String(query["sid"] ?? "")
    if (vid === "") return sid === "" ? yield* begin(yield* uuid) : refusals.session
    const sessions = visitors.get(vid)
    if (sessions === undefined) return refusals.visitor
    if (sid === "") return yield* begin(vid)
    const session = sessions.get(sid)
    return session === undefined ? refusals.session : reply(200, session)
  })
}
