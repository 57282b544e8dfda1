/** A delivery of LivePerson's, signed: the nth of all, which is the next event of one of 500 dialogs. */
import { createHmac } from "node:crypto"

const dialogs = 500

export const delivery = (nth: number) => {
  const body = JSON.stringify({
    kind: "notification",
    type: "ms.MessagingEventNotification",
    body: {
      changes: [
        {
          sequence: Math.floor(nth / dialogs),
          originatorId: "agent",
          originatorMetadata: { id: "agent", role: "ASSIGNED_AGENT" },
          serverTimestamp: 1,
          event: { type: "ContentEvent", contentType: "text/plain", message: "It is on its way 🚚" },
          dialogId: `d-${nth % dialogs}`
        }
      ]
    }
  })
  return {
    body,
    headers: {
      "content-type": "application/json",
      "x-liveperson-account-id": "1",
      "x-liveperson-client-id": "app",
      "x-liveperson-signature": `sha256=${createHmac("sha256", "secret").update(body).digest("base64")}`
    }
  }
}
