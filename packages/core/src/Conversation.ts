/**
 * A conversation as it is about to be opened: an immutable value that is built by piping and opened by
 * `Connector.open`.
 *
 * In whatever order the steps are piped, LivePerson gets the same payloads in the order it demands; a step that is
 * piped twice counts as it was piped last. Nothing is checked until the conversation is opened.
 *
 * ```ts
 * import { Connector, Conversation } from "@effect-liveperson/core"
 *
 * const opened = Conversation.make({ firstName: "Ada", lastName: "Lovelace" }).pipe(
 *   Conversation.withCampaign({ campaignId: "99999", engagementId: "888888" }),
 *   Conversation.withMessage("Hi, my parcel is late"),
 *   Connector.open,
 *   Connector.onBehalfOf("sms:+15550100")
 * )
 * ```
 *
 * Reference: CONVERSATION page; sections 3.1 to 3.3.
 */
import * as Effect from "effect/Effect"
import type { InvalidInput } from "./ConnectorError.ts"
import * as Internal from "./internal/conversation.ts"
import { decodeInput } from "./internal/issues.ts"
import { UserProfile } from "./protocol/SetUserProfile.ts"

/** A consumer's profile. Every field may be left out; the agent sees what is there. */
export type Profile = Internal.Profile

/** What LivePerson gave a conversation that was opened. */
export interface Opened extends Internal.Opened {}

/** What a conversation has besides that was opened with a first message. */
export interface OpenedWithMessage extends Internal.OpenedWithMessage {}

/** A conversation that will be an `A` when it is opened. */
export interface Conversation<out A extends Opened> extends Internal.Conversation<A> {}

type Parts = Internal.Parts
type Request = Internal.Request

const { of, TypeId } = Internal

type Step = <A extends Opened>(self: Conversation<A>) => Conversation<A>

const step =
  (change: (parts: Parts) => Partial<Parts>): Step =>
  (self) =>
    of({ ...self[TypeId].parts, ...change(self[TypeId].parts) }, self[TypeId].result)

const requesting = (request: Parts["request"]): Step => step((parts) => ({ request: { ...parts.request, ...request } }))

/** A conversation for a consumer with this profile, which may be empty. */
export const make = (profile: Profile = {}): Conversation<Opened> =>
  of({ profile, request: {} }, ({ dialogId, id }) => ({ id, dialogId }))

const decodeProfile = decodeInput(UserProfile, "Conversation.fromUnknown", "profile")

/**
 * A conversation from a profile that nobody has checked yet, such as a file's JSON. Fails with `InvalidInput`, naming
 * each field that is wrong or that no profile has.
 */
export const fromUnknown = (profile: unknown): Effect.Effect<Conversation<Opened>, InvalidInput> =>
  Effect.map(decodeProfile(profile), make)

/** What the brand knows of the consumer as its customer; shown to the agent, and usable for routing. */
export const withCustomerInfo = (customerInfo: NonNullable<Parts["customerInfo"]>): Step =>
  step(() => ({ customerInfo }))

/** What is known of the consumer as a person; shown to the agent. */
export const withPersonalInfo = (personalInfo: NonNullable<Parts["personalInfo"]>): Step =>
  step(() => ({ personalInfo }))

/** Which campaign a conversation belongs to, and the visit it comes from: what `Monitoring.engagement` gives. */
export interface Campaign extends Internal.Campaign {}

/**
 * The campaign and engagement that the conversation is routed by, and the visit that it comes from where that is known.
 * Numbers are sent as text.
 */
export const withCampaign = (campaign: Campaign): Step => step(() => ({ campaign }))

/** Where the consumer came from, in the Monitoring API's words, and their language. Goes before what a campaign says. */
export const withContext = (context: NonNullable<Parts["context"]>): Step => step(() => ({ context }))

/** The skill that is to answer, where no campaign decides. */
export const withSkill = (skillId: string | number): Step => requesting({ skillId })

/** How urgent it is: `"NORMAL"`, `"URGENT"`, `"PRIORITIZED"`, `"CUSTOM"`, or `null` for the account's default. */
export const withUrgency = (ttrDefName: NonNullable<Request["ttrDefName"]> | null): Step => requesting({ ttrDefName })

/** Another brand than the account that the connector calls. */
export const withBrand = (brandId: string): Step => step(() => ({ brandId }))

/**
 * The consumer's first message, sent in the same call, with metadata beside it where given. What is opened then carries
 * the message's `sequence`.
 */
export const withMessage =
  (message: string, options: { readonly metadata?: ReadonlyArray<Internal.MetadataInput> } = {}) =>
  <A extends Opened>(self: Conversation<A>): Conversation<A & OpenedWithMessage> => {
    const { metadata: _former, ...parts } = self[TypeId].parts
    return of({ ...parts, message, ...options }, (opened) => ({
      ...self[TypeId].result(opened),
      sequence: opened.sequence
    }))
  }
