/**
 * Who is speaking. LivePerson wants every message in a consumer's name (the `X-LP-ON-BEHALF` header), so whatever sends
 * one requires this service: leaving it out does not compile.
 *
 * Provide it with `Connector.onBehalfOf("sms:+15550100")`.
 */
import * as Context from "effect/Context"
import type { ConsumerId } from "./protocol/Ids.ts"

export class OnBehalfOf extends Context.Service<OnBehalfOf, ConsumerId>()("@effect-liveperson/core/OnBehalfOf") {}
