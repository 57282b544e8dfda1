/**
 * What is posted, as LivePerson writes it.
 *
 * Reference: sections 5.2 to 5.5.
 */
import type { ConversationChangeNotification, MessagingEvent, TtrDefName } from "@effect-liveperson/core/protocol"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as State from "../State.ts"
import { Key } from "../Webhooks.ts"
import { surveyBot } from "./world/agent.ts"
import { type Conversation, type Dialog, isOpen } from "./world/conversation.ts"

/** A notification that was signed for by nobody yet: its bytes are settled, where it goes is not. */
export interface Notice {
  readonly key: Key
  readonly conversationId: Conversation["id"]
  readonly account: Conversation["account"]
  readonly consumer: Conversation["consumer"]
  readonly type: string
  readonly at: number
  readonly body: Uint8Array<ArrayBuffer>
}

/** What notifications say of the app. */
export interface Brand {
  readonly appInstallId: string
}

const utf8 = new TextEncoder()

const decodeKey = Schema.decodeUnknownOption(Key)

// Assumed: the reference shows a NORMAL one of ten minutes, and leaves the others to the account.
const defaultTtr: Record<TtrDefName, number> = { NORMAL: 600, CUSTOM: 600, PRIORITIZED: 450, URGENT: 300 }

const about = ({ account, consumer, id }: Conversation) => ({ conversationId: id, account, consumer })

/** An id that is sent as text and told as a number. */
const numeric = (id: string): string | number => (/^\d{1,15}$/.test(id) ? Number(id) : id)

/** The notification of an event, where anybody wants to hear of its kind. */
export const ofEvent = (
  { conversation, dialogId }: Dialog,
  { at, by, clientProperties, event, messageAudience, metadata, sequence }: State.Event,
  originatorId: string,
  isWanted: (key: Key) => boolean
): Notice | undefined => {
  const key = Option.getOrUndefined(decodeKey(`ms.MessagingEventNotification.${event.type}`))
  if (key === undefined || !isWanted(key)) return undefined
  const properties = clientProperties === undefined ? {} : { clientProperties }
  const circumstances = {
    ...(sequence === undefined ? {} : { sequence, serverTimestamp: at }),
    originatorId,
    originatorMetadata: { id: originatorId, role: by, ...properties },
    ...(clientProperties === undefined ? {} : { originatorClientProperties: clientProperties }),
    dialogId,
    conversationId: conversation.id,
    messageAudience,
    ...(metadata.length === 0 ? {} : { metadata })
  } satisfies Omit<typeof MessagingEvent.Encoded, "event">
  const notification = {
    kind: "notification",
    type: "ms.MessagingEventNotification",
    body: { changes: [{ ...circumstances, event }], sentTs: at }
  }
  const body = utf8.encode(JSON.stringify(notification))
  return { key, ...about(conversation), type: event.type, at, body }
}

const participantsOf = ({ agentId, lpConsumerId }: Conversation) => [
  { id: lpConsumerId, role: "CONSUMER" },
  ...(agentId === undefined ? [] : [{ id: agentId, role: "ASSIGNED_AGENT" }])
]

const dialogOf = (
  { creationTs, dialogId, dialogType, conversation, end, state, updateTs }: Dialog,
  { appInstallId }: Brand
) => {
  const people =
    dialogType === "MAIN"
      ? participantsOf(conversation)
      : [
          { id: conversation.lpConsumerId, role: "CONSUMER" },
          { id: surveyBot, role: "AGENT" }
        ]
  return {
    dialogId,
    participantsDetails: people.map((person) => ({ ...person, state: "ACTIVE" })),
    dialogType,
    channelType: "MESSAGING",
    ...(dialogType === "MAIN" ? {} : { metaData: { appInstallId } }),
    state,
    creationTs,
    metaDataLastUpdateTs: updateTs,
    ...(end === undefined ? {} : { endTs: end.ts, closedBy: end.by, closedCause: end.cause })
  }
}

/** Those parts of a conversation that not every one has. */
const extrasOf = ({ clientProperties, closeReason, csat, ledger: { endTs }, request }: Conversation) => {
  const { campaignInfo, conversationContext } = request
  const { campaignId, engagementId } = campaignInfo ?? {}
  return {
    ...(closeReason === undefined ? {} : { closeReason }),
    ...(endTs === undefined ? {} : { endTs }),
    ...(csat === undefined ? {} : { csat }),
    ...(campaignInfo === undefined
      ? {}
      : {
          campaignInfo: {
            ...(campaignId === undefined ? {} : { campaignId: numeric(campaignId) }),
            ...(engagementId === undefined ? {} : { engagementId: numeric(engagementId) })
          }
        }),
    ...(conversationContext === undefined && clientProperties === undefined
      ? {}
      : { context: { ...conversationContext, ...(clientProperties === undefined ? {} : { clientProperties }) } })
  }
}

/** The notification of a change of a conversation: all that it is now. */
export const ofChange = (conversation: Conversation, brand: Brand, at: number): Notice => {
  const { dialogs, id, ledger } = conversation
  const skillId = conversation.skillId ?? "-1"
  const ttrType = conversation.ttr?.ttrType ?? "NORMAL"
  const value = conversation.ttr?.value ?? defaultTtr[ttrType]
  const notification = {
    kind: "notification",
    type: "cqm.ExConversationChangeNotification",
    body: {
      subscriptionId: "simulator-subscription",
      changes: [
        {
          type: "UPSERT",
          result: {
            convId: id,
            effectiveTTR: isOpen(conversation) ? ledger.askedTs + value * 1000 : -1,
            conversationDetails: {
              skillId,
              participants: participantsOf(conversation),
              dialogs: dialogs.map((dialog) => dialogOf(dialog, brand)),
              brandId: conversation.account,
              state: dialogs[0]?.state ?? "CLOSE",
              stage: isOpen(conversation) ? "OPEN" : "CLOSE",
              startTs: ledger.startTs,
              metaDataLastUpdateTs: ledger.updateTs,
              firstConversation: ledger.first,
              ttr: { ttrType, value },
              conversationHandlerDetails: { accountId: conversation.account, skillId },
              ...extrasOf(conversation)
            }
          }
        }
      ],
      sentTs: at
    }
  } satisfies typeof ConversationChangeNotification.Encoded
  const body = utf8.encode(JSON.stringify(notification))
  return { key: "cqm.ExConversationChangeNotification", ...about(conversation), type: "UPSERT", at, body }
}
