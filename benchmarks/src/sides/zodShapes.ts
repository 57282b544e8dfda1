/**
 * The shapes of a batch, of its answer and of a notification, as people write them with zod.
 */
import { z } from "zod"

const text = z.string().optional()
const day = z.object({ day: z.int(), month: z.int(), year: z.int() }).optional()

const customer = z.object({
  type: z.literal("ctmrinfo"),
  info: z.object({
    ctype: text,
    cstatus: text,
    customerId: text,
    balance: z.number().optional(),
    currency: text,
    socialId: text,
    imei: text,
    userName: text,
    companySize: z.int().optional(),
    companyBranch: text,
    accountName: text,
    role: text,
    lastPaymentDate: day,
    registrationDate: day,
    loginStatus: z.int().optional(),
    storeZipCode: text,
    storeNumber: text
  })
})

const phoneType = z.enum(["HOME", "MOBILE", "WORK", "FAX", "MAIN", "HOME_FAX", "WORK_FAX", "PAGER", "OTHER"])

const personal = z.object({
  type: z.literal("personal"),
  personal: z.object({
    firstname: text,
    lastname: text,
    age: z
      .object({
        age: z.int().optional(),
        year: z.int().optional(),
        month: z.int().optional(),
        day: z.int().optional()
      })
      .optional(),
    contacts: z
      .array(
        z.object({
          email: text,
          phone: text,
          phoneType: phoneType.optional(),
          address: z.object({ country: text, region: text, zipcode: text }).optional(),
          preferred: text
        })
      )
      .optional(),
    gender: z.enum(["MALE", "FEMALE", "OTHER"]).optional(),
    company: text,
    language: text
  })
})

const profile = z.object({
  firstName: text,
  lastName: text,
  userId: text,
  avatarUrl: text,
  role: text,
  backgndImgUri: text,
  description: text,
  nickname: text,
  authenticatedData: z
    .object({ lp_sdes: z.array(z.discriminatedUnion("type", [customer, personal])).optional() })
    .optional(),
  privateData: z
    .object({
      mobileNum: text,
      mail: text,
      pushNotificationData: z.object({ serviceName: text, certName: text, token: text }).optional()
    })
    .optional()
})

const id = z.string().min(1).max(64)

const request = <const Type extends string, Body extends z.ZodType>(type: Type, body: Body) =>
  z.object({ kind: z.literal("req"), id, type: z.literal(type), body })

export const Batch = z.tuple([
  request("userprofile.SetUserProfile", profile),
  request(
    "cm.ConsumerRequestConversation",
    z.object({
      ttrDefName: z.enum(["NORMAL", "URGENT", "PRIORITIZED", "CUSTOM"]).nullable().optional(),
      campaignInfo: z.object({ campaignId: text, engagementId: text }).optional(),
      conversationContext: z
        .object({
          visitorId: text,
          sessionId: text,
          interactionContextId: text,
          type: z.literal("SharkContext"),
          lang: text,
          features: z.array(z.string()).optional()
        })
        .optional(),
      channelType: z.literal("MESSAGING"),
      brandId: z.string().min(1),
      skillId: text
    })
  ),
  request(
    "ms.PublishEvent",
    z.object({
      event: z.object({
        type: z.literal("ContentEvent"),
        contentType: z.literal("text/plain"),
        message: z.string().max(5000)
      })
    })
  )
])

const response = <Body extends z.ZodType>(body: Body) =>
  z.object({ code: z.union([z.string(), z.number()]), reqId: id, body })

export const BatchResponse = z.tuple([
  response(z.object({ msg: text })),
  response(z.object({ conversationId: id })),
  response(z.object({ sequence: z.int().min(0).optional() }))
])

const clientProperties = z.looseObject({ type: text, appId: text, deviceFamily: text, os: text })

const event = z.union([
  z.object({ type: z.literal("ContentEvent"), contentType: z.literal("text/plain"), message: z.string() }),
  z.object({
    type: z.literal("ContentEvent"),
    contentType: z.literal("hosted/file"),
    message: z.object({ caption: text, relativePath: z.string(), fileType: z.string(), preview: text })
  }),
  z.object({ type: z.literal("RichContentEvent"), content: z.unknown() }),
  z.object({ type: z.literal("AcceptStatusEvent"), status: z.string(), sequenceList: z.array(z.int().min(0)) }),
  z.object({ type: z.literal("ChatStateEvent"), chatState: z.string() }),
  z.looseObject({ type: z.string() })
])

export const Notification = z.object({
  kind: z.literal("notification"),
  type: z.literal("ms.MessagingEventNotification"),
  body: z.object({
    sentTs: z.number().optional(),
    changes: z.array(
      z.object({
        sequence: z.int().min(0).optional(),
        originatorId: text,
        originatorMetadata: z
          .object({ id: text, role: text, clientProperties: clientProperties.optional() })
          .optional(),
        serverTimestamp: z.number().optional(),
        event,
        dialogId: id,
        conversationId: id.optional(),
        messageAudience: text,
        metadata: z.array(z.looseObject({ type: z.string() })).nullish()
      })
    )
  })
})
