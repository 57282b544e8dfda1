/**
 * What the Domain API lists: one host, that the simulator was asked at, for every service.
 */
import { Service } from "@effect-liveperson/core/protocol"

/** The services of an operator, of the reference's section 12. */
const operatorServices = ["agentVep", "accountConfigReadWrite", "msgHist"] as const

/** What a client can ask for. Names are case-sensitive. */
export const services = [...Service.literals, ...operatorServices]

/** The host of every service of an account. */
export const baseUris = (account: string, host: string) =>
  services.map((service) => ({ service, account, baseURI: host }))
