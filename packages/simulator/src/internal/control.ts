/**
 * What answers the simulator's own API.
 */
import type { AccountId } from "@effect-liveperson/core/protocol"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiScalar from "effect/http-api/HttpApiScalar"
import type * as Headers from "effect/http/Headers"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { type AgentAction, Closed, ControlApi, NotFound } from "../ControlApi.ts"
import type { Simulator } from "./service.ts"
import { type Agent, NotOpen } from "./world/agent.ts"

const noConversation = (id: string) => new NotFound({ message: `There is no conversation ${id}.` })

/** Does what an agent does, and says which number it took, where it took one. `end` closes without a survey. */
const act = (agent: Agent, end: Effect.Effect<void, NotOpen>, action: AgentAction) => {
  switch (action._tag) {
    case "Join":
      return agent.join
    case "Say":
      return action.quickReplies === undefined
        ? agent.say(action.text)
        : agent.send({
            type: "ContentEvent",
            contentType: "text/plain",
            message: action.text,
            quickReplies: action.quickReplies
          })
    case "Note":
      return agent.note(action.text)
    case "Send":
      // A chat state takes no number.
      return action.event.type === "ChatStateEvent"
        ? Effect.asVoid(agent.send(action.event, action))
        : agent.send(action.event, action)
    case "Typing":
      return action.on ? agent.typing : agent.stopTyping
    case "Accept":
      return agent.accept(action.sequences)
    case "Read":
      return agent.read(action.sequences)
    case "Transfer":
      return agent.transfer(action.skillId)
    case "Close":
      if (action.survey === undefined) return agent.close
      return action.survey ? agent.survey : end
  }
}

const handlers = (simulator: Simulator["Service"], accounts: ReadonlyArray<AccountId>) =>
  Layer.mergeAll(
    HttpApiBuilder.group(ControlApi, "system", (handlers) =>
      Effect.succeed(
        handlers.handleAll({
          info: () => simulator.info,
          live: () => Effect.succeed(simulator.live),
          subscribe: ({ payload }) => simulator.subscribe(payload),
          revoke: ({ payload }) => simulator.revoke(payload.kind),
          reset: () => simulator.reset
        })
      )
    ),
    HttpApiBuilder.group(ControlApi, "conversations", (handlers) =>
      Effect.succeed(
        handlers.handleAll({
          list: () => simulator.summaries,
          get: Effect.fnUntraced(function* ({ params: { id } }) {
            return (yield* simulator.conversation(id)) ?? (yield* noConversation(id))
          }),
          act: Effect.fnUntraced(function* ({ params: { id }, payload, query: { agentId } }) {
            const conversation = yield* simulator.conversation(id)
            if (conversation === undefined) return yield* noConversation(id)
            const end = conversation.state === "OPEN" ? simulator.close(id) : new NotOpen({ conversationId: id })
            const sequence = yield* act(simulator.agent(id, agentId), end, payload).pipe(
              Effect.catchTag("NotOpen", ({ message }) => Effect.fail(new Closed({ message })))
            )
            return { sequence: typeof sequence === "number" ? sequence : undefined }
          })
        })
      )
    ),
    HttpApiBuilder.group(ControlApi, "consumers", (handlers) =>
      Effect.succeed(
        handlers.handleAll({
          act: Effect.fnUntraced(function* ({ params: { consumer }, payload, query: { account = accounts[0] } }) {
            const known = accounts.find((one) => one === account)
            if (known === undefined) return yield* new NotFound({ message: `There is no account ${account}.` })
            const answer = yield* simulator.consumer(consumer, known)(payload)
            return answer ?? (yield* new NotFound({ message: `${consumer} has never had a conversation.` }))
          })
        })
      )
    ),
    HttpApiBuilder.group(ControlApi, "faults", (handlers) =>
      Effect.succeed(
        handlers.handleAll({
          list: () => simulator.faults,
          add: ({ payload }) => simulator.addFault(payload),
          remove: Effect.fnUntraced(function* ({ params: { id } }) {
            if (!(yield* simulator.removeFault(id))) return yield* new NotFound({ message: `There is no fault ${id}.` })
          }),
          clear: () => simulator.clearFaults
        })
      )
    ),
    HttpApiBuilder.group(ControlApi, "wire", (handlers) =>
      Effect.succeed(
        handlers.handleAll({
          list: () => simulator.wire,
          get: Effect.fnUntraced(function* ({ params: { id } }) {
            return (yield* simulator.exchange(id)) ?? (yield* new NotFound({ message: `There is no exchange ${id}.` }))
          }),
          clear: () => simulator.clearWire
        })
      )
    )
  )

const isForeign = ({ host, origin }: Headers.Headers): boolean =>
  origin !== undefined && URL.parse(origin)?.host !== host

/** A page of another site must not drive the simulator of whoever looks at it. */
const sameOrigin = HttpRouter.middleware((answer) =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) =>
    isForeign(headers) ? Effect.succeed(HttpServerResponse.empty({ status: 403 })) : answer
  )
).layer

/** The API, its description in OpenAPI, and its documentation for people. */
export const layer = (
  simulator: Simulator["Service"],
  accounts: ReadonlyArray<AccountId>
): Layer.Layer<never, never, HttpRouter.HttpRouter> =>
  HttpApiBuilder.layer(ControlApi, { openapiPath: "/_simulator/openapi.json" }).pipe(
    Layer.merge(HttpApiScalar.layer(ControlApi, { path: "/_simulator/docs", scalar: { withDefaultFonts: false } })),
    Layer.provide(sameOrigin),
    Layer.provide(handlers(simulator, accounts)),
    Layer.provide(HttpApiMiddleware.layerProblemDetails({ includeDetails: true })),
    Layer.provide(HttpServer.layerServices)
  )
