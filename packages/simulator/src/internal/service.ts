/**
 * What a simulator can be asked, and done to it.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Answer, Changes, ConsumerAction, Info } from "../ControlApi.ts"
import type { ActiveRule, CallFault, DeliveryFault, Endpoint, Rule } from "../Fault.ts"
import type * as State from "../State.ts"
import type { Deliver, Key, State as WebhookState, Webhooks } from "../Webhooks.ts"
import type * as Wire from "../Wire.ts"
import type { ConsumerEvent } from "./webhooks.ts"
import type { Agent } from "./world/agent.ts"

/**
 * When a fault acts, and for whom: on the next call alone and for everybody, unless it is said otherwise. Of `times`,
 * `every` and `probability` there can be one.
 */
export interface FaultOptions {
  /** On the next so many. */
  readonly times?: number
  /** On every nth. */
  readonly every?: number
  /** On each with this probability, from 0 to 1. */
  readonly probability?: number
  readonly account?: string
  readonly consumer?: string
}

/** What can be asked of a simulator, and done to it. */
export class Simulator extends Context.Service<
  Simulator,
  {
    /**
     * Makes calls of an endpoint go wrong, or deliveries: of the next one, unless it is said otherwise. Faults wait in
     * line. A mistake in the options is a defect.
     */
    readonly fault: {
      (on: Endpoint | "any", fault: CallFault, options?: FaultOptions): Effect.Effect<ActiveRule>
      (on: "webhook", fault: DeliveryFault, options?: FaultOptions & { readonly key?: Key }): Effect.Effect<ActiveRule>
    }
    /** Does the same by a rule. */
    readonly addFault: (rule: Rule) => Effect.Effect<ActiveRule>
    /** The rules in force, in order. One that has nothing more to do is not among them. */
    readonly faults: Effect.Effect<ReadonlyArray<ActiveRule>>
    /** Says whether there was such a rule. */
    readonly removeFault: (id: number) => Effect.Effect<boolean>
    readonly clearFaults: Effect.Effect<void>
    /** Every exchange that is remembered, in the order in which they began: calls and deliveries. */
    readonly wire: Effect.Effect<ReadonlyArray<Wire.Row>>
    /** One of them, with its headers and bodies. */
    readonly exchange: (id: number) => Effect.Effect<Wire.Exchange | undefined>
    readonly clearWire: Effect.Effect<void>
    /** The calls among them. */
    readonly calls: Effect.Effect<ReadonlyArray<Wire.Call>>
    /** The attempts to deliver a notification among them. */
    readonly deliveries: Effect.Effect<ReadonlyArray<Wire.Delivery>>
    /** Every conversation so far, as the agent would see it. */
    readonly conversations: Effect.Effect<ReadonlyArray<State.Conversation>>
    readonly conversation: (id: string) => Effect.Effect<State.Conversation | undefined>
    /** Every conversation so far, in a line. */
    readonly summaries: Effect.Effect<ReadonlyArray<State.Summary>>
    /** The bytes of a file that was uploaded; `undefined` where there is none. */
    readonly file: (relativePath: string) => Effect.Effect<Uint8Array | undefined>
    /** Closes a conversation and all its dialogs at once, as the agent would. */
    readonly close: (conversationId: string) => Effect.Effect<void>
    /** Makes every token of a kind that was issued so far invalid. */
    readonly revoke: (kind: "app" | "consumer") => Effect.Effect<void>
    /** What an agent can do in a conversation. They go by this id: `simulator-agent`, unless it is said otherwise. */
    readonly agent: (conversationId: string, agentId?: string) => Agent
    /**
     * What a consumer can do, by the calls that their connector would make. `undefined` where it takes a conversation
     * and they have never had one. The account is the first, unless it is said otherwise.
     */
    readonly consumer: (
      consumer: string,
      account?: string
    ) => (action: ConsumerAction) => Effect.Effect<Answer | undefined>
    /** What consumers publish, from when the stream is run, so that a script can answer. Ends with the simulator. */
    readonly events: Stream.Stream<ConsumerEvent>
    /**
     * Subscribes the app to what `webhooks` says, and to nothing else. What has yet to be delivered goes there too, or
     * nowhere. It is delivered by `deliver`, where that is given. Dies when there is a mistake in `webhooks`.
     */
    readonly subscribe: (webhooks: Webhooks, deliver?: Deliver) => Effect.Effect<void>
    /** How the endpoint of every key that is subscribed to is doing. */
    readonly webhookStates: Effect.Effect<{ readonly [K in Key]?: WebhookState }>
    /** What the simulator is. */
    readonly info: Effect.Effect<Info>
    /** Everything there is, and then what changes, at most ten times a second. */
    readonly live: Stream.Stream<Changes>
    /**
     * Forgets conversations, files, the wire and faults, and delivers nothing more of what happened. Tokens stay good,
     * and what is subscribed to stays.
     */
    readonly reset: Effect.Effect<void>
  }
>()("@effect-liveperson/simulator/Simulator") {}
