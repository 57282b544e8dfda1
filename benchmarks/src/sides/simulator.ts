/** Round trips to the simulator, by whatever client a side gives it, written without the library. */
import { Simulator } from "@effect-liveperson/simulator"
import { Effect, type Layer, Redacted, Schema } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { inFlight, serve } from "../harness/Side.ts"

const { accountId, clientId, clientSecret } = Simulator.credentials

const Issued = Schema.Union([Schema.Struct({ access_token: Schema.String }), Schema.Struct({ token: Schema.String })])
const Opened = Schema.Tuple([Schema.Unknown, Schema.Struct({ body: Schema.Struct({ conversationId: Schema.String }) })])

const decodeToken = Schema.decodeUnknownEffect(Issued)
const decodeOpened = Schema.decodeUnknownEffect(Opened)

const tokenOf = (answer: unknown) =>
  Effect.map(decodeToken(answer), (issued) => ("token" in issued ? issued.token : issued.access_token))

const [, , work = "", url = "", speakers = ""] = process.argv

const make = Effect.gen(function* () {
  const client = yield* HttpClient.HttpClient
  const post = (path: string, headers: Record<string, string>, body: unknown) =>
    client
      .execute(
        HttpClientRequest.post(`${url}/${path}`, { headers }).pipe(
          HttpClientRequest.bodyText(JSON.stringify(body), "application/json")
        )
      )
      .pipe(Effect.flatMap(({ json }) => json))

  const query = `v=1.0&grant_type=client_credentials&client_id=${clientId}&client_secret=${Redacted.value(clientSecret)}`
  const Authorization = yield* Effect.flatMap(
    post(`sentinel/api/account/${accountId}/app/token?${query}`, {}, {}),
    tokenOf
  )
  const path = `api/account/${accountId}/messaging/consumer/conversation`

  const speaker = Effect.fnUntraced(function* (nth: number) {
    const body = { ext_consumer_id: `bench-${work}-${process.pid}-${nth}` }
    const answer = yield* post(`api/account/${accountId}/consumer?v=1.0`, { Authorization }, body)
    return { Authorization, "X-LP-ON-BEHALF": yield* tokenOf(answer) }
  })
  const open = Effect.fnUntraced(function* (headers: Record<string, string>) {
    const answer = yield* post(`${path}?v=3`, headers, [
      { kind: "req", id: "1", type: "userprofile.SetUserProfile", body: { firstName: "Ada" } },
      { kind: "req", id: "2", type: "cm.ConsumerRequestConversation", body: { brandId: accountId } }
    ])
    return (yield* decodeOpened(answer))[1].body.conversationId
  })
  const say = (headers: Record<string, string>, dialogId: string) =>
    post(`${path}/send?v=3`, headers, {
      kind: "req",
      id: "1",
      type: "ms.PublishEvent",
      body: { dialogId, event: { type: "ContentEvent", contentType: "text/plain", message: "It was due on Monday" } }
    })

  const all = yield* Effect.forEach(
    Array.from({ length: Number(speakers) }, (_, nth) => nth),
    speaker,
    { concurrency: 32 }
  )
  let next = 0
  if (work === "open") return inFlight(32)(Effect.suspend(() => open(all[next++] ?? {})))
  const opened = yield* Effect.forEach(all, (headers) => Effect.map(open(headers), (id) => ({ headers, id })), {
    concurrency: 32
  })
  return inFlight(32)(
    Effect.suspend(() => {
      const one = opened[next++ % opened.length]
      return say(one?.headers ?? {}, one?.id ?? "")
    })
  )
})

export const serveWith = (client: Layer.Layer<HttpClient.HttpClient>): void => serve(make, client)
