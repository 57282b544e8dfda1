/**
 * The calls of LivePerson that the gateway makes, one account's line each: nothing is repeated here, and every message
 * carries its tag, by which it is known when it comes back.
 */
import {
  Connector,
  type ConnectorError,
  ConsumerToken,
  Conversation,
  Message as Say,
  OnBehalfOf,
  Retry
} from "@effect-liveperson/core"
import {
  claimsOf,
  ConsumerJWSClaims,
  type AccountId,
  type ConsumerId,
  type ConversationId
} from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Content, Opening } from "../Content.ts"
import { Settings } from "../Settings.ts"
import type { Arrival } from "./store.ts"

type Call<A> = Effect.Effect<A, ConnectorError.ConnectorError>

export interface Line {
  /** LivePerson's own name for the consumer; empty where their token does not say. */
  readonly identity: (consumer: ConsumerId) => Call<string>
  /** Opens a conversation, with a first message where there is one. */
  readonly open: (
    consumer: ConsumerId,
    opening: Opening,
    first?: { readonly text: string; readonly tag: string }
  ) => Call<Arrival>
  readonly publish: (
    consumer: ConsumerId,
    conversationId: ConversationId,
    content: Content,
    tag: string
  ) => Call<number | undefined>
  /** Tells again that something has arrived, which does no harm, and says which number that took. */
  readonly probe: (consumer: ConsumerId, conversationId: ConversationId, after: number) => Call<number | undefined>
  readonly typing: (consumer: ConsumerId, conversationId: ConversationId, on: boolean) => Call<void>
  readonly close: (consumer: ConsumerId, conversationId: ConversationId) => Call<void>
}

/** The lines of the accounts that this process serves. */
export class Lines extends Context.Service<Lines, (account: AccountId) => Line | undefined>()(
  "@effect-liveperson/gateway/Lines"
) {}

/** Until when what is to be sent may leave, in epoch milliseconds. */
const LeaveUntil = Context.Reference<number>("@effect-liveperson/gateway/LeaveUntil", {
  defaultValue: () => Number.POSITIVE_INFINITY
})

/** Lets an effect's calls leave until a time, in epoch milliseconds, and not later: see `Settings.sendWindow`. */
export const leavingBy = (until: number) => {
  const limited = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(self, LeaveUntil, until)
  return limited
}

/** Refuses to send what it is too late for. It was not sent, and says so. */
const punctual = HttpClient.mapRequestEffect(
  Effect.fnUntraced(function* (request) {
    if ((yield* Clock.currentTimeMillis) <= (yield* LeaveUntil)) return request
    const reason = new HttpClientError.EncodeError({ request, description: "It is too late to send this." })
    return yield* new HttpClientError.HttpClientError({ reason })
  })
)

const decodeClaims = Schema.decodeEffect(claimsOf(ConsumerJWSClaims))

const externalId = (tag: string) => [{ type: "ExternalId", id: tag }] as const

const conversationOf = ({ campaignId, engagementId, profile = {}, skillId }: Opening) => {
  const plain = Conversation.make(profile)
  const skilled = skillId === undefined ? plain : plain.pipe(Conversation.withSkill(skillId))
  if (campaignId === undefined && engagementId === undefined) return skilled
  return skilled.pipe(
    Conversation.withCampaign({
      ...(campaignId === undefined ? {} : { campaignId }),
      ...(engagementId === undefined ? {} : { engagementId })
    })
  )
}

/** In a consumer's name, and once. */
const speaking =
  (consumer: ConsumerId) =>
  <A>(call: Effect.Effect<A, ConnectorError.ConnectorError, OnBehalfOf.OnBehalfOf>): Call<A> =>
    Retry.off(Effect.provideService(call, OnBehalfOf.OnBehalfOf, consumer))

const make = Effect.gen(function* () {
  const connector = yield* Connector.Connector
  const tokens = yield* ConsumerToken.ConsumerToken
  const send = (consumer: ConsumerId, conversationId: ConversationId, message: Say.Message) =>
    Effect.map(speaking(consumer)(connector.send(conversationId, message)), ({ sequence }) => sequence)

  const line: Line = {
    identity: (consumer) =>
      Retry.off(tokens.get(consumer)).pipe(
        Effect.flatMap((token) =>
          decodeClaims(Redacted.value(token)).pipe(
            Effect.map((claims) => claims.lp_consumer_id),
            Effect.orElseSucceed(() => "")
          )
        )
      ),
    open: (consumer, opening, first) => {
      const conversation = conversationOf(opening)
      if (first === undefined) {
        return Effect.map(speaking(consumer)(connector.open(conversation)), ({ id }) => ({
          conversationId: id,
          sequence: undefined
        }))
      }
      const withMessage = conversation.pipe(Conversation.withMessage(first.text, { metadata: externalId(first.tag) }))
      return Effect.map(speaking(consumer)(connector.open(withMessage)), ({ id, sequence }) => ({
        conversationId: id,
        sequence
      }))
    },
    publish: (consumer, conversationId, content, tag) => {
      const metadata = externalId(tag)
      switch (content._tag) {
        case "Text":
          return send(consumer, conversationId, Say.withMetadata(metadata)(Say.text(content.text)))
        case "File": {
          const { bytes, caption, fileType } = content
          const file = { type: fileType, bytes, metadata, ...(caption === undefined ? {} : { caption }) }
          return Effect.map(speaking(consumer)(connector.sendFile(conversationId, file)), ({ sequence }) => sequence)
        }
      }
    },
    probe: (consumer, conversationId, after) => send(consumer, conversationId, Say.accept(after < 0 ? [] : [after])),
    typing: (consumer, conversationId, on) =>
      Effect.asVoid(send(consumer, conversationId, Say.chatState(on ? "COMPOSING" : "ACTIVE"))),
    close: (consumer, conversationId) =>
      speaking(consumer)(
        connector.update(conversationId, { field: "ConversationStateField", conversationState: "CLOSE" })
      )
  }
  return line
})

/** The lines of these accounts. Fails with `InvalidInput` when one has an empty id or secret. */
export const layer = (accounts: ReadonlyArray<Connector.Options>) =>
  Layer.effect(
    Lines,
    Effect.gen(function* () {
      const client = punctual(yield* HttpClient.HttpClient)
      const { timeout } = yield* Settings
      const lines = new Map<string, Line>()
      for (const account of accounts) {
        const context = yield* Connector.layer({ timeout, ...account }).pipe(
          Layer.provide(Layer.succeed(HttpClient.HttpClient, client)),
          Layer.build
        )
        lines.set(account.accountId, yield* Effect.provideContext(make, context))
      }
      return (account: AccountId) => lines.get(account)
    })
  )
