/**
 * The history of conversations (`msgHist`), as LivePerson's Messaging Interactions API tells it. Open conversations are
 * in it as well. Where the simulator knows nothing, such as of scores, a list is empty.
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import { ok } from "../reply.ts"
import { bodyOf, type Operator } from "./answers.ts"
import { at, type Kept, messageRecords, messageStatuses, written } from "./records.ts"

const Search = bodyOf(
  Schema.Struct({
    conversationId: Schema.NonEmptyString,
    contentToRetrieve: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String)))
  })
)

const numeric = (id: string): string | number => (/^-?\d{1,15}$/.test(id) ? Number(id) : id)

/** Agents have no names but their ids. */
const agent = (agentId: string) => ({
  agentId,
  agentFullName: agentId,
  agentNickname: agentId,
  agentLoginName: agentId
})

const latestAgent = (agentId: string) => ({
  latestAgentId: agentId,
  latestAgentNickname: agentId,
  latestAgentFullName: agentId,
  latestAgentLoginName: agentId
})

const infoOf = (conversation: Kept, now: number) => {
  const { account, agentId, closedAt, closeReason, csat, dialogs, id, openedAt, request, state } = conversation
  const skillId = conversation.skillId ?? "-1"
  return {
    startTime: written(openedAt),
    startTimeL: openedAt,
    endTime: closedAt === undefined ? "undefined" : written(closedAt),
    endTimeL: closedAt ?? -1,
    duration: (closedAt ?? now) - openedAt,
    conversationId: id,
    brandId: account,
    ...(agentId !== undefined && latestAgent(agentId)),
    agentDeleted: false,
    latestSkillId: numeric(skillId),
    latestSkillName: skillId === "-1" ? "Unassigned" : skillId,
    source: request.conversationContext === undefined ? "APP" : "SHARK",
    ...(closeReason !== undefined && { closeReason, closeReasonDescription: "MANUAL_CLOSE" }),
    // The two differ while a survey goes on.
    status: dialogs[0]?.state ?? state,
    fullDialogStatus: state,
    ...(csat !== undefined && { csatRate: csat.csatRate }),
    latestQueueState: agentId === undefined ? "IN_QUEUE" : "ACTIVE",
    isPartial: false
  }
}

const participantsOf = ({ agentId, openedAt }: Kept) =>
  agentId === undefined
    ? []
    : [{ ...agent(agentId), role: "AGENT", permission: "ASSIGNED_AGENT", userType: "1", ...at(openedAt) }]

const consumersOf = ({ lpConsumerId, openedAt, profile }: Kept) => {
  const { avatarUrl, firstName = "", lastName = "", privateData } = profile
  return [
    {
      participantId: lpConsumerId,
      firstName,
      lastName,
      consumerName: `${firstName} ${lastName}`.trim(),
      email: privateData?.mail ?? "undefined",
      phone: privateData?.mobileNum ?? "undefined",
      avatarURL: avatarUrl ?? "undefined",
      token: "undefined",
      ...at(openedAt)
    }
  ]
}

const campaignOf = ({ request: { campaignInfo } }: Kept) => ({
  ...(campaignInfo?.campaignId !== undefined && { campaignId: campaignInfo.campaignId }),
  ...(campaignInfo?.engagementId !== undefined && { campaignEngagementId: campaignInfo.engagementId })
})

const nothing = (): ReadonlyArray<never> => []

/** The parts of a record, that a client can ask for one by one. */
const parts = {
  campaign: campaignOf,
  messageRecords,
  messageStatuses,
  agentParticipants: participantsOf,
  agentParticipantsActive: participantsOf,
  agentParticipantsLeave: nothing,
  consumerParticipants: consumersOf,
  transfers: nothing,
  interactions: nothing,
  messageScores: nothing,
  conversationSurveys: nothing,
  coBrowseSessions: nothing,
  summary: () => ({ text: "", lastUpdatedTime: -1 }),
  sdes: ({ profile }: Kept) => ({ events: profile.authenticatedData?.lp_sdes ?? [] })
} satisfies Record<string, (conversation: Kept) => unknown>

/** `POST …/conversation/search`: the conversation of an id. Assumed: where there is none, there are no records. */
export const make = (conversationOf: (id: string) => Kept | undefined) =>
  Effect.fnUntraced(function* ({ account }: Operator) {
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const { contentToRetrieve, conversationId } = (yield* Search).body
    const now = yield* Clock.currentTimeMillis
    const isAsked = ([name]: readonly [string, unknown]): boolean => contentToRetrieve?.includes(name) ?? true
    const records = Arr.fromNullishOr(conversationOf(conversationId))
      .filter((conversation) => conversation.account === account)
      .map((conversation) => ({
        info: infoOf(conversation, now),
        ...Object.fromEntries(
          Object.entries(parts)
            .filter(isAsked)
            .map(([name, tell]) => [name, tell(conversation)])
        )
      }))
    return ok({
      _metadata: {
        count: records.length,
        self: { rel: "self", href: url },
        shardsStatusResult: { partialResult: false }
      },
      conversationHistoryRecords: records
    })
  })
