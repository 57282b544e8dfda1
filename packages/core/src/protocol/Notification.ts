/**
 * What LivePerson posts to a connector: events in dialogs, and conversations as they are now.
 *
 * Read generously: fields that nobody knows are ignored, fields that LivePerson leaves out in one of its samples are
 * optional, and whatever is not recognised (an event of a new kind, a new member of an enumeration, a whole
 * notification) becomes an `Unrecognized` that keeps the JSON as it came. Decoded values carry a `_tag`; LivePerson's
 * JSON does not.
 *
 * Reference: sections 5.2 to 5.5.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { ConversationId, DialogId, Sequence } from "./Ids.ts"
import { kind } from "./kind.ts"
import { ReceivedEvent, Unrecognized } from "./ReceivedEvent.ts"

const Text = Schema.optionalKey(Schema.String)

/** A time, in epoch milliseconds. LivePerson sends -1 and 0 where there is none. */
const Millis = Schema.optionalKey(Schema.Finite)

/** Who caused an event: `role` is CONSUMER, ASSIGNED_AGENT, AGENT (a bot), MANAGER, CONTROLLER, READER or another. */
export const Originator = Schema.Struct({
  id: Text,
  role: Text,
  clientProperties: Schema.optionalKey(Schema.Json)
})

/** One event in one dialog. Chat states have neither `sequence` nor `serverTimestamp`. */
export const MessagingEvent = Schema.Struct({
  ...kind("MessagingEvent"),
  sequence: Schema.optionalKey(Sequence),
  originatorId: Text,
  originatorPId: Text,
  originatorMetadata: Schema.optionalKey(Originator),
  originatorClientProperties: Schema.optionalKey(Schema.Json),
  serverTimestamp: Millis,
  event: ReceivedEvent,
  dialogId: DialogId,
  conversationId: Schema.optionalKey(ConversationId),
  messageAudience: Text,
  metadata: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Json)))
})
export type MessagingEvent = typeof MessagingEvent.Type

const isList = <A, B>(value: ReadonlyArray<A> | B): value is ReadonlyArray<A> => Array.isArray(value)

const Participant = Schema.Struct({ id: Schema.String, role: Text, state: Text })

/** People in a conversation: a list, or in some samples their ids by role (D47). Read as a list. */
const Participants = Schema.Union([
  Schema.Array(Participant),
  Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Array(Schema.String)]))
]).pipe(
  Schema.decodeTo(
    Schema.Array(Participant),
    SchemaTransformation.transform({
      decode: (people) =>
        isList(people)
          ? people
          : Object.entries(people).flatMap(([role, ids]) => (isList(ids) ? ids : [ids]).map((id) => ({ id, role }))),
      encode: (
        people
      ): ReadonlyArray<typeof Participant.Type> | { readonly [role: string]: string | ReadonlyArray<string> } => people
    })
  )
)

/** OPEN or CLOSE; CLOSED is read as CLOSE (D48), and what was only ever seen is kept. */
const State = Schema.String.pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({
      decode: (state) => (state === "CLOSED" ? "CLOSE" : state),
      encode: (state) => state
    })
  )
)

const Id = Schema.Union([Schema.String, Schema.Int]).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: (id) => String(id), encode: (id): string | number => id })
  )
)

/** A dialog of a conversation: `dialogType` is MAIN, POST_SURVEY or another. */
export const DialogDetails = Schema.Struct({
  dialogId: DialogId,
  participantsDetails: Schema.optionalKey(Schema.Array(Participant)),
  dialogType: Text,
  channelType: Text,
  metaData: Schema.optionalKey(Schema.Json),
  state: Schema.optionalKey(State),
  creationTs: Millis,
  endTs: Millis,
  metaDataLastUpdateTs: Millis,
  closedBy: Text,
  closedCause: Text
})
export type DialogDetails = typeof DialogDetails.Type

const Ttr = Schema.Struct({ ttrType: Text, value: Schema.optionalKey(Schema.Finite) })

/** The full state of a conversation, every time. `state` is the MAIN dialog's, `stage` the whole conversation's. */
export const ConversationDetails = Schema.Struct({
  participants: Schema.optionalKey(Participants),
  participantsPId: Schema.optionalKey(Participants),
  dialogs: Schema.optionalKey(Schema.Array(DialogDetails)),
  brandId: Schema.optionalKey(Id),
  skillId: Schema.optionalKey(Id),
  state: Schema.optionalKey(State),
  stage: Schema.optionalKey(State),
  closeReason: Text,
  startTs: Millis,
  endTs: Millis,
  metaDataLastUpdateTs: Millis,
  firstConversation: Schema.optionalKey(Schema.Boolean),
  ttr: Schema.optionalKey(Ttr),
  delay: Schema.optionalKey(Schema.Struct({ type: Text, tillWhen: Millis })),
  csat: Schema.optionalKey(
    Schema.Struct({
      field: Text,
      csatRate: Schema.optionalKey(Schema.Finite),
      csatResolutionConfirmation: Schema.optionalKey(Schema.Boolean),
      status: Text
    })
  ),
  csatRate: Schema.optionalKey(Schema.Finite),
  manualETTR: Millis,
  conversationHandlerDetails: Schema.optionalKey(
    Schema.Struct({ accountId: Schema.optionalKey(Id), skillId: Schema.optionalKey(Id) })
  ),
  campaignInfo: Schema.optionalKey(
    Schema.Struct({ campaignId: Schema.optionalKey(Id), engagementId: Schema.optionalKey(Id) })
  ),
  context: Schema.optionalKey(Schema.Json)
})
export type ConversationDetails = typeof ConversationDetails.Type

/** A conversation as it is now. `effectiveTTR` is when an answer is due, or -1 where none is. */
export const ConversationChange = Schema.Struct({
  ...kind("ConversationChange"),
  type: Schema.Literals(["UPSERT", "DELETE"]),
  result: Schema.Struct({
    convId: ConversationId,
    effectiveTTR: Millis,
    lastUpdateTime: Millis,
    conversationDetails: ConversationDetails
  })
})
export type ConversationChange = typeof ConversationChange.Type

const envelope = { kind: Schema.optionalKey(Schema.String) }

/** Events in dialogs: `ms.MessagingEventNotification`. */
export const MessagingEventNotification = Schema.Struct({
  ...kind("MessagingEventNotification"),
  ...envelope,
  type: Schema.tag("ms.MessagingEventNotification"),
  body: Schema.Struct({
    changes: Schema.Array(Schema.Union([MessagingEvent, Unrecognized])),
    sentTs: Millis
  })
})

/** Conversations that changed: `cqm.ExConversationChangeNotification`, under whichever prefix (D40). */
export const ConversationChangeNotification = Schema.Struct({
  ...kind("ConversationChangeNotification"),
  ...envelope,
  type: Schema.String.check(
    Schema.isEndingWith(".ExConversationChangeNotification", { expected: "cqm.ExConversationChangeNotification" })
  ),
  body: Schema.Struct({
    changes: Schema.Array(Schema.Union([ConversationChange, Unrecognized])),
    sentTs: Millis,
    subscriptionId: Text
  })
})

/** A notification of a kind that nobody knows yet. Its envelope says at least a `type`, and has a `body`. */
export const OtherNotification = Schema.StructWithRest(
  Schema.Struct({ ...kind("OtherNotification"), ...envelope, type: Schema.String, body: Schema.JsonObject }),
  [Schema.Record(Schema.String, Schema.Json)]
)

/** Whatever LivePerson posts to a webhook. */
export const Notification = Schema.Union([
  MessagingEventNotification,
  ConversationChangeNotification,
  OtherNotification
])
export type Notification = typeof Notification.Type
