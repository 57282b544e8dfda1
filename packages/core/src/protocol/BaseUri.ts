/**
 * The Domain API's answers: which host serves which of LivePerson's services for an account.
 *
 * Reference: section 1.1.
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/**
 * A bare host, with a port where it has one. Anything else is refused: tokens and secrets are sent to it.
 */
export const Host = Schema.String.check(
  Schema.isPattern(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i, {
    expected: "a bare host name, with or without a port"
  })
)

/** One service and the host that serves it. Service names are case-sensitive. */
export const BaseUri = Schema.Struct({
  service: Schema.String,
  account: Schema.String,
  baseURI: Host
})
export type BaseUri = typeof BaseUri.Type

/** A list, or the one that was asked for: LivePerson documents the first and sends the second. Read as a list. */
export const BaseUris = Schema.Union([Schema.Struct({ baseURIs: Schema.Array(BaseUri) }), BaseUri]).pipe(
  Schema.decodeTo(
    Schema.Array(BaseUri),
    SchemaTransformation.transform({
      decode: (answer) => ("baseURIs" in answer ? answer.baseURIs : [answer]),
      encode: (baseURIs): { readonly baseURIs: ReadonlyArray<BaseUri> } | BaseUri => ({ baseURIs })
    })
  )
)

/** The services a connector calls. */
export const Service = Schema.Literals(["asyncMessagingEnt", "sentinel", "idp", "swift", "smt"])
export type Service = typeof Service.Type
