/**
 * How to reach the simulator by hand.
 */
import type { Info } from "../../src/ControlApi.ts"

type Known = Pick<Info, "accounts" | "clientId"> | undefined

/** The commands that open a conversation, one after the other. The secret is in a variable, and not on the page. */
export const curlOf = (origin: string, info: Known) => {
  const account = info?.accounts[0] ?? "{account}"
  const clientId = info?.clientId ?? "{client id}"
  const conversation = `${origin}/api/account/${account}/messaging/consumer/conversation?v=3`
  return {
    domain: `curl ${origin}/api/account/${account}/service/baseURI.json?version=1.0`,
    open: [
      `APP=$(curl -s "${origin}/sentinel/api/account/${account}/app/token?v=1.0" \\
  -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=$LP_CLIENT_SECRET \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
      `CONSUMER=$(curl -s "${origin}/api/account/${account}/consumer?v=1.0" \\
  -H "Authorization: $APP" -H "Content-Type: application/json" \\
  -d '{"ext_consumer_id":"sms:+15550100"}' \\
  | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
      `curl "${conversation}" \\
  -H "Authorization: $APP" -H "X-LP-ON-BEHALF: $CONSUMER" -H "Content-Type: application/json" \\
  -d '[{"kind":"req","id":"1","type":"userprofile.SetUserProfile","body":{"firstName":"Ada"}},
       {"kind":"req","id":"2","type":"cm.ConsumerRequestConversation","body":{"channelType":"MESSAGING","brandId":"${account}"}}]'`
    ].join("\n")
  }
}
