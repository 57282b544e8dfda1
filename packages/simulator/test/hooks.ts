/** Webhooks that tests listen at: functions under the test's clock, and servers on sockets. */
import { Simulator, type Webhooks } from "@effect-liveperson/simulator"
import { Clock, Effect, Schedule, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { accountId, answerOf, ask, profile, request, say, type Sent, tokenOf } from "./support.ts"

export const keys = [
  "ms.MessagingEventNotification.ContentEvent",
  "ms.MessagingEventNotification.RichContentEvent",
  "ms.MessagingEventNotification.AcceptStatusEvent",
  "ms.MessagingEventNotification.ChatStateEvent",
  "cqm.ExConversationChangeNotification"
] as const

export const [content, rich, status, chat, conversation] = keys

/** A subscription to all kinds, each at a path of its own. */
export const all = (origin: string, each: Partial<typeof Webhooks.Endpoint.Type> = {}): Webhooks.Webhooks =>
  Object.fromEntries(keys.map((key) => [key, { endpoint: `${origin}/${key}`, ...each }]))

/** A subscription to texts alone. */
export const texts = (
  origin: string,
  each: Partial<typeof Webhooks.Endpoint.Type> = {},
  rest: Webhooks.Webhooks = {}
): Webhooks.Webhooks => ({ [content]: { endpoint: `${origin}/${content}`, ...each }, ...rest })

const Text = Schema.Struct({
  body: Schema.Struct({
    changes: Schema.Tuple([
      Schema.Struct({
        conversationId: Schema.String,
        sequence: Schema.Number,
        event: Schema.Struct({ message: Schema.String })
      })
    ])
  })
})

const decodeText = Schema.decodeUnknownSync(Text)

export interface Heard extends Webhooks.Posted {
  readonly at: number
  readonly json: unknown
}

const parse = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body))

/** The text of a notification of one. */
export const textOf = ({ json }: Pick<Heard, "json">): string => decodeText(json).body.changes[0].event.message

/** Listens in process. What it answers is 200, unless it is said otherwise. */
export const listener = (answer: (heard: Heard) => Effect.Effect<number, unknown> = () => Effect.succeed(200)) => {
  const heard: Array<Heard> = []
  const deliver: Webhooks.Deliver = (posted) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      const one = { ...posted, at, json: parse(posted.body) }
      heard.push(one)
      return answer(one)
    })
  return { heard, deliver }
}

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Listens on a socket. What it answers is 200; `after` says how much later. */
export const server = (options: { readonly after?: number; readonly status?: number } = {}) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const received: Array<Received> = []
      const open = createServer((incoming, answer) => {
        const chunks: Array<Buffer> = []
        incoming.on("data", (chunk: Buffer) => void chunks.push(chunk))
        incoming.on("end", () => {
          const { headers, method, url } = incoming
          received.push({ method, url, headers, body: Buffer.concat(chunks) })
          setTimeout(() => answer.writeHead(options.status ?? 200).end(), options.after ?? 0)
        })
      })
      await new Promise<void>((resolve) => void open.listen(0, "127.0.0.1", resolve))
      const address = open.address()
      const port = typeof address === "object" ? address?.port : undefined
      return { open, received, url: `http://127.0.0.1:${port}` }
    }),
    ({ open }) =>
      Effect.promise(async () => {
        open.closeAllConnections()
        await new Promise((resolve) => void open.close(resolve))
      })
  )

/** Waits until something holds, for five seconds at most. */
export const until = (holds: () => boolean) =>
  Effect.sync(holds).pipe(
    Effect.repeat({ until: (held) => held, schedule: Schedule.spaced("10 millis"), times: 500 }),
    Effect.asVoid
  )

/** Lets everything that has no time to wait for happen. */
export const settle = Effect.replicateEffect(Effect.yieldNow, 200)

/** Sends through the simulator's own client. */
export const sendInProcess = Effect.fnUntraced(function* ({ body, headers = {}, method, path }: Sent) {
  const request = HttpClientRequest.make(method)(`https://api.liveperson.net${path}`, { headers })
  const response = yield* HttpClient.execute(
    typeof body === "string" ? HttpClientRequest.bodyText(request, body, headers["Content-Type"]) : request
  )
  return answerOf(response.status, response.headers, yield* response.arrayBuffer)
})

const Opened = Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])

/** A consumer with a conversation in process, who can be told to send something. */
export const opened = Effect.fnUntraced(function* (consumer: string, changes: object = {}, headers: object = {}) {
  const Authorization = tokenOf(yield* sendInProcess(ask.app()))
  const named = JSON.stringify({ ext_consumer_id: consumer })
  const token = tokenOf(yield* sendInProcess(ask.consumer({ Authorization }, named)))
  const tokens = { Authorization, "X-LP-ON-BEHALF": token }
  const batch = JSON.stringify([
    profile(),
    request({ body: { channelType: "MESSAGING", brandId: accountId, ...changes } })
  ])
  const answer = yield* sendInProcess(ask.conversation({ ...tokens, ...headers }, batch))
  const id = Schema.decodeUnknownSync(Opened)(answer.body)[1].body.conversationId
  const tell = (body: object) => sendInProcess(ask.send({ ...tokens, ...headers }, JSON.stringify(body)))
  yield* settle
  return { id, token, tell, say: (message: string) => Effect.andThen(tell(say(id, message)), settle) }
})

/** What the simulator has posted: who to, the how manieth time, when, and with what success. */
export const logged = Effect.gen(function* () {
  const { deliveries } = yield* Simulator.Simulator
  return (yield* deliveries).map(({ at, attempt, status }) => ({ attempt, at, status }))
})
