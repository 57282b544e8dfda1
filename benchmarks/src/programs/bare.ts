/** The same calls with nothing but Effect's client: nothing is kept, repeated or told apart, and what comes back is
 * believed as far as it is read. */
import { Config, Effect, Redacted, Schema } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

const program = Effect.gen(function* () {
  const account = yield* Config.String("LP_ACCOUNT_ID")
  const clientId = yield* Config.String("LP_CLIENT_ID")
  const clientSecret = yield* Config.Redacted("LP_CLIENT_SECRET")
  const client = (yield* HttpClient.HttpClient).pipe(HttpClient.filterStatusOk)

  const hostOf = (service: string) =>
    client
      .get(`https://api.liveperson.net/api/account/${account}/service/${service}/baseURI.json?version=1.0`)
      .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Schema.Struct({ baseURI: Schema.String }))))

  const sentinel = yield* hostOf("sentinel")
  const { access_token } = yield* HttpClientRequest.post(
    `https://${sentinel.baseURI}/sentinel/api/account/${account}/app/token?v=1.0&grant_type=client_credentials`
  ).pipe(
    HttpClientRequest.bodyUrlParams({ client_id: clientId, client_secret: Redacted.value(clientSecret) }),
    client.execute,
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Schema.Struct({ access_token: Schema.String })))
  )

  const idp = yield* hostOf("idp")
  const { token } = yield* HttpClientRequest.post(`https://${idp.baseURI}/api/account/${account}/consumer?v=1.0`, {
    headers: { authorization: access_token }
  }).pipe(
    HttpClientRequest.bodyJsonUnsafe({ ext_consumer_id: "sms:+15550100" }),
    client.execute,
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Schema.Struct({ token: Schema.String })))
  )

  const messaging = yield* hostOf("asyncMessagingEnt")
  const opened = yield* HttpClientRequest.post(
    `https://${messaging.baseURI}/api/account/${account}/messaging/consumer/conversation?v=3`,
    { headers: { authorization: access_token, "x-lp-on-behalf": token } }
  ).pipe(
    HttpClientRequest.bodyJsonUnsafe([
      { kind: "req", id: "1", type: "userprofile.SetUserProfile", body: { firstName: "Ada", lastName: "Lovelace" } },
      {
        kind: "req",
        id: "2",
        type: "cm.ConsumerRequestConversation",
        body: { channelType: "MESSAGING", brandId: account }
      },
      {
        kind: "req",
        id: "3",
        type: "ms.PublishEvent",
        body: { event: { type: "ContentEvent", contentType: "text/plain", message: "Hi, my parcel is late" } }
      }
    ]),
    client.execute,
    Effect.flatMap(
      HttpClientResponse.schemaBodyJson(
        Schema.Array(Schema.Struct({ body: Schema.Struct({ conversationId: Schema.optionalKey(Schema.String) }) }))
      )
    )
  )
  yield* Effect.log(opened[1]?.body.conversationId)
})

Effect.runFork(Effect.provide(program, FetchHttpClient.layer))
