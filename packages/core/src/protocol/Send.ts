/**
 * What can be posted to SEND: one request at a time, in a conversation that is open.
 *
 * Reference: sections 1.2 and 3.
 */
import * as Schema from "effect/Schema"
import { GenerateURLForDownloadFile, GenerateURLForUploadFile } from "./Files.ts"
import * as Payload from "./Payload.ts"
import { PublishEvent } from "./PublishEvent.ts"
import { SetUserProfile } from "./SetUserProfile.ts"
import { UpdateConversationField } from "./UpdateConversationField.ts"

/** The payloads that SEND takes. */
export const sendPayloads = [
  PublishEvent,
  UpdateConversationField,
  SetUserProfile,
  GenerateURLForUploadFile,
  GenerateURLForDownloadFile
] as const

const [publish, update, profile, upload, download] = sendPayloads

/** A click is told by what the clicked element carried: ACTION without metadata says nothing (section 3.3.5). */
const clicksSayWhat = Schema.makeFilter(({ body: { event }, metadata = [] }: typeof publish.request.Type) =>
  event.type === "AcceptStatusEvent" && event.status === "ACTION" && metadata.length === 0
    ? { path: ["metadata"], issue: "Expected the metadata of the element that was clicked" }
    : undefined
)

const others = [update.request, profile.request, upload.request, download.request] as const

/** A request as it can be read, whether or not LivePerson will take it. */
export const LenientSendRequest = Schema.Union([publish.request, ...others])

/** A request that is posted to SEND. */
export const SendRequest = Schema.Union([publish.request.check(clicksSayWhat), ...others])
export type LenientSendRequest = typeof LenientSendRequest.Type
export type SendRequest = typeof SendRequest.Type

/** What LivePerson answers to a request it accepted. */
export type SendSuccess<R extends SendRequest> = Payload.SuccessByType<(typeof sendPayloads)[number]>[R["type"]]

/** SEND's answer. Fields it does not name are ignored. */
export const SendResponse = Payload.Response
