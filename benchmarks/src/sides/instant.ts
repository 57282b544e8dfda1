/** A LivePerson that answers everything at once, and remembers nothing. */
import { Redacted } from "effect"
import type { HttpClientRequest } from "effect/http"

export const credentials = {
  accountId: "12345678",
  clientId: "app",
  clientSecret: Redacted.make("secret"),
  domainApi: "http://127.0.0.1"
}

const tokenOf = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${"s".repeat(342)}`

const app = tokenOf({ aud: credentials.accountId, exp: 4_102_444_800, iat: 1_700_000_000, scope: "msg.consumer" })

let conversations = 0

const success = ({ id, type }: { readonly id: string; readonly type: string }) => {
  const body: Record<string, object> = {
    "userprofile.SetUserProfile": { msg: "OK" },
    "cm.ConsumerRequestConversation": {
      conversationId: `00000000-0000-4000-8000-${String(conversations++).padStart(12, "0")}`
    },
    "ms.PublishEvent": { sequence: 0 }
  }
  return { code: "OK", body: body[type] ?? { msg: "OK" }, reqId: id }
}

const textOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : "{}"

export const answerTo = (request: HttpClientRequest.HttpClientRequest): unknown => {
  const { url } = request
  const service = /service\/(\w+)\/baseURI/.exec(url)?.[1]
  if (service !== undefined) return { service, account: credentials.accountId, baseURI: "127.0.0.1" }
  if (url.includes("/sentinel/")) return { access_token: app, token_type: "Bearer" }
  if (url.includes("/consumer?") || url.endsWith("/consumer")) return { token: `e30.e30.${"s".repeat(342)}` }
  const asked = JSON.parse(textOf(request))
  return Array.isArray(asked) ? asked.map(success) : success(asked)
}
