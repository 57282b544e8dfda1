/**
 * What the binary says when it listens: where, who is known, and how to begin.
 */
import * as Redacted from "effect/Redacted"
import { Key, type Webhooks } from "../../Webhooks.ts"
import type { Settings } from "./settings.ts"
import { bold, cyan, dim } from "./style.ts"

/** What is known once the simulator listens. */
export interface Listening {
  readonly url: string
  readonly seed: string
  readonly webhooks: Webhooks
}

/** A word of a shell's command. */
const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)

const exportsOf = ({ authority, options, shown }: Settings, { url }: Listening) =>
  [
    ["LP_DOMAIN_API", url],
    ["LP_ACCOUNT_ID", options.accountId[0]],
    ["LP_CLIENT_ID", options.clientId],
    ...(shown ? [["LP_CLIENT_SECRET", Redacted.value(options.clientSecret)] as const] : []),
    ...(authority === undefined ? [] : [["NODE_EXTRA_CA_CERTS", authority] as const])
  ] satisfies ReadonlyArray<readonly [string, string]>

const textOf = (name: string) => String.raw`sed 's/.*"${name}" *: *"\([^"]*\)".*/\1/'`

/** The commands that open a conversation, by the variables that were exported. They are a shell's: to be pasted. */
const commands = (curl: string) =>
  String.raw`token=$(${curl} \
  "$LP_DOMAIN_API/sentinel/api/account/$LP_ACCOUNT_ID/app/token?v=1.0&grant_type=client_credentials" \
  --data-urlencode "client_id=$LP_CLIENT_ID" --data-urlencode "client_secret=$LP_CLIENT_SECRET" |
  ${textOf("access_token")})

consumer=$(${curl} "$LP_DOMAIN_API/api/account/$LP_ACCOUNT_ID/consumer?v=1.0" \
  -H "Authorization: $token" -H "Content-Type: application/json" -d '{"ext_consumer_id":"sms:+15550100"}' |
  ${textOf("token")})

${curl} "$LP_DOMAIN_API/api/account/$LP_ACCOUNT_ID/messaging/consumer/conversation?v=3" \
  -H "Authorization: $token" -H "X-LP-ON-BEHALF: $consumer" -H "Content-Type: application/json" -d '[
  {"kind":"req","id":"1","type":"userprofile.SetUserProfile","body":{"firstName":"Ada","lastName":"Lovelace"}},
  {"kind":"req","id":"2","type":"cm.ConsumerRequestConversation",
    "body":{"channelType":"MESSAGING","brandId":"'"$LP_ACCOUNT_ID"'"}},
  {"kind":"req","id":"3","type":"ms.PublishEvent",
    "body":{"event":{"type":"ContentEvent","contentType":"text/plain","message":"Hi, my parcel is late"}}}]'`

/** Where notifications go: once, where all go to one place. */
const destinations = (webhooks: Webhooks) => {
  const targets = Key.literals.flatMap((key) => {
    const target = webhooks[key]
    return target === undefined
      ? []
      : [{ kind: key.slice(key.lastIndexOf(".") + 1), to: new URL(target.endpoint).host }]
  })
  return Object.entries(Object.groupBy(targets, ({ to }) => to)).map(
    ([to, kinds = []]) =>
      `${kinds.length === Key.literals.length ? "everything" : kinds.map(({ kind }) => kind).join(", ")} → ${to}`
  )
}

/** The whole of it. */
export const banner = (settings: Settings, listening: Listening): string => {
  const { authority, data, options, scheme, shown } = settings
  const { seed, url, webhooks } = listening
  const secret = shown ? Redacted.value(options.clientSecret) : dim("the one in LP_CLIENT_SECRET")
  const facts = [
    ["page", cyan(`${url}/`)],
    ["control API", cyan(`${url}/_simulator/docs`)],
    [options.accountId.length === 1 ? "account" : "accounts", options.accountId.join(", ")],
    ["client id", options.clientId],
    ["client secret", secret],
    ["seed", seed],
    ...destinations(webhooks).map((destination) => ["webhooks", destination] as const),
    ...(data === undefined ? [] : [["state", `kept in ${data}`] as const])
  ] satisfies ReadonlyArray<readonly [string, string]>
  const also = scheme === "https" ? ", and answers http there too" : ""
  return [
    `${bold("LivePerson simulator")} listens on ${bold(url)}${also}`,
    "",
    ...facts.map(([name, value]) => `  ${dim(name.padEnd(15))}${value}`),
    "",
    dim("# Point a client at it"),
    ...exportsOf(settings, listening).map(([name, value]) => `export ${name}=${quote(value)}`),
    "",
    dim("# Open a conversation"),
    commands(authority === undefined ? "curl -sS" : 'curl -sS --cacert "$NODE_EXTRA_CA_CERTS"'),
    "",
    dim("# Ctrl-C stops it"),
    ""
  ].join("\n")
}
