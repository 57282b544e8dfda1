/**
 * What a payload type of the Connector API is, declared once.
 *
 * A payload is known by its `type` (such as `userprofile.SetUserProfile`) and travels in the same envelope as every
 * other, alone to SEND or with others to CONVERSATION. From one {@link make} follow the request's schema, the reading
 * of its answer, and whether it may be repeated.
 *
 * Reference: sections 2.1 and 2.2.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { RequestId } from "./Ids.ts"
import { Metadata } from "./Metadata.ts"

type Codec = Schema.ConstraintCodec<unknown, unknown>

/**
 * What sending a request twice does: `"harmless"` when it leaves LivePerson as sending it once, `"harmful"` when the
 * agent would see it twice. A harmful request is never repeated while it may already have been processed.
 */
export type Repeat = "harmless" | "harmful"

const Kind = Schema.tag("req").pipe(Schema.withDecodingDefaultKey(Effect.succeed("req" as const)))

const MetadataList = Schema.optionalKey(Schema.Array(Metadata))

/** The envelope of a request: `kind`, `id`, `type`, `body`, and `metadata` where there is some. */
export interface RequestSchema<Type extends string, Body extends Codec> extends Schema.Struct<{
  readonly kind: typeof Kind
  readonly id: typeof RequestId
  readonly type: Schema.tag<Type>
  readonly body: Body
  readonly metadata: typeof MetadataList
}> {}

/**
 * One payload type.
 *
 * - `request`: the schema of the whole request; `request.make({ id, body })` fills in `kind` and `type`.
 * - `success`: the schema of the answer's `body` when its code is OK.
 * - `repeat`: whether a request with this body may be repeated.
 */
export interface Payload<Type extends string, Body extends Codec, Success extends Codec> {
  readonly type: Type
  readonly body: Body
  readonly success: Success
  readonly request: RequestSchema<Type, Body>
  repeat(body: Body["Type"]): Repeat
}

/** Any payload, for code that treats them alike. */
export type Any = Payload<string, Codec, Codec>

/** The request that a payload is sent as. */
export type Request<P extends Any> = P["request"]["Type"]

/** What LivePerson answers to a payload it accepted. */
export type Success<P extends Any> = P["success"]["Type"]

/** What LivePerson answers to each of some payloads, by their types. */
export type SuccessByType<P extends Any> = { readonly [Q in P as Q["type"]]: Success<Q> }

/** Declares a payload type. */
export const make = <const Type extends string, Body extends Codec, Success extends Codec>(
  type: Type,
  options: {
    readonly body: Body
    readonly success: Success
    readonly repeat: Repeat | ((body: Body["Type"]) => Repeat)
  }
): Payload<Type, Body, Success> => {
  const { body, repeat, success } = options
  return {
    type,
    body,
    success,
    repeat: typeof repeat === "string" ? () => repeat : repeat,
    request: Schema.Struct({ kind: Kind, id: RequestId, type: Schema.tag(type), body, metadata: MetadataList })
  }
}

/** Whether a request may be repeated, by the declaration of its payload. One that is not declared may not. */
export const repeatOf = (
  payloads: ReadonlyArray<Any>,
  request: { readonly type: string; readonly body: unknown }
): Repeat => payloads.find((payload) => payload.type === request.type)?.repeat(request.body) ?? "harmful"

/**
 * The code of one answer: over HTTP the name of a status (`"OK"`, `"BAD_REQUEST"`), in the body of a 401 and on other
 * transports a number. Both are read, and kept as text.
 */
export const Code = Schema.Union([Schema.String, Schema.Int]).pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: (code) => String(code), encode: (code): string | number => code })
  )
)

const succeeded: ReadonlySet<string> = new Set(["OK", "200", "201"])

/** One answer: an element of CONVERSATION's, or the whole of SEND's. Its `body` is read by the payload of its request. */
export const Response = Schema.Struct({
  code: Code,
  body: Schema.optionalKey(Schema.Json),
  reqId: RequestId
})
export type Response = typeof Response.Type

/** Whether an answer says that its request was accepted. */
export const isOk = (response: Pick<Response, "code">): boolean => succeeded.has(response.code)
