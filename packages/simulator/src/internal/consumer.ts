/**
 * The consumer's side without a client: what a connector would call, called here, so that it is on the wire and faults
 * have their way with it.
 */
import {
  type AccountId,
  AppJWTResponse,
  type ConsumerId,
  ConsumerJWSResponse,
  ConversationId
} from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Answer, ConsumerAction } from "../ControlApi.ts"
import type { App } from "./endpoints.ts"
import type { World } from "./world.ts"

const decodeJson = Schema.decodeOption(Schema.fromJsonString(Schema.Json))
const decodeApp = Schema.decodeUnknownOption(AppJWTResponse)
const decodeConsumer = Schema.decodeUnknownOption(ConsumerJWSResponse)
const decodeOpened = Schema.decodeUnknownOption(
  Schema.TupleWithRest(
    Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: ConversationId }) })]),
    [Schema.Unknown]
  )
)

type Told = Pick<Answer, "status" | "body">

const text = (message: string) => ({ type: "ContentEvent", contentType: "text/plain", message })

/** Where the calls go by name; no socket is behind it. */
const origin = "http://simulator"

export const make = (client: HttpClient.HttpClient, app: App, world: World) => {
  const appTokens = new Map<AccountId, string>()
  const consumerTokens = new Map<string, string>()
  let requests = 0

  const ask = (request: HttpClientRequest.HttpClientRequest): Effect.Effect<Told> =>
    client.execute(request).pipe(
      Effect.flatMap(({ status, text }) =>
        Effect.map(text, (text): Told => ({ status, body: Option.getOrElse(decodeJson(text), () => text) }))
      ),
      Effect.catch(() => Effect.succeed<Told>({ status: "dropped", body: null })),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true)
    )

  const appToken = Effect.fnUntraced(function* (account: AccountId) {
    const known = appTokens.get(account)
    if (known !== undefined) return known
    const form = { client_id: app.clientId, client_secret: Redacted.value(app.clientSecret) }
    const url = `${origin}/sentinel/api/account/${account}/app/token?v=1.0&grant_type=client_credentials`
    const told = yield* ask(HttpClientRequest.bodyUrlParams(HttpClientRequest.post(url), form))
    const token = decodeApp(told.body)
    if (Option.isNone(token)) return yield* Effect.fail(told)
    appTokens.set(account, token.value.access_token)
    return token.value.access_token
  })

  const headersFor = Effect.fnUntraced(function* (account: AccountId, consumer: ConsumerId) {
    const authorization = yield* appToken(account)
    const name = `${account} ${consumer}`
    const known = consumerTokens.get(name)
    if (known !== undefined) return { authorization, "x-lp-on-behalf": known }
    const told = yield* ask(
      HttpClientRequest.post(`${origin}/api/account/${account}/consumer?v=1.0`, { headers: { authorization } }).pipe(
        HttpClientRequest.bodyJsonUnsafe({ ext_consumer_id: consumer })
      )
    )
    const token = decodeConsumer(told.body)
    if (Option.isNone(token)) return yield* Effect.fail(told)
    consumerTokens.set(name, token.value.token)
    return { authorization, "x-lp-on-behalf": token.value.token }
  })

  const forget = (account: AccountId, consumer: ConsumerId): void => {
    appTokens.delete(account)
    consumerTokens.delete(`${account} ${consumer}`)
  }

  /** Calls as a connector does: with tokens that are kept, and once more with new ones where those are refused. */
  const call = Effect.fnUntraced(function* (
    account: AccountId,
    consumer: ConsumerId,
    path: string,
    body: Schema.Json
  ): Effect.fn.Return<Told> {
    const once = Effect.gen(function* () {
      const headers = yield* headersFor(account, consumer)
      const url = `${origin}/api/account/${account}/messaging/consumer/${path}?v=3`
      return yield* ask(HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(url, { headers }), body))
    }).pipe(Effect.catch(Effect.succeed))
    const first = yield* once
    if (first.status !== 401) return first
    forget(account, consumer)
    return yield* once
  })

  const request = (type: string, body: Schema.JsonObject) => ({ kind: "req", id: String((requests += 1)), type, body })

  const open = (
    { profile = {}, skillId, text: message, ttr }: Extract<ConsumerAction, { _tag: "Open" }>,
    account: AccountId
  ) => [
    request("userprofile.SetUserProfile", { ...profile }),
    request("cm.ConsumerRequestConversation", {
      brandId: account,
      channelType: "MESSAGING",
      ...(skillId === undefined ? {} : { skillId }),
      ...(ttr === undefined ? {} : { ttrDefName: ttr })
    }),
    ...(message === undefined ? [] : [request("ms.PublishEvent", { event: text(message) })])
  ]

  /** What is sent in a conversation that is there; an action that opens one is not among them. */
  const within = (
    action: Exclude<ConsumerAction, { _tag: "Open" }>,
    { conversationId, dialogId }: { readonly conversationId: ConversationId; readonly dialogId: string }
  ) => {
    const publish = (event: Schema.JsonObject) => request("ms.PublishEvent", { conversationId, dialogId, event })
    const update = (conversationField: Schema.JsonObject) =>
      request("cm.UpdateConversationField", { conversationId, conversationField })
    switch (action._tag) {
      case "Say":
        return publish(text(action.text))
      case "Typing":
        return publish({ type: "ChatStateEvent", chatState: action.on ? "COMPOSING" : "PAUSE" })
      case "Read":
        return publish({ type: "AcceptStatusEvent", status: "READ", sequenceList: [...action.sequences] })
      case "Close":
        return action.survey === false
          ? update({ field: "ConversationStateField", conversationState: "CLOSE" })
          : update({ field: "DialogChange", type: "UPDATE", dialog: { dialogId, state: "CLOSE" } })
      case "Rate":
        return update({
          field: "CSATRate",
          csatRate: action.csatRate,
          csatResolutionConfirmation: action.resolved,
          status: "FILLED"
        })
    }
  }

  /** Does what a consumer does. `undefined` where they have never had a conversation to do it in. */
  return Effect.fnUntraced(function* (
    account: AccountId,
    consumer: ConsumerId,
    action: ConsumerAction
  ): Effect.fn.Return<Answer | undefined> {
    if (action._tag === "Open") {
      const told = yield* call(account, consumer, "conversation", open(action, account))
      const opened = told.status === 200 ? Option.getOrUndefined(decodeOpened(told.body)) : undefined
      return { ...told, conversationId: opened?.[1].body.conversationId }
    }
    const conversation = world.latestOf(account, consumer)
    const dialog = conversation?.dialogs.find(({ state }) => state === "OPEN") ?? conversation?.dialogs.at(-1)
    if (conversation === undefined || dialog === undefined) return undefined
    const said = within(action, { conversationId: conversation.id, dialogId: dialog.dialogId })
    return {
      ...(yield* call(account, consumer, "conversation/send", said)),
      conversationId: conversation.id
    }
  })
}

export type Consumers = ReturnType<typeof make>
