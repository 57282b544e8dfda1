/**
 * How a connector does what it does: one lane per conversation, and files in three steps.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ConnectorError, InvalidInput } from "../ConnectorError.ts"
import * as Message from "../Message.ts"
import type { OnBehalfOf } from "../OnBehalfOf.ts"
import { Batch } from "../protocol/Batch.ts"
import { GenerateURLForDownloadFile, GenerateURLForUploadFile } from "../protocol/Files.ts"
import { AccountId, ConversationId, DialogId, RequestId, type Sequence } from "../protocol/Ids.ts"
import { PublishEvent } from "../protocol/PublishEvent.ts"
import { SetUserProfile } from "../protocol/SetUserProfile.ts"
import { type ConversationField, UpdateConversationField } from "../protocol/UpdateConversationField.ts"
import * as Retry from "../Retry.ts"
import { SendApi } from "../SendApi.ts"
import { Storage } from "../Storage.ts"
import { type Conversation, type Opened, type Profile, toBatch, TypeId } from "./conversation.ts"
import { bytesOf, checked, contentTypes, type File } from "./files.ts"
import { decodeInput } from "./issues.ts"
import * as Lanes from "./lanes.ts"

export type Target = string | { readonly id: string; readonly dialogId?: string }

export type Field = (typeof ConversationField)["Encoded"]

export interface Sent {
  readonly conversationId: ConversationId
  readonly dialogId: DialogId
  /** The event's number in its dialog. Undefined if LivePerson left it out, which its schema allows. */
  readonly sequence: Sequence | undefined
}

export interface SentFile extends Sent {
  /** Where the file lies, for `downloadFile`. */
  readonly relativePath: string
}

type Speaking<A, E = never, R = never> = Effect.Effect<A, ConnectorError | E, OnBehalfOf | R>

export interface Service {
  readonly open: <A extends Opened>(conversation: Conversation<A>) => Speaking<A>
  readonly send: (target: Target, message: Message.Message) => Speaking<Sent>
  readonly typing: (target: Target) => Speaking<void, never, Scope.Scope>
  readonly update: (target: Target, fields: Field | readonly [Field, ...ReadonlyArray<Field>]) => Speaking<void>
  readonly setProfile: (profile: Profile) => Speaking<void>
  readonly sendFile: <E = never, R = never>(target: Target, file: File<E, R>) => Speaking<SentFile, E, R>
  readonly downloadFile: (relativePath: string) => Stream.Stream<Uint8Array, ConnectorError, OnBehalfOf>
}

/** One request a call is told apart by nothing but itself, so it needs no id of its own. */
const id = "1"

const conversationOf = (target: Target): string => (typeof target === "string" ? target : target.id)

export const dialogOf = (target: Target): string =>
  typeof target === "string" ? target : (target.dialogId ?? target.id)

const decodeBatch = decodeInput(Batch, "Connector.open")
const decodeEvent = decodeInput(PublishEvent.request, "Connector.send")
const decodeUpdate = decodeInput(UpdateConversationField.request, "Connector.update")
const decodeProfile = decodeInput(SetUserProfile.request, "Connector.setProfile")
const decodeDownload = decodeInput(GenerateURLForDownloadFile.request, "Connector.downloadFile")

/** Whether storage says that an URL does not count any more. */
const hasExpired = (error: { readonly _tag: string; readonly operation: string }): boolean =>
  error._tag === "Unauthorized" && error.operation.startsWith("Storage.")

export const make = Effect.fnUntraced(function* (options: { readonly accountId: string }) {
  const accountId = yield* decodeInput(AccountId, "Connector.layer", "accountId")(options.accountId)
  const api = yield* SendApi
  const storage = yield* Storage
  const { enter: lane } = yield* Lanes.make

  const publish = Effect.fnUntraced(function* (target: Target, { event, metadata }: Message.Message) {
    const conversationId = conversationOf(target)
    const request = yield* decodeEvent({
      id,
      type: PublishEvent.type,
      body: { dialogId: dialogOf(target), conversationId, event },
      ...(metadata === undefined ? {} : { metadata })
    })
    const { sequence } = yield* api.send(request)
    return { conversationId: ConversationId.make(conversationId), dialogId: request.body.dialogId, sequence }
  })

  const upload = Effect.fnUntraced(function* <E, R>(file: File<E, R>) {
    const body = yield* checked(file)
    const context = yield* Effect.context<R>()
    const failed = yield* Deferred.make<never, E | InvalidInput>()
    const bytes = bytesOf(file, body.fileSize).pipe(
      Stream.tapError((error) => Deferred.fail(failed, error)),
      Stream.provideContext(context)
    )
    const put = Effect.gen(function* () {
      const url = yield* api.send(GenerateURLForUploadFile.request.make({ id: RequestId.make(id), body }))
      yield* storage.put(url, { bytes, size: body.fileSize, contentType: contentTypes[body.fileType] })
      return url.relativePath
    })
    const relativePath = yield* put.pipe(
      Effect.catchIf(hasExpired, () => put),
      Effect.raceFirst(Deferred.await(failed))
    )
    return { relativePath, fileType: body.fileType }
  })

  const download = (relativePath: string) =>
    decodeDownload({ id, type: GenerateURLForDownloadFile.type, body: { relativePath } }).pipe(
      Effect.flatMap(api.send),
      Effect.map(storage.get),
      Stream.unwrap
    )

  const service: Service = {
    open: Effect.fn("Connector.open")(function* (conversation) {
      const batch = yield* decodeBatch(toBatch(conversation, accountId))
      const [, { conversationId }, message] = yield* api.conversation(batch)
      return conversation[TypeId].result({
        id: conversationId,
        dialogId: DialogId.make(conversationId),
        sequence: message?.sequence
      })
    }),
    send: Effect.fn("Connector.send")(function* (target, message) {
      return yield* lane(conversationOf(target))(publish(target, message))
    }),
    typing: Effect.fn("Connector.typing")(function* (target) {
      const inLine = lane(conversationOf(target))
      yield* Effect.addFinalizer(() => Effect.ignore(inLine(publish(target, Message.chatState("ACTIVE")))))
      // Once it is on its way it is not cut short: given up, it could still arrive, after the state that is to end it.
      // So that nobody waits long for this, it is not repeated either.
      yield* inLine(Effect.uninterruptible(Retry.off(publish(target, Message.chatState("COMPOSING")))))
    }),
    update: Effect.fn("Connector.update")(function* (target, conversationField) {
      const conversationId = conversationOf(target)
      const body = { conversationId, conversationField }
      const request = yield* decodeUpdate({ id, type: UpdateConversationField.type, body })
      yield* lane(conversationId)(api.send(request))
    }),
    setProfile: Effect.fn("Connector.setProfile")(function* (body) {
      yield* api.send(yield* decodeProfile({ id, type: SetUserProfile.type, body }))
    }),
    sendFile: Effect.fn("Connector.sendFile")(function* (target, file) {
      const sending = Effect.gen(function* () {
        const { fileType, relativePath } = yield* upload(file)
        const { caption, metadata, preview } = file
        const message = Message.file({
          relativePath,
          fileType,
          ...(caption === undefined ? {} : { caption }),
          ...(preview === undefined ? {} : { preview })
        })
        const told = metadata === undefined ? message : Message.withMetadata(metadata)(message)
        return { ...(yield* publish(target, told)), relativePath }
      })
      return yield* lane(conversationOf(target))(sending)
    }),
    downloadFile: (relativePath) => Stream.catchIf(download(relativePath), hasExpired, () => download(relativePath))
  }
  return service
})
