/**
 * What LivePerson remembers, and what each payload does to it, whichever endpoint it came by.
 */
import { type ConversationField, ConversationId, type UserProfile } from "@effect-liveperson/core/protocol"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type * as State from "../../State.ts"
import { Refused, refusals, Rejected } from "../reply.ts"
import type { Storage } from "../storage.ts"
import { uuid } from "../uuid.ts"
import {
  close,
  closeDialog,
  type Conversation,
  type Dialog,
  isOpen,
  open,
  publish,
  touch,
  transfer
} from "./conversation.ts"
import type { Body, Handlers, Speaker } from "./payloads.ts"

const reject = (msg: string) => new Rejected({ msg })

const rejectClosed = () => reject("Bad Request, Conversation is close")

const closing: ReadonlySet<ConversationField["field"]> = new Set(["ConversationStateField", "Stage", "DialogChange"])

/**
 * Who is told what happens. They are told in the same breath in which it happens, so that they hear of everything in
 * the order in which it came to be.
 */
export interface Witness {
  readonly published: (dialog: Dialog, event: State.Event, originatorId: string) => void
  readonly changed: (conversation: Conversation, at: number) => void
  /** Something is otherwise than it was that LivePerson tells nobody: a profile. */
  readonly touched: (conversation: Conversation) => void
}

export const make = (options: { readonly survey: boolean }, storage: Storage, witness: Witness) => {
  const profiles = new Map<string, UserProfile>()
  const conversations = new Map<string, Conversation>()
  const dialogs = new Map<string, Dialog>()
  const latest = new Map<string, Conversation>()

  const openOf = ({ lpConsumerId }: Speaker) => {
    const conversation = latest.get(lpConsumerId)
    return conversation !== undefined && isOpen(conversation) ? conversation : undefined
  }

  const owned = Effect.fnUntraced(function* (id: string, { lpConsumerId }: Speaker) {
    const conversation = conversations.get(id)
    if (conversation === undefined) return yield* reject("Bad Request, Conversation does not exist")
    if (conversation.lpConsumerId !== lpConsumerId) return yield* new Refused({ reply: refusals.foreign })
    return conversation
  })

  const dialogOf = Effect.fnUntraced(function* (body: Body<"ms.PublishEvent">, speaker: Speaker) {
    if (!("dialogId" in body)) return openOf(speaker)?.dialogs[0] ?? (yield* rejectClosed())
    const { conversationId, dialogId } = body
    if (conversationId !== undefined) yield* owned(conversationId, speaker)
    const dialog = dialogs.get(dialogId)
    if (dialog === undefined) return yield* reject("Bad Request, Dialog does not exist")
    const { id } = yield* owned(dialog.conversation.id, speaker)
    if (conversationId !== undefined && conversationId !== id) {
      return yield* reject("Bad Request, Dialog is of another conversation")
    }
    return dialog
  })

  const changed = (conversation: Conversation, at: number): void => {
    touch(conversation, at)
    witness.changed(conversation, at)
  }

  /** Closes a dialog, and finds the survey that may follow it a place. */
  const end = (dialog: Dialog, closing: Parameters<typeof closeDialog>[1], survey: string | undefined): void => {
    const next = closeDialog(dialog, closing, survey)
    if (next !== undefined) dialogs.set(next.dialogId, next)
  }

  /** The id that a survey would have, where there are surveys. */
  const surveyId = Effect.suspend(() => (options.survey ? uuid : Effect.undefined))

  /** Changes a field, and says whether that made a difference. */
  const update = Effect.fnUntraced(function* (
    conversation: Conversation,
    field: ConversationField,
    at: number,
    survey: string | undefined
  ) {
    switch (field.field) {
      case "ConversationStateField":
      case "Stage": {
        const wasOpen = isOpen(conversation)
        close(conversation, { by: "CONSUMER", at })
        return wasOpen
      }
      case "DialogChange": {
        const dialog = conversation.dialogs.find(({ dialogId }) => dialogId === field.dialog.dialogId)
        if (dialog === undefined) return yield* reject("Bad Request, Dialog does not exist")
        const wasOpen = dialog.state === "OPEN"
        end(dialog, { by: "CONSUMER", at, cause: field.dialog.closedCause }, survey)
        return wasOpen
      }
      case "CSATRate":
        conversation.csat = field
        return true
      case "TTRField":
        if (!isOpen(conversation)) return yield* rejectClosed()
        conversation.ttr = { ttrType: field.ttrType, value: field.value }
        return true
      case "Skill":
        if (!isOpen(conversation)) return yield* rejectClosed()
        transfer(conversation, field.skill)
        return true
    }
  })

  const handlers: Handlers = {
    "userprofile.SetUserProfile": (profile, { speaker }) =>
      Effect.sync(() => {
        profiles.set(speaker.lpConsumerId, profile)
        const conversation = openOf(speaker)
        if (conversation !== undefined) {
          conversation.profile = profile
          witness.touched(conversation)
        }
        return { msg: "OK User Profile set successfully" }
      }),

    "cm.ConsumerRequestConversation": Effect.fnUntraced(function* (request, { at, clientProperties, speaker }) {
      const id = ConversationId.make(yield* uuid)
      const { lpConsumerId } = speaker
      if (openOf(speaker) !== undefined) {
        return yield* reject(
          `Consumer request conversation failed: User ${lpConsumerId} already has open conversation. Can't open another one.`
        )
      }
      const profile = profiles.get(lpConsumerId) ?? {}
      const first = !latest.has(lpConsumerId)
      const main = open({ id, ...speaker, request, profile, clientProperties }, { at, first })
      conversations.set(id, main.conversation)
      dialogs.set(id, main)
      latest.set(lpConsumerId, main.conversation)
      changed(main.conversation, at)
      return { conversationId: id }
    }),

    "ms.PublishEvent": Effect.fnUntraced(function* (body, { at, clientProperties, metadata, speaker }) {
      const dialog = yield* dialogOf(body, speaker)
      if (dialog.state === "CLOSE") return yield* rejectClosed()
      const { event } = body
      if (event.type === "AcceptStatusEvent" && event.status === "ACTION" && metadata.length === 0) {
        return yield* reject("Bad Request, ACTION needs metadata")
      }
      const said = { event, metadata, at, clientProperties }
      const published = publish(dialog, { by: "CONSUMER", messageAudience: "ALL", ...said })
      witness.published(dialog, published, speaker.lpConsumerId)
      return { sequence: published.sequence ?? 0 }
    }),

    "cm.UpdateConversationField": Effect.fnUntraced(function* (body, { at, speaker }) {
      const survey = yield* surveyId
      const conversation = yield* owned(body.conversationId, speaker)
      const fields = Arr.ensure(body.conversationField)
      for (const field of fields) if (yield* update(conversation, field, at, survey)) changed(conversation, at)
      const resolved = fields.some(({ field }) => closing.has(field))
      return { msg: `OK Conversation ${resolved ? "resolved" : "updated"} successfully` }
    }),

    "ms.GenerateURLForUploadFile": ({ fileSize, fileType }, { speaker }) =>
      storage.uploadUrl(speaker.account, fileSize, fileType),

    "ms.GenerateURLForDownloadFile": ({ relativePath }, { speaker }) =>
      storage.downloadUrl(speaker.account, relativePath)
  }

  /** Takes up a conversation where another run left it. */
  const restore = (conversation: Conversation): void => {
    const { id, ledger, lpConsumerId, profile } = conversation
    conversations.set(id, conversation)
    if ((latest.get(lpConsumerId)?.ledger.startTs ?? 0) <= ledger.startTs) {
      latest.set(lpConsumerId, conversation)
      profiles.set(lpConsumerId, profile)
    }
    for (const dialog of conversation.dialogs) dialogs.set(dialog.dialogId, dialog)
  }

  const forget = (): void => {
    for (const known of [profiles, conversations, dialogs, latest]) known.clear()
  }

  /** A consumer's last conversation, by the connector's name for them. */
  const latestOf = (account: string, consumer: string): Conversation | undefined =>
    [...latest.values()].find((one) => one.account === account && one.consumer === consumer)

  return { handlers, conversations, latestOf, changed, end, forget, restore, surveyId }
}
