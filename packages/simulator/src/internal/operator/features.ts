/**
 * The account's features (`accountConfigReadWrite`): switches that are kept and given back.
 *
 * Assumed: they switch nothing in the simulator, and which there are.
 */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import { ok } from "../reply.ts"
import { bodyOf, type Operator } from "./answers.ts"

const Grant = Schema.StructWithRest(
  Schema.Struct({ compoundFeatureID: Schema.NonEmptyString, value: Schema.Struct({ value: Schema.Json }) }),
  [Schema.Record(Schema.String, Schema.Json)]
)
type Grant = typeof Grant.Type

const Collection = Schema.Struct({ itemsCollection: Schema.Struct({ data: Schema.Array(Grant) }) })

const Grants = Schema.Struct({
  appDataList: Schema.Array(Schema.Struct({ accountList: Schema.Struct({ accountList: Schema.Array(Collection) }) }))
})

const body = bodyOf(Grants)

/** The features that were changed, by account. */
export const Changed = Schema.Record(Schema.String, Schema.Array(Grant))
export type Changed = typeof Changed.Type

const granted = (compoundFeatureID: string): Grant => ({
  compoundFeatureID,
  isDeleted: false,
  startDate: "1970-01-01T00:00:00Z",
  endDate: "2038-01-01T00:00:00Z",
  value: { value: true }
})

/** Messaging, and the sharing of files in it. */
const initial = [
  "Common.Async_Messaging",
  "Common.RichContent",
  "Messaging.Agent_File_Sharing",
  "Messaging.Consumer_File_Sharing"
].map(granted)

export const make = (changed: () => void) => {
  let features: Changed = {}

  const of = (account: string): ReadonlyArray<Grant> => features[account] ?? initial

  const tell = (account: string) =>
    ok({ appDataList: [{ accountList: { accountList: [{ itemsCollection: { data: of(account) } }] } }] })

  return {
    get: ({ account }: Operator) => Effect.sync(() => tell(account)),

    /** Changes the features that are named, or with `overrideAll=true` makes them all there are. */
    post: Effect.fnUntraced(function* ({ account }: Operator) {
      const { overrideAll } = yield* HttpServerRequest.ParsedSearchParams
      const { appDataList } = (yield* body).body
      const told = appDataList
        .flatMap(({ accountList }) => accountList.accountList)
        .flatMap(({ itemsCollection }) => itemsCollection.data)
      const names = new Set(told.map(({ compoundFeatureID }) => compoundFeatureID))
      const kept = of(account).filter(({ compoundFeatureID }) => !names.has(compoundFeatureID))
      features = { ...features, [account]: overrideAll === "true" ? told : [...kept, ...told] }
      changed()
      return tell(account)
    }),

    read: (): Changed => features,
    restore: (left: Changed): void => {
      features = left
    }
  }
}
