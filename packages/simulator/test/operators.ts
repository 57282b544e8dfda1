/** What an operator calls, as the reference's section 12 has it. */
import { Effect, Schema } from "effect"
import { sendInProcess } from "./hooks.ts"
import { accountId, type Answer, send, type Sent } from "./support.ts"

const Signed = Schema.Struct({ bearer: Schema.String })

/** The manifest that an operator's client writes, with every kind of notification going to one endpoint. */
export const manifest = (changes: object = {}) => ({
  client_name: "Mine",
  description: "An app",
  grant_types: ["client_credentials"],
  response_types: ["code", "token", "id_token"],
  scope: "msg.consumer",
  logo_uri: "",
  ...changes
})

export const Installation = Schema.StructWithRest(
  Schema.Struct({
    id: Schema.String,
    client_id: Schema.String,
    client_secret: Schema.String,
    client_id_issued_at: Schema.Number,
    enabled: Schema.Boolean,
    deleted: Schema.Boolean
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type Installation = typeof Installation.Type

export const installationOf = ({ body }: Answer): Installation => Schema.decodeUnknownSync(Installation)(body)

export const installationsOf = ({ body }: Answer): ReadonlyArray<Installation> =>
  Schema.decodeUnknownSync(Schema.Array(Installation))(body)

const json = { "Content-Type": "application/json" }

const asText = (content: unknown): string => (typeof content === "string" ? content : JSON.stringify(content))

export const loginWith = (body: unknown, account = accountId): Sent => ({
  method: "POST",
  path: `/api/account/${account}/login`,
  headers: json,
  body: asText(body)
})

/** The calls that an operator's client makes, by its bearer. */
export const calls = (headers: Record<string, string>, account = accountId) => {
  const installations = `/api/account/${account}/configuration/app-install/installations`
  const features = `/api/account/${account}/configuration/provision/featureGrants`
  const written = (body: unknown) => ({ headers: { ...json, ...headers }, body: asText(body) })
  return {
    list: (query = ""): Sent => ({ method: "GET", path: `${installations}?v=1.0${query}`, headers }),
    create: (body: unknown): Sent => ({ method: "POST", path: `${installations}?v=1.0`, ...written(body) }),
    get: (id: string): Sent => ({ method: "GET", path: `${installations}/${id}?v=1.0`, headers }),
    put: (id: string, body: unknown, more: Record<string, string> = {}): Sent => ({
      method: "PUT",
      path: `${installations}/${id}?v=1.0`,
      headers: { ...json, ...headers, ...more, "X-HTTP-Method-Override": "PUT" },
      body: asText(body)
    }),
    remove: (id: string, more: Record<string, string> = {}): Sent => ({
      method: "DELETE",
      path: `${installations}/${id}?v=1.0`,
      headers: { ...headers, ...more }
    }),
    features: (): Sent => ({
      method: "GET",
      path: `${features}?v=1.0&excludeLegacy=true&jsonProvider=gson`,
      headers
    }),
    grant: (body: unknown, overrideAll = false): Sent => ({
      method: "POST",
      path: `${features}?v=1.0&overrideAll=${overrideAll}&jsonProvider=gson`,
      ...written(body)
    }),
    history: (body: unknown): Sent => ({
      method: "POST",
      path: `/messaging_history/api/account/${account}/conversations/conversation/search?offset=0&limit=100`,
      ...written(body)
    })
  }
}

const bearerOf = ({ body }: Answer) => ({ Authorization: `Bearer ${Schema.decodeUnknownSync(Signed)(body).bearer}` })

const credentials = { username: "admin@example.com", password: "any" }

/** An operator who has just signed in. */
export const operator = Effect.suspend(() =>
  Effect.map(send(loginWith(credentials)), (answer) => calls(bearerOf(answer)))
)

/** The same, of a simulator without a socket. */
export const operatorInProcess = (account = accountId) =>
  Effect.map(sendInProcess(loginWith(credentials, account)), (answer) => calls(bearerOf(answer), account))
