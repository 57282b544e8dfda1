/**
 * LivePerson's endpoints: from an HTTP request to what LivePerson answers. Nothing here knows of faults or of sockets.
 */
import {
  type AccountId,
  ClientProperties,
  ConsumerJWSRequest,
  LenientBatch,
  requestLimit,
  LenientSendRequest
} from "@effect-liveperson/core/protocol"
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { HttpServerError } from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpRouter from "effect/http/HttpRouter"
import * as UrlParams from "effect/http/UrlParams"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { baseUris } from "./domains.ts"
import { badRequest, ok, Refused, refusals, reply, type Reply } from "./reply.ts"
import type { Tokens } from "./tokens.ts"
import type { World } from "./world.ts"

/** The app that the simulator was started with. */
export interface App {
  /** The accounts that it is installed in: those that exist. */
  readonly accounts: Arr.NonEmptyReadonlyArray<AccountId>
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  /** How long an AppJWT lives, in seconds. */
  readonly appTokenLifetime: number
}

/** Which apps are installed: that one, unless it was removed, and those that operators installed. */
export interface Installed {
  /** Whether an app is installed in an account, and enabled. */
  readonly isInstalled: (account: string, clientId: string) => boolean
  /** Whether that is so, and this is its secret. */
  readonly isSecret: (account: string, clientId: string, secret: string) => boolean
}

/** What answers the calls of an endpoint. */
export type Answering = Effect.Effect<
  Reply,
  HttpServerError,
  HttpServerRequest.HttpServerRequest | HttpServerRequest.ParsedSearchParams | HttpRouter.RouteContext
>

const decodeJson = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))
const decodeBatch = Schema.decodeUnknownOption(LenientBatch)
const decodeSend = Schema.decodeUnknownOption(LenientSendRequest)
const decodeConsumer = Schema.decodeUnknownOption(ConsumerJWSRequest)

/** LivePerson's schema spells the type in one way, its documents in another. */
const ClientPropertiesType = Schema.Literals([".ClientProperties", ".ams.headers.ClientProperties"]).pipe(
  Schema.decodeTo(
    Schema.Literal(".ClientProperties"),
    SchemaTransformation.transform({
      decode: () => ".ClientProperties" as const,
      encode: (type): ".ClientProperties" | ".ams.headers.ClientProperties" => type
    })
  )
)

const decodeClientProperties = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ ...ClientProperties.fields, type: ClientPropertiesType }))
)

const decodePreview = Schema.decodeUnknownOption(
  Schema.Struct({
    body: Schema.Struct({
      event: Schema.Struct({
        contentType: Schema.Literal("hosted/file"),
        message: Schema.Struct({ preview: Schema.String })
      })
    })
  })
)

const refuse = (reply: Reply) => Effect.fail(new Refused({ reply }))

const answering = <R>(answer: Effect.Effect<Reply, HttpServerError | Refused, R>) =>
  Effect.catchTag(answer, "Refused", ({ reply }) => Effect.succeed(reply))

/** Assumed: what the Domain API says of a request that makes no sense. */
const senseless = (error: string): Reply => reply(400, { error })

/** Assumed: Sentinel refuses as OAuth 2.0 says, whose words its grant and its answer are. */
const invalid = (error: string, error_description: string, status = 400): Reply =>
  reply(status, { error, error_description })

/** Fails where the query names another version of an API than there is. Assumed: it need not name one. */
const versioned = Effect.fnUntraced(function* (version: "1.0" | "3", say: (msg: string) => Reply, name = "v") {
  const query = yield* HttpServerRequest.ParsedSearchParams
  if (query[name] === undefined || Number(query[name]) === Number(version)) return
  yield* refuse(say(`Bad Request, ${name} must be ${version}`))
})

const isJson = (contentType: string | undefined): boolean => /^application\/json\s*(?:;|$)/i.test(contentType ?? "")

/** A header's token, with or without `Bearer` before it. */
export const tokenIn = (header: string | undefined): string | undefined => {
  const token = header?.replace(/^bearer\s+/i, "").trim()
  return token === "" ? undefined : token
}

/** The preview of a file does not count, nor does the comma beside it: it has a limit of its own. */
const tooLarge = (request: unknown): boolean => {
  const { length } = JSON.stringify(request)
  if (length <= requestLimit) return false
  const uncounted = Option.match(decodePreview(request), {
    onNone: () => 0,
    onSome: ({ body }) => JSON.stringify(body.event.message).length - 1
  })
  return length - uncounted > requestLimit
}

export const make = (app: App, installed: Installed, tokens: Tokens, world: World) => {
  /** The account of the URL, where it exists. */
  const account = Effect.map(HttpRouter.params, ({ accountId }) => app.accounts.find((known) => known === accountId))

  /** Fails with the refusal that section 1.5 names, unless the request carries an installed app's token. */
  const authorized = Effect.gen(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const token = tokenIn(headers["authorization"])
    if (token === undefined) return yield* refuse(refusals.appMissing)
    const claims = yield* tokens.checkAppJwt(token)
    if (claims === undefined) return yield* refuse(refusals.appInvalid)
    const accountId = yield* account
    if (accountId === undefined || claims.aud !== accountId || !installed.isInstalled(accountId, claims.azp ?? "")) {
      return yield* refuse(refusals.appInvalid)
    }
    return accountId
  })

  /** Fails likewise unless the request says on whose behalf it is made. */
  const speaking = Effect.fnUntraced(function* (accountId: AccountId) {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const token = tokenIn(headers["x-lp-on-behalf"])
    if (token === undefined) return yield* refuse(refusals.consumerMissing)
    const claims = tokens.checkConsumerJws(token)
    if (claims === undefined || claims.account_id !== accountId) return yield* refuse(refusals.consumerInvalid)
    return { account: accountId, consumer: claims.ext_consumer_id, lpConsumerId: claims.lp_consumer_id }
  })

  const domains: Answering = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    yield* versioned("1.0", senseless, "version")
    const { service } = yield* HttpRouter.params
    const accountId = yield* account
    if (accountId === undefined) return reply(404, { error: "No such account" })
    const all = baseUris(accountId, request.headers["host"] ?? "liveperson.test")
    if (service === undefined) return ok({ baseURIs: all })
    const one = all.find((entry) => entry.service === service)
    return one === undefined ? reply(404, { error: "No such service" }) : ok(one)
  }).pipe(answering)

  const sentinel: Answering = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    yield* versioned("1.0", (msg) => invalid("invalid_request", msg))
    const query = yield* HttpServerRequest.ParsedSearchParams
    const form = yield* request.urlParamsBody
    const given = (name: string) => {
      const inQuery = query[name]
      return typeof inQuery === "string" ? inQuery : Option.getOrUndefined(UrlParams.getFirst(form, name))
    }
    if (given("grant_type") !== "client_credentials") {
      return invalid("unsupported_grant_type", "grant_type must be client_credentials")
    }
    const accountId = yield* account
    const clientId = given("client_id") ?? ""
    if (accountId === undefined || !installed.isSecret(accountId, clientId, given("client_secret") ?? "")) {
      return invalid("invalid_client", "Client id or secret is wrong", 401)
    }
    const token = yield* tokens.appJwt(accountId, clientId, app.appTokenLifetime)
    return ok({ access_token: token, token_type: "Bearer" })
  }).pipe(answering)

  const idp: Answering = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const accountId = yield* authorized
    yield* versioned("1.0", badRequest)
    const body = Option.flatMap(decodeJson(yield* request.text), decodeConsumer)
    if (Option.isNone(body)) return badRequest("ext_consumer_id is missing")
    return reply(201, { token: tokens.consumerJws(accountId, body.value.ext_consumer_id) })
  }).pipe(answering)

  const caller = Effect.gen(function* () {
    const speaker = yield* speaking(yield* authorized)
    yield* versioned("3", badRequest)
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    // The header is required. Assumed: what is said to be anything else is not read.
    if (!isJson(headers["content-type"])) {
      return yield* refuse(badRequest("Bad Request, Content-Type must be application/json"))
    }
    const header = headers["client-properties"]
    if (header === undefined) return { speaker, clientProperties: undefined }
    const clientProperties = decodeClientProperties(header)
    if (Option.isNone(clientProperties)) return yield* refuse(badRequest("Client-Properties are wrong"))
    return { speaker, clientProperties: clientProperties.value }
  })

  const conversation: Answering = Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const by = yield* caller
    const json = decodeJson(yield* request.text)
    const batch = Option.flatMap(json, decodeBatch)
    const isTooLarge = Option.exists(json, (requests) => Array.isArray(requests) && requests.some(tooLarge))
    return Option.isNone(batch) || isTooLarge ? badRequest() : yield* world.conversation(batch.value, by)
  }).pipe(answering)

  const send: Answering = Effect.gen(function* () {
    const incoming = yield* HttpServerRequest.HttpServerRequest
    const by = yield* caller
    const json = decodeJson(yield* incoming.text)
    const request = Option.flatMap(json, decodeSend)
    return Option.isNone(request) || Option.exists(json, tooLarge) ? badRequest() : yield* world.send(request.value, by)
  }).pipe(answering)

  return { domains, sentinel, idp, conversation, send }
}
