/**
 * `userprofile.SetUserProfile`: who the consumer is, as the agent will see it.
 *
 * Reference: CONVERSATION page; sections 3.1, 3.1.1 (customer info) and 3.1.2 (personal info).
 */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Payload from "./Payload.ts"

const Text = Schema.optionalKey(Schema.String)

const Numeral = Schema.String.check(Schema.isPattern(/^-?\d{1,15}$/, { expected: "a whole number" }))

/** A whole number. One of LivePerson's examples writes a year as text, so digits are read as well. */
const Integer = Schema.Union([Schema.Int, Numeral]).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform({ decode: (value) => Number(value), encode: (value): number | string => value })
  )
)

/** A calendar day; `month` counts from 1. */
export const Day = Schema.Struct({ day: Schema.Int, month: Schema.Int, year: Schema.Int })

/** How the consumer was authenticated. Part of a profile that is read back; a connector seldom sends it. */
export const Authentication = Schema.Struct({
  amr: Schema.optionalKey(
    Schema.Array(
      Schema.Literals([
        ...(["face", "fpt", "geo", "hwk", "iris", "kba", "mca", "mfa", "otp", "pin"] as const),
        ...(["pwd", "rba", "retina", "sc", "sms", "swk", "tel", "user", "vbm", "wia"] as const)
      ])
    )
  ),
  iss: Text
})

/** The `ctmrinfo` attributes: the consumer as a customer of the brand. */
export const CustomerInfo = Schema.Struct({
  type: Schema.tag("ctmrinfo"),
  info: Schema.Struct({
    ctype: Text,
    cstatus: Text,
    customerId: Text,
    balance: Schema.optionalKey(Schema.Finite),
    currency: Text,
    socialId: Text,
    imei: Text,
    userName: Text,
    companySize: Schema.optionalKey(Schema.Int),
    companyBranch: Text,
    accountName: Text,
    role: Text,
    lastPaymentDate: Schema.optionalKey(Day),
    registrationDate: Schema.optionalKey(Day),
    loginStatus: Schema.optionalKey(Schema.Int),
    storeZipCode: Text,
    storeNumber: Text
  }),
  auth: Schema.optionalKey(Authentication)
})

/** One way to reach the consumer. */
export const Contact = Schema.Struct({
  email: Text,
  phone: Text,
  phoneType: Schema.optionalKey(
    Schema.Literals(["HOME", "MOBILE", "WORK", "FAX", "MAIN", "HOME_FAX", "WORK_FAX", "PAGER", "OTHER"])
  ),
  address: Schema.optionalKey(Schema.Struct({ country: Text, region: Text, zipcode: Text })),
  preferred: Text
})

/** The `personal` attributes: the consumer as a person. */
export const PersonalInfo = Schema.Struct({
  type: Schema.tag("personal"),
  personal: Schema.Struct({
    firstname: Text,
    lastname: Text,
    age: Schema.optionalKey(
      Schema.Struct({
        age: Schema.optionalKey(Integer),
        year: Schema.optionalKey(Integer),
        month: Schema.optionalKey(Integer),
        day: Schema.optionalKey(Integer)
      })
    ),
    contacts: Schema.optionalKey(Schema.Array(Contact)),
    gender: Schema.optionalKey(Schema.Literals(["MALE", "FEMALE", "OTHER"])),
    company: Text,
    language: Text
  }),
  auth: Schema.optionalKey(Authentication)
})

/** A consumer's profile: the body of `userprofile.SetUserProfile`. Every field may be left out. */
export const UserProfile = Schema.Struct({
  firstName: Text,
  lastName: Text,
  userId: Text,
  avatarUrl: Text,
  role: Text,
  backgndImgUri: Text,
  description: Text,
  nickname: Text,
  authenticatedData: Schema.optionalKey(
    Schema.Struct({
      lp_sdes: Schema.optionalKey(Schema.Array(Schema.Union([CustomerInfo, PersonalInfo])))
    })
  ),
  privateData: Schema.optionalKey(
    Schema.Struct({
      mobileNum: Text,
      mail: Text,
      pushNotificationData: Schema.optionalKey(Schema.Struct({ serviceName: Text, certName: Text, token: Text }))
    })
  )
})
export type UserProfile = typeof UserProfile.Type

/** Sets the consumer's profile. Answered with a message for people. */
export const SetUserProfile = Payload.make("userprofile.SetUserProfile", {
  body: UserProfile,
  success: Schema.Struct({ msg: Schema.optionalKey(Schema.String) }),
  repeat: "harmless"
})
