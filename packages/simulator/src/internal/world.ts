/**
 * What LivePerson makes of requests: a batch's in its order, or one by itself.
 */
import type { LenientBatch, LenientSendRequest } from "@effect-liveperson/core/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { type Refused, reply, type Reply } from "./reply.ts"
import type { Storage } from "./storage.ts"
import { make as makeAgents } from "./world/agent.ts"
import { snapshot, summary } from "./world/conversation.ts"
import { make as makeHandlers, type Witness } from "./world/handlers.ts"
import type { Caller, RequestOf, Type } from "./world/payloads.ts"

import type * as State from "../State.ts"
import type { Conversation } from "./world/conversation.ts"

type Answer = Record<"code" | "reqId", string> & { readonly body: Schema.JsonObject }

const isOk = ({ code }: Answer): boolean => code === "OK"

const rejection = (reqId: string, msg: string): Answer => ({ code: "BAD_REQUEST", body: { msg }, reqId })

export const make = (options: { readonly survey: boolean }, storage: Storage, witness: Witness) => {
  const world = makeHandlers(options, storage, witness)
  const { conversations, handlers } = world

  const perform = <T extends Type>({ body, metadata = [], type }: RequestOf<T>, caller: Caller) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => handlers[type](body, { ...caller, metadata, at }))

  const answerTo = <T extends Type>(request: RequestOf<T>, caller: Caller): Effect.Effect<Answer, Refused> =>
    perform(request, caller).pipe(
      Effect.map((body) => ({ code: "OK", body: { ...body }, reqId: request.id })),
      Effect.catchTag("Rejected", ({ msg }) => Effect.succeed(rejection(request.id, msg)))
    )

  return {
    /** Every conversation so far, as the agent sees it, and in a line. */
    conversations: (): ReadonlyArray<State.Conversation> => Array.from(conversations.values(), snapshot),
    summaries: (): ReadonlyArray<State.Summary> => Array.from(conversations.values(), summary),

    /** What one of them looks like. */
    find: <A>(id: string, see: (conversation: Conversation) => A): A | undefined => {
      const conversation = conversations.get(id)
      return conversation === undefined ? undefined : see(conversation)
    },

    latestOf: world.latestOf,
    forget: world.forget,
    restore: world.restore,

    /** What agents do. */
    ...makeAgents(world, witness),

    /**
     * Processes a batch, payload by payload. One that is refused ends it: those behind it are refused with it, and the
     * whole is a 400 that carries the array.
     */
    conversation: Effect.fnUntraced(function* (batch: LenientBatch, caller: Caller) {
      const answers: Array<Answer> = []
      for (const request of batch) {
        if (request === undefined) continue
        answers.push(answers.every(isOk) ? yield* answerTo(request, caller) : rejection(request.id, "Bad Request"))
      }
      return reply(answers.every(isOk) ? 200 : 400, answers)
    }),

    /** Processes one request. */
    send: (request: LenientSendRequest, caller: Caller): Effect.Effect<Reply, Refused> =>
      Effect.map(answerTo(request, caller), (answer) => reply(isOk(answer) ? 200 : 400, answer))
  }
}

export type World = ReturnType<typeof make>
