/**
 * The batch that every side opens a conversation with, and the tokens it does so by, as plain data.
 */
export const url = process.argv[2] ?? ""

export const accountId = "12345678"

export const path = `/api/account/${accountId}/messaging/consumer/conversation`

/** As long as real ones are. */
export const tokens = {
  app: `eyJhbGciOiJSUzI1NiJ9.${"a".repeat(300)}.${"b".repeat(342)}`,
  consumer: `eyJhbGciOiJSUzI1NiJ9.${"c".repeat(200)}.${"d".repeat(342)}`
}

export const headers = { authorization: tokens.app, "x-lp-on-behalf": tokens.consumer }

export const profile = {
  firstName: "Ada",
  lastName: "Lovelace",
  authenticatedData: {
    lp_sdes: [
      { type: "ctmrinfo" as const, info: { ctype: "VIP", customerId: "1815-12-10", companyBranch: "London" } },
      {
        type: "personal" as const,
        personal: { language: "en-GB", contacts: [{ email: "ada@example.com", phoneType: "MOBILE" as const }] }
      }
    ]
  }
}

export const text = "Hi, my parcel is late"

export const batch = [
  { kind: "req", id: "1", type: "userprofile.SetUserProfile", body: profile },
  {
    kind: "req",
    id: "2",
    type: "cm.ConsumerRequestConversation",
    body: { channelType: "MESSAGING", brandId: accountId, ttrDefName: "NORMAL" }
  },
  {
    kind: "req",
    id: "3",
    type: "ms.PublishEvent",
    body: { event: { type: "ContentEvent", contentType: "text/plain", message: text } }
  }
] as const
