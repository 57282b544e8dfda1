/**
 * The payloads of both endpoints, as types: what one says, what it is answered, and what must be there to answer it.
 */
import type {
  AccountId,
  batchPayloads,
  ConsumerId,
  Metadata,
  RequestId,
  sendPayloads
} from "@effect-liveperson/core/protocol"
import type * as Effect from "effect/Effect"
import type { Refused, Rejected } from "../reply.ts"
import type { ConsumerEvent } from "../../State.ts"

type Payload = (typeof batchPayloads)[number] | (typeof sendPayloads)[number]

export type Type = Payload["type"]

type Of<T extends Type> = Extract<Payload, { readonly type: T }>

/** The body of a payload. That of a batch's first message names no dialog, that of any other does. */
export type Body<T extends Type> = Of<T>["body"]["Type"]

/** Who is speaking: by the connector's name and by LivePerson's. */
export interface Speaker {
  readonly account: AccountId
  readonly consumer: ConsumerId
  readonly lpConsumerId: string
}

/** What a call tells beside its payloads. */
export interface Caller extends Pick<ConsumerEvent, "clientProperties"> {
  readonly speaker: Speaker
}

/** What is known of a payload beside its body. */
export interface Circumstances extends Caller, Pick<ConsumerEvent, "metadata" | "at"> {}

/** What each payload comes to. One without a handler does not compile. */
export type Handlers = {
  readonly [T in Type]: (
    body: Body<T>,
    circumstances: Circumstances
  ) => Effect.Effect<Of<T>["success"]["Type"], Rejected | Refused>
}

/** The request that a payload comes in. */
export type RequestOf<T extends Type> = {
  readonly [K in T]: {
    readonly id: RequestId
    readonly type: K
    readonly body: Body<K>
    readonly metadata?: ReadonlyArray<Metadata>
  }
}[T]
