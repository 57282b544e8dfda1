/**
 * What both sides of the codecs read.
 */
import { accountId } from "./batch.ts"

export const response = JSON.stringify([
  { code: "OK", body: { msg: "OK User Profile set successfully" }, reqId: "1" },
  { code: "OK", body: { conversationId: "8602832d-dce1-446b-8445-0d51f5926a42" }, reqId: "2" },
  { code: "OK", body: { sequence: 0 }, reqId: "3" }
])

export const notification = JSON.stringify({
  kind: "notification",
  type: "ms.MessagingEventNotification",
  body: {
    changes: [
      {
        sequence: 5,
        originatorId: `${accountId}.1022543210`,
        originatorMetadata: { id: `${accountId}.1022543210`, role: "ASSIGNED_AGENT" },
        serverTimestamp: 1_564_734_095_893,
        event: { type: "ContentEvent", contentType: "text/plain", message: "It is on its way now 🚚" },
        dialogId: "8602832d-dce1-446b-8445-0d51f5926a42",
        conversationId: "8602832d-dce1-446b-8445-0d51f5926a42",
        messageAudience: "ALL"
      }
    ],
    sentTs: 1_564_734_095_900
  }
})

/** Does something so often, at once. */
export const repeated =
  (one: () => unknown) =>
  (times: number): void => {
    for (let nth = 0; nth < times; nth += 1) one()
  }
