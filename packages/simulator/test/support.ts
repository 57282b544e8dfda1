import { NodeSimulator, Simulator } from "@effect-liveperson/simulator"
import { expect, layer } from "@effect/vitest"
import { Effect, Option, Redacted, Schema } from "effect"

export const { accountId, clientId } = Simulator.credentials
export const appInstallId = clientId
export const clientSecret = Redacted.value(Simulator.credentials.clientSecret)

/** A server for a block of tests, on the clock that its sockets are on. */
export const onSocket = (options: NodeSimulator.Options = {}) =>
  layer(NodeSimulator.layer(options), { excludeTestServices: true })

/** A request as a client in any language would write it. */
export interface Sent {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS"
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** What came back: the body as it is, and as JSON where it is JSON, and as text where it is not. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly bytes: Uint8Array
}

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

export const answerOf = (status: number, headers: Readonly<Record<string, string>>, content: ArrayBuffer): Answer => {
  const bytes = new Uint8Array(content)
  const text = new TextDecoder().decode(bytes)
  return { status, headers, body: Option.getOrElse(parse(text), () => text), bytes }
}

/** Sends by plain `fetch` over the socket. */
export const send = Effect.fnUntraced(function* ({ path, ...init }: Sent) {
  const url = yield* NodeSimulator.url
  return yield* Effect.tryPromise(async (signal) => {
    const response = await fetch(url + path, { ...init, signal })
    return answerOf(response.status, Object.fromEntries(response.headers), await response.arrayBuffer())
  })
})

export interface Tokens {
  readonly app: string
  readonly consumer: string
}

const form = { "Content-Type": "application/x-www-form-urlencoded" }
const json = { "Content-Type": "application/json" }

/** The reference's requests (section 1.2), literally. */
export const ask = {
  domain: (service: string, account = accountId): Sent => ({
    method: "GET",
    path: `/api/account/${account}/service/${service}/baseURI.json?version=1.0`
  }),
  domains: (account = accountId): Sent => ({
    method: "GET",
    path: `/api/account/${account}/service/baseURI.json?version=1.0`
  }),
  app: (account = accountId): Sent => ({
    method: "POST",
    path: `/sentinel/api/account/${account}/app/token?v=1.0&grant_type=client_credentials`,
    headers: form,
    body: `client_id=${clientId}&client_secret=${clientSecret}`
  }),
  consumer: (headers: Record<string, string>, body: string, account = accountId): Sent => ({
    method: "POST",
    path: `/api/account/${account}/consumer?v=1.0`,
    headers: { ...json, ...headers },
    body
  }),
  conversation: (headers: Record<string, string>, body: string, account = accountId): Sent => ({
    method: "POST",
    path: `/api/account/${account}/messaging/consumer/conversation?v=3`,
    headers: { ...json, ...headers },
    body
  }),
  send: (headers: Record<string, string>, body: string, account = accountId): Sent => ({
    method: "POST",
    path: `/api/account/${account}/messaging/consumer/conversation/send?v=3`,
    headers: { ...json, ...headers },
    body
  }),
  engagement: (query: string, body: string, app = appInstallId, account = accountId): Sent => ({
    method: "POST",
    path: `/api/account/${account}/app/${app}/engagement?${query}`,
    headers: json,
    body
  })
}

const Issued = Schema.Union([Schema.Struct({ access_token: Schema.String }), Schema.Struct({ token: Schema.String })])

/** The token of an answer of Sentinel or the IDP. */
export const tokenOf = ({ body }: Answer): string => {
  const issued = Schema.decodeUnknownSync(Issued)(body)
  return "token" in issued ? issued.token : issued.access_token
}

const decodePart = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

/** What a token says of itself, what it claims, and its signature's bytes. */
export const readToken = (token: string) => {
  expect(token).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
  const [header = "", claims = "", signature = ""] = token.split(".")
  const text = (part: string) => Buffer.from(part, "base64url").toString()
  return {
    header: decodePart(text(header)),
    claims: decodePart(text(claims)),
    signature: Buffer.from(signature, "base64url")
  }
}

const decodeConsumer = Schema.decodeUnknownSync(Schema.Struct({ lp_consumer_id: Schema.String }))

/** LivePerson's name for the consumer of a ConsumerJWS. */
export const lpConsumerId = (token: string): string => decodeConsumer(readToken(token).claims).lp_consumer_id

export const appToken = Effect.suspend(() => Effect.map(send(ask.app()), tokenOf))

export const consumerToken = (app: string, consumer: string) =>
  Effect.map(send(ask.consumer({ Authorization: app }, JSON.stringify({ ext_consumer_id: consumer }))), tokenOf)

/** Both tokens of a consumer, freshly issued. */
export const signIn = Effect.fnUntraced(function* (consumer: string) {
  const app = yield* appToken
  return { app, consumer: yield* consumerToken(app, consumer) }
})

export const headersOf = ({ app, consumer }: Tokens) => ({ Authorization: app, "X-LP-ON-BEHALF": consumer })

const asText = (content: unknown): string => (typeof content === "string" ? content : JSON.stringify(content))

/** Posts a batch, or a text in its place, to CONVERSATION. */
export const post = (tokens: Tokens, batch: unknown, headers: Record<string, string> = {}) =>
  send(ask.conversation({ ...headersOf(tokens), ...headers }, asText(batch)))

/** Posts a request, or a text in its place, to SEND. */
export const tell = (tokens: Tokens, request: unknown, headers: Record<string, string> = {}) =>
  send(ask.send({ ...headersOf(tokens), ...headers }, asText(request)))

export const profile = (changes: object = {}) => ({
  kind: "req",
  id: "profile",
  type: "userprofile.SetUserProfile",
  body: {},
  ...changes
})

export const request = (changes: object = {}) => ({
  kind: "req",
  id: "request",
  type: "cm.ConsumerRequestConversation",
  body: { channelType: "MESSAGING", brandId: accountId },
  ...changes
})

export const message = (text = "Hi", changes: object = {}) => ({
  kind: "req",
  id: "message",
  type: "ms.PublishEvent",
  body: { event: { type: "ContentEvent", contentType: "text/plain", message: text } },
  ...changes
})

/** A request to SEND: its id is the reference's own "1,". */
const sendRequest =
  (type: string) =>
  (body: object, changes: object = {}) => ({ kind: "req", id: "1,", type, body, ...changes })

export const publishEvent = sendRequest("ms.PublishEvent")
export const updateField = sendRequest("cm.UpdateConversationField")
export const setProfile = sendRequest("userprofile.SetUserProfile")
export const uploadUrl = sendRequest("ms.GenerateURLForUploadFile")
export const downloadUrl = sendRequest("ms.GenerateURLForDownloadFile")

export const text = (message = "Hi") => ({ type: "ContentEvent", contentType: "text/plain", message })
export const chatState = (chatState: string) => ({ type: "ChatStateEvent", chatState })

/** Publishes a text. */
export const say = (dialogId: string, message = "Hi") => publishEvent({ dialogId, event: text(message) })

/** What SEND answers to a request that it accepts. */
export const accepted = (body: object) => ({ status: 200, body: { code: "OK", body, reqId: "1," } })

/** What SEND answers to a request that it refuses; where it makes no sense at all, no request is named. */
export const rejected = (msg: unknown = expect.any(String)) => ({
  status: 400,
  body: { code: "BAD_REQUEST", body: { msg }, reqId: "1," }
})

export const senseless = { status: 400, body: { code: "BAD_REQUEST", body: { msg: "Bad Request" } } }

/** The status and the body alone. */
export const told = ({ body, status }: Answer) => ({ status, body })

const Opened = Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])

/** A consumer with an open conversation, in which nothing was said. */
export const withConversation = Effect.fnUntraced(function* (consumer: string, headers: Record<string, string> = {}) {
  const tokens = yield* signIn(consumer)
  const [, { body }] = Schema.decodeUnknownSync(Opened)((yield* post(tokens, [profile(), request()], headers)).body)
  return { tokens, id: body.conversationId }
})

/** What the agent sees of a conversation. */
export const seen = Effect.fnUntraced(function* (id: string) {
  const simulator = yield* Simulator.Simulator
  return (yield* simulator.conversations).find((conversation) => conversation.id === id)
})

/** The conversations that a consumer has had. */
export const conversationsOf = Effect.fnUntraced(function* (consumer: string) {
  const simulator = yield* Simulator.Simulator
  return (yield* simulator.conversations).filter((conversation) => conversation.consumer === consumer)
})

const refusals = {
  40102: { title: "Invalid AppJWT", details: /expired or invalid/ },
  40103: { title: "Invalid ConsumerJWS", details: /invalid/ },
  40104: { title: "ConsumerJWS is missing", details: /X_ON_BEHALF_HEADER/ },
  40105: { title: "AppJWT is missing", details: /AUTHORIZATION header/ }
} as const

/** Section 1.5: the one body that carries a kind, a type and a code in digits. */
export const refusal = (errorCode: keyof typeof refusals) => ({
  kind: "resp",
  code: 401,
  body: { title: refusals[errorCode].title, details: expect.stringMatching(refusals[errorCode].details), errorCode },
  type: ".ReqBody$ErrorResp"
})
