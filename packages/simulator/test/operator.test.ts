import { Fault, Simulator } from "@effect-liveperson/simulator"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect, Layer, Redacted } from "effect"
import { KeyValueStore } from "effect/persistence"
import { TestClock } from "effect/testing"
import { createHmac } from "node:crypto"
import { all, content, opened, sendInProcess, server, settle, texts, until } from "./hooks.ts"
import {
  calls,
  installationOf,
  installationsOf,
  loginWith,
  manifest,
  operator,
  operatorInProcess
} from "./operators.ts"
import {
  accountId,
  appToken,
  ask,
  clientId,
  clientSecret,
  message,
  onSocket,
  post,
  profile,
  readToken,
  refusal,
  request,
  say,
  send,
  type Sent,
  tell,
  tokenOf,
  told,
  withConversation
} from "./support.ts"

const error = { error: expect.any(String) }

/** A 400 that says where the mistake is. */
const wrongAt = (...path: ReadonlyArray<string>) => ({
  status: 400,
  body: { ...error, issues: expect.arrayContaining([{ path, message: expect.any(String) }]) }
})

const tokenFor = (client_id: string, client_secret: string) =>
  send({ ...ask.app(), body: new URLSearchParams({ client_id, client_secret }).toString() })

onSocket()("The agents' login", (it) => {
  it.effect("lets anybody in as an administrator, and tells the services' hosts as the Domain API does", () =>
    Effect.gen(function* () {
      const { body, status } = yield* send(loginWith({ username: "ada@example.com", password: "wrong?" }))
      expect(status).toBe(200)
      expect(body).toMatchObject({
        bearer: expect.stringMatching(/^[0-9a-f]{64}$/),
        sessionTTl: expect.stringMatching(/^\d+$/),
        config: { userId: expect.any(String), loginName: "ada@example.com", isAdmin: true, isLPA: false },
        csdsCollectionResponse: (yield* send(ask.domains())).body
      })
    })
  )

  it.effect.each(["agentVep", "accountConfigReadWrite", "msgHist"])(
    "is for %s, which the Domain API knows",
    (service) =>
      Effect.gen(function* () {
        expect((yield* send(ask.domain(service))).body).toMatchObject({ service, account: accountId })
      })
  )

  it.effect("gives every session a bearer of its own", () =>
    Effect.gen(function* () {
      const login = send(loginWith({ username: "ada", password: "pw" }))
      const answers = yield* Effect.replicateEffect(login, 3)
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(3)
    })
  )

  it.effect.each([
    ["username", { password: "pw" }],
    ["username", { username: "", password: "pw" }],
    ["password", { username: "ada" }],
    ["password", { username: "ada", password: 1 }]
  ] as const)("says that the %s is wrong: %o", ([field, body]) =>
    Effect.gen(function* () {
      expect(told(yield* send(loginWith(body)))).toEqual(wrongAt(field))
    })
  )

  it.effect("answers 400 to what is not JSON, and 401 to an account that it does not know", () =>
    Effect.gen(function* () {
      expect(told(yield* send(loginWith("{")))).toStrictEqual({ status: 400, body: error })
      const credentials = { username: "ada", password: "pw" }
      expect(told(yield* send(loginWith(credentials, "87654321")))).toStrictEqual({ status: 401, body: error })
    })
  )
})

const everyCall = (of: ReturnType<typeof calls>) => [
  of.list(),
  of.create(manifest()),
  of.get(clientId),
  of.put(clientId, manifest()),
  of.remove(clientId),
  of.features(),
  of.grant({ appDataList: [] }),
  of.history({ conversationId: "any" })
]

onSocket({ accountId: [accountId, "87654321"] })("An operator's call", (it) => {
  it.effect("is refused without a bearer, with a wrong one, with an app's token, and with another account's", () =>
    Effect.gen(function* () {
      const { list } = yield* operator
      const bearer = list().headers?.["Authorization"] ?? ""
      const app = yield* appToken
      for (const refused of [
        calls({}),
        calls({ Authorization: "Bearer " }),
        calls({ Authorization: `${bearer}0` }),
        calls({ Authorization: `Bearer ${app}` }),
        calls({ Authorization: bearer }, "87654321")
      ]) {
        for (const call of everyCall(refused)) {
          expect(told(yield* send(call))).toStrictEqual({ status: 401, body: error })
        }
      }
      expect((yield* send(list())).status).toBe(200)
      expect((yield* send(calls({ Authorization: bearer.replace("Bearer ", "") }).list())).status).toBe(200)
    })
  )

  it.effect("finds no account that does not exist", () =>
    Effect.gen(function* () {
      for (const call of everyCall(calls({ Authorization: "Bearer any" }, "11111111"))) {
        expect(told(yield* send(call))).toStrictEqual({ status: 404, body: error })
      }
    })
  )

  it.effect("goes wrong as the rules for the operator's endpoints say", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { features } = yield* operator
      yield* simulator.fault("operator", Fault.status(503), { times: 2 })
      expect((yield* send(loginWith({ username: "ada", password: "pw" }))).status).toBe(503)
      expect((yield* send(features())).status).toBe(503)
      expect((yield* send(features())).status).toBe(200)
    })
  )

  it.effect("leaves neither passwords nor bearers nor secrets on the wire", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      yield* simulator.clearWire
      yield* send(loginWith({ username: "ada", password: "hunter2" }))
      const { create, list } = yield* operator
      const made = installationOf(yield* send(create(manifest())))
      yield* send(list())
      const rows = yield* simulator.wire
      expect(rows.map((row) => row._tag === "Call" && row.endpoint)).toStrictEqual(rows.map(() => "operator"))
      const exchanges = JSON.stringify(yield* Effect.forEach(rows, ({ id }) => simulator.exchange(id)))
      for (const secret of ["hunter2", list().headers?.["Authorization"]?.slice(7) ?? "", made.client_secret]) {
        expect(exchanges).not.toContain(secret)
      }
      expect(exchanges).toContain(made.client_id)
    })
  )
})

onSocket()("An app that is installed", (it) => {
  it.effect("is from the start the one of the simulator, subscribed to what it is subscribed to", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { get, list } = yield* operator
      const webhooks = texts("https://connector.example")
      yield* simulator.subscribe({ ...webhooks, algorithm: "sha256" })
      const [ours, ...others] = installationsOf(yield* send(list()))
      expect(others).toStrictEqual([])
      expect(ours).toMatchObject({
        id: clientId,
        client_id: clientId,
        client_secret: clientSecret,
        client_secret_expires_at: 0,
        scope: "msg.consumer",
        enabled: true,
        deleted: false,
        capabilities: { webhooks }
      })
      expect(ours?.["capabilities"]).toStrictEqual({ webhooks })
      const now = (yield* Clock.currentTimeMillis) / 1000
      expect(Math.abs((ours?.client_id_issued_at ?? 0) - now)).toBeLessThan(60)
      expect((yield* send(get(clientId))).body).toStrictEqual(ours)
      yield* simulator.subscribe({})
    })
  )

  it.effect("gets an id and a secret, keeps all that it was told, and is found by either id until it is removed", () =>
    Effect.gen(function* () {
      const { create, get, list, remove } = yield* operator
      const posted = manifest({ capabilities: { broadcast: { enabled: false } }, quick_launch_enabled: true })
      const created = yield* send(create(posted))
      expect(created.status).toBe(201)
      const made = installationOf(created)
      expect(made).toStrictEqual({
        ...posted,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        client_id: made.id,
        client_secret: expect.stringMatching(/^[0-9a-f]{32}$/),
        client_id_issued_at: expect.any(Number),
        client_secret_expires_at: 0,
        enabled: true,
        deleted: false
      })
      expect((yield* send(get(made.id))).body).toStrictEqual(made)
      expect(installationsOf(yield* send(list()))).toContainEqual(made)

      expect(told(yield* send(remove(made.client_id)))).toStrictEqual({ status: 200, body: { ...made, deleted: true } })
      for (const call of [get(made.id), remove(made.id)]) {
        expect(told(yield* send(call))).toStrictEqual({ status: 404, body: error })
      }
      expect(installationsOf(yield* send(list())).map(({ id }) => id)).not.toContain(made.id)
      const withDeleted = installationsOf(yield* send(list("&include_deleted=true")))
      expect(withDeleted).toContainEqual({ ...made, deleted: true })
    })
  )

  it.effect("is what was put last, but for what is LivePerson's to say", () =>
    Effect.gen(function* () {
      const { create, get, put } = yield* operator
      const made = installationOf(yield* send(create(manifest({ display_name: "Old" }))))
      const meddled = {
        ...manifest({ description: "New" }),
        id: "x",
        client_id: "x",
        client_secret: "x",
        client_id_issued_at: 1,
        client_secret_expires_at: 1,
        deleted: true
      }
      const { display_name: _gone, ...rest } = made
      const saved = yield* send(put(made.id, meddled))
      expect(told(saved)).toStrictEqual({ status: 200, body: { ...rest, description: "New" } })
      expect((yield* send(get(made.id))).body).toStrictEqual(saved.body)
      const disabled = installationOf(yield* send(put(made.id, { ...made, enabled: false })))
      expect(disabled.enabled).toBe(false)
      expect(installationOf(yield* send(put(made.id, manifest()))).enabled).toBe(false)
      expect(installationOf(yield* send(put(made.id, { ...made, enabled: true }))).enabled).toBe(true)
    })
  )

  it.effect("is not changed by who knows an older revision of the apps", () =>
    Effect.gen(function* () {
      const { create, get, list, put, remove } = yield* operator
      const made = installationOf(yield* send(create(manifest())))
      const revision = (yield* send(get(made.id))).headers["ac-revision"] ?? ""
      expect((yield* send(list())).headers["ac-revision"]).toBe(revision)
      const known = { "If-Match": revision }
      expect((yield* send(put(made.id, manifest(), known))).status).toBe(200)
      for (const call of [put(made.id, manifest({ client_name: "Lost" }), known), remove(made.id, known)]) {
        expect(told(yield* send(call))).toStrictEqual({ status: 412, body: error })
      }
      const { body, headers } = yield* send(get(made.id))
      expect(body).toMatchObject({ client_name: "Mine" })
      expect((yield* send(remove(made.id, { "If-Match": `"${headers["ac-revision"]}"` }))).status).toBe(200)
    })
  )

  it.effect("is told all its mistakes at once", () =>
    Effect.gen(function* () {
      const { create } = yield* operator
      const { body } = yield* send(create({ enabled: 1, description: 2 }))
      const issues = ["client_name", "description", "enabled"].map((name) => ({
        path: [name],
        message: expect.any(String)
      }))
      expect(body).toStrictEqual({ ...error, issues })
    })
  )

  const target = { endpoint: "https://connector.example/hooks" }

  it.effect.each([
    ["client_name", { client_name: undefined }],
    ["client_name", { client_name: "" }],
    ["client_name", { client_name: "n".repeat(129) }],
    ["description", { description: "d".repeat(257) }],
    ["enabled", { enabled: "yes" }],
    ["grant_types.0", { grant_types: ["password"] }],
    ["capabilities", { capabilities: "webhooks" }],
    ["capabilities.webhooks.retry.retention_time", { capabilities: { webhooks: { retry: { retention_time: 1 } } } }],
    ["capabilities.engagement.consumer_identity", { capabilities: { engagement: { entry_point: ["url"] } } }],
    ["capabilities.engagement.consumer_identity", { capabilities: { engagement: { consumer_identity: [] } } }]
  ] as const)("has no wrong %s: %o", ([path, changes]) =>
    Effect.gen(function* () {
      const { create, list, put } = yield* operator
      const before = yield* send(list())
      for (const call of [create(manifest(changes)), put(clientId, manifest(changes))]) {
        expect(told(yield* send(call))).toEqual(wrongAt(...path.split(".")))
      }
      expect((yield* send(list())).body).toStrictEqual(before.body)
    })
  )

  it.effect.each([
    ["endpoint", { endpoint: "ftp://connector.example" }],
    ["endpoint", { endpoint: "" }],
    ["endpoint", {}],
    ["max_retries", { ...target, max_retries: 6 }],
    ["headers.0.header_name", { ...target, headers: [{ header_name: "", header_value: "v" }] }]
  ] as const)("subscribes with no wrong %s: %o", ([path, wrong]) =>
    Effect.gen(function* () {
      const { create } = yield* operator
      const answer = yield* send(create(manifest({ capabilities: { webhooks: { [content]: wrong } } })))
      expect(told(answer)).toEqual(wrongAt("capabilities", "webhooks", content, ...path.split(".")))
    })
  )

  it.effect.each(["{", "", "null", "[]", '"text"'])("is not made of %s", (body) =>
    Effect.gen(function* () {
      const { create } = yield* operator
      expect(yield* send(create(body))).toMatchObject({ status: 400, body: error })
    })
  )

  const engagement = { entry_point: ["url", "section"], consumer_identity: ["auth"] }

  it.effect.each([
    ["no capabilities", null],
    ["capabilities that it has not", { webhooks: null, engagement: null }],
    ["lists (D50)", { engagement: { ...engagement, target_audience: ["ip"], goal: ["url"], visitor_behavior: [] } }],
    ["texts (D50)", { engagement: { ...engagement, target_audience: "ip", goal: "url" } }],
    ["the other heading (D50)", { engagements: engagement }],
    ["http", { webhooks: { [content]: { endpoint: "http://127.0.0.1:1/hooks", headers: [], max_retries: 0 } } }]
  ] as const)("may be written with %s", ([, capabilities]) =>
    Effect.gen(function* () {
      const { create, remove } = yield* operator
      const made = yield* send(create(manifest({ capabilities })))
      expect(told(made)).toMatchObject({ status: 201, body: { capabilities } })
      yield* send(remove(installationOf(made).id))
    })
  )

  it.effect("may call LivePerson by its own credentials, as long as it is installed and enabled", () =>
    Effect.gen(function* () {
      const { create, put, remove } = yield* operator
      const made = installationOf(yield* send(create(manifest())))
      const fresh = tokenFor(made.client_id, made.client_secret)
      const Authorization = tokenOf(yield* fresh)
      expect(readToken(Authorization).claims).toMatchObject({ aud: accountId, azp: made.client_id })
      const consumer = tokenOf(yield* send(ask.consumer({ Authorization }, '{"ext_consumer_id":"an app\'s"}')))
      const tokens = { app: Authorization, consumer }
      expect((yield* post(tokens, [profile(), request(), message()])).status).toBe(200)

      for (const [id, secret] of [
        [made.client_id, clientSecret],
        [clientId, made.client_secret],
        [made.client_id, ""],
        ["", ""]
      ] as const) {
        expect((yield* tokenFor(id, secret)).status).toBe(401)
      }

      const refused = { status: 401, body: refusal(40102) }
      yield* send(put(made.id, manifest({ enabled: false })))
      expect((yield* fresh).status).toBe(401)
      expect(told(yield* post(tokens, []))).toStrictEqual(refused)
      yield* send(put(made.id, manifest({ enabled: true })))
      expect((yield* fresh).status).toBe(200)
      expect(told(yield* post(tokens, []))).not.toStrictEqual(refused)
      yield* send(remove(made.id))
      expect((yield* fresh).status).toBe(401)
      expect(told(yield* post(tokens, []))).toStrictEqual(refused)
      expect((yield* tokenFor(clientId, clientSecret)).status).toBe(200)
    })
  )
})

onSocket()("What is posted", (it) => {
  it.effect(
    "goes to the app that was saved last, signed with its secret, and to the one before when that is gone",
    () =>
      Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { create, put, remove } = yield* operator
        const [ours, first, second] = yield* Effect.all([server(), server(), server()])
        yield* simulator.subscribe({ ...texts(ours.url), algorithm: "sha256" })
        const { id, tokens } = yield* withConversation("posted to")
        let expected = 0

        /** Something is said, and these hear of it: which app, and by which secret. */
        const heardBy = Effect.fnUntraced(function* (listener: typeof ours, client: string, secret: string) {
          const before = listener.received.length
          yield* tell(tokens, say(id, "Hi"))
          expected += 1
          yield* until(() => listener.received.length > before)
          const [last, ...more] = listener.received.slice(before)
          expect(more).toStrictEqual([])
          expect(last?.headers).toMatchObject({
            "x-liveperson-account-id": accountId,
            "x-liveperson-client-id": client,
            "x-liveperson-signature": `sha256=${createHmac("sha256", secret)
              .update(last?.body ?? "")
              .digest("base64")}`
          })
          const counts = [ours, first, second].map(({ received }) => received.length)
          expect(counts.reduce((sum, count) => sum + count)).toBe(expected)
        })
        const to = ({ url }: typeof ours) => manifest({ capabilities: { webhooks: texts(url) } })

        yield* heardBy(ours, clientId, clientSecret)
        const one = installationOf(yield* send(create(to(first))))
        yield* heardBy(first, one.client_id, one.client_secret)
        const other = installationOf(yield* send(create(to(second))))
        yield* heardBy(second, other.client_id, other.client_secret)
        const third = installationOf(yield* send(create(to(second))))
        yield* heardBy(second, third.client_id, third.client_secret)
        yield* send(remove(third.id))
        yield* heardBy(second, other.client_id, other.client_secret)
        yield* send(create(manifest({ client_name: "Deaf" })))
        yield* heardBy(second, other.client_id, other.client_secret)
        yield* send(put(one.id, to(first)))
        yield* heardBy(first, one.client_id, one.client_secret)
        yield* send(put(one.id, { ...to(first), enabled: false }))
        yield* heardBy(second, other.client_id, other.client_secret)
        yield* send(remove(other.id))
        yield* heardBy(ours, clientId, clientSecret)
      })
  )

  it.effect("is to the simulator's own app what an operator saved of it, and nothing while it is disabled", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { get, put } = yield* operator
      const { received, url } = yield* server()
      yield* simulator.subscribe({})
      const webhooks = { ...all(url), retry: { retention_time: 60 } }
      yield* send(put(clientId, manifest({ capabilities: { webhooks } })))
      expect((yield* simulator.info).webhooks).toStrictEqual(webhooks)
      yield* withConversation("heard of")
      yield* until(() => received.length === 1)

      const saved = installationOf(yield* send(get(clientId)))
      yield* send(put(clientId, { ...saved, enabled: false }))
      expect((yield* simulator.info).webhooks).toStrictEqual({})
      const kept = installationOf(yield* send(get(clientId)))
      expect(kept["capabilities"]).toStrictEqual({ webhooks })
      yield* send(put(clientId, { ...kept, enabled: true }))
      expect((yield* simulator.info).webhooks).toStrictEqual(webhooks)
    })
  )

  it.effect("may be subscribed to under the name that a table has for changes of conversations (D49)", () =>
    Effect.gen(function* () {
      const simulator = yield* Simulator.Simulator
      const { create } = yield* operator
      const target = { endpoint: "http://127.0.0.1:1/changes" }
      yield* simulator.subscribe({})
      const webhooks = { "ms.MessagingEventNotification.ExConversationChangeNotification": target }
      yield* send(create(manifest({ capabilities: { webhooks } })))
      expect((yield* simulator.info).webhooks).toStrictEqual({ "cqm.ExConversationChangeNotification": target })
    })
  )
})

const grants = (features: Readonly<Record<string, unknown>>) => ({
  appDataList: [
    {
      accountList: {
        accountList: [
          {
            itemsCollection: {
              data: Object.entries(features).map(([compoundFeatureID, value]) => ({
                compoundFeatureID,
                value: { value }
              }))
            }
          }
        ]
      }
    }
  ]
})

/** A feature as it is told, whatever else is told of it. */
const feature = (compoundFeatureID: string, value: unknown) =>
  expect.objectContaining({ compoundFeatureID, value: { value } })

const told200 = (...features: ReadonlyArray<unknown>) => ({
  status: 200,
  body: { appDataList: [{ accountList: { accountList: [{ itemsCollection: { data: features } }] } }] }
})

onSocket()("The account's features", (it) => {
  it.effect("have messaging and file sharing switched on, are switched one by one, or all at once", () =>
    Effect.gen(function* () {
      const { features, grant } = yield* operator
      const initial = told200(
        ...["Common.Async_Messaging", "Common.RichContent"].map((name) => feature(name, true)),
        ...["Messaging.Agent_File_Sharing", "Messaging.Consumer_File_Sharing"].map((name) => feature(name, true))
      )
      expect(told(yield* send(features()))).toEqual(initial)

      const changed = yield* send(grant(grants({ "Common.Async_Messaging": false, "Mine.Limit": 3 })))
      expect(told(changed)).toEqual(
        told200(
          feature("Common.RichContent", true),
          feature("Messaging.Agent_File_Sharing", true),
          feature("Messaging.Consumer_File_Sharing", true),
          feature("Common.Async_Messaging", false),
          feature("Mine.Limit", 3)
        )
      )
      expect((yield* send(features())).body).toStrictEqual(changed.body)

      yield* send(grant(grants({ "Common.RichContent": false }), true))
      expect(told(yield* send(features()))).toEqual(told200(feature("Common.RichContent", false)))
    })
  )

  it.effect("are not changed by what makes no sense", () =>
    Effect.gen(function* () {
      const { features, grant } = yield* operator
      const before = yield* send(features())
      expect(told(yield* send(grant({})))).toEqual(wrongAt("appDataList"))
      const path = ["appDataList", "0", "accountList", "accountList", "0", "itemsCollection", "data", "0"]
      expect(told(yield* send(grant(grants({ "": true }))))).toEqual(wrongAt(...path, "compoundFeatureID"))
      expect((yield* send(features())).body).toStrictEqual(before.body)
    })
  )
})

describe("An operator", () => {
  it.effect("is signed in for an hour since their last call", () =>
    Effect.gen(function* () {
      const { list } = yield* operatorInProcess()
      for (const [wait, status] of [
        ["59 minutes", 200],
        ["59 minutes", 200],
        ["1 hour", 401]
      ] as const) {
        yield* TestClock.adjust(wait)
        expect((yield* sendInProcess(list())).status).toBe(status)
      }
    }).pipe(Effect.provide(Simulator.layer()))
  )

  it.effect("sees the apps, the features and the conversations of their account alone", () =>
    Effect.gen(function* () {
      const here = yield* operatorInProcess()
      const there = yield* operatorInProcess("87654321")
      const made = installationOf(yield* sendInProcess(there.create(manifest())))
      yield* sendInProcess(there.grant(grants({ "Mine.Here": false }), true))
      expect((yield* sendInProcess(here.get(made.id))).status).toBe(404)
      expect(installationsOf(yield* sendInProcess(here.list()))).toHaveLength(1)
      expect(installationsOf(yield* sendInProcess(there.list()))).toHaveLength(2)
      expect(JSON.stringify((yield* sendInProcess(here.features())).body)).not.toContain("Mine.Here")

      const credentials = new URLSearchParams({ client_id: made.client_id, client_secret: made.client_secret })
      const sentinel = (account: string) => ({ ...ask.app(account), body: credentials.toString() })
      expect((yield* sendInProcess(sentinel(accountId))).status).toBe(401)
      expect((yield* sendInProcess(sentinel("87654321"))).status).toBe(200)

      const { id } = yield* opened("of this account")
      const found = (of: typeof here) =>
        Effect.map(sendInProcess(of.history({ conversationId: id })), ({ body }) => JSON.stringify(body).includes(id))
      expect([yield* found(here), yield* found(there)]).toStrictEqual([true, false])
    }).pipe(Effect.provide(Simulator.layer({ accountId: [accountId, "87654321"] })))
  )

  it.effect("changes the simulator's own app in their account alone", () =>
    Effect.gen(function* () {
      const here = yield* operatorInProcess()
      const there = yield* operatorInProcess("87654321")
      const speak = (Authorization: string, account: string) =>
        sendInProcess(ask.consumer({ Authorization }, '{"ext_consumer_id":"Ada"}', account))
      const ours = tokenOf(yield* sendInProcess(ask.app()))
      const theirs = tokenOf(yield* sendInProcess(ask.app("87654321")))
      yield* sendInProcess(there.put(clientId, manifest({ client_name: "Theirs" })))
      expect(installationOf(yield* sendInProcess(here.get(clientId)))["client_name"]).not.toBe("Theirs")
      yield* sendInProcess(there.remove(clientId))
      expect((yield* sendInProcess(ask.app("87654321"))).status).toBe(401)
      expect((yield* speak(theirs, "87654321")).status).toBe(401)
      expect((yield* sendInProcess(ask.app())).status).toBe(200)
      expect((yield* speak(ours, accountId)).status).toBe(201)
    }).pipe(Effect.provide(Simulator.layer({ accountId: [accountId, "87654321"] })))
  )

  it.effect("is given the same ids and secrets by the same seed and calls", () =>
    Effect.gen(function* () {
      const run = Effect.gen(function* () {
        const { create } = yield* operatorInProcess()
        return [yield* sendInProcess(create(manifest())), yield* sendInProcess(create(manifest()))].map(installationOf)
      })
      const by = (seed: string) => Effect.provide(run, Simulator.layer({ seed }))
      const [one, again, other] = yield* Effect.all([by("a"), by("a"), by("b")])
      expect(one).toStrictEqual(again)
      expect(new Set([...one, ...other].flatMap(({ client_secret, id }) => [id, client_secret])).size).toBe(8)
    })
  )

  it.effect("finds in another run the one thing that was changed in the last", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(KeyValueStore.layerMemory)
      const running = Simulator.layer().pipe(
        Layer.provide(Simulator.layerStore),
        Layer.provide(Layer.succeedContext(store))
      )
      const change = (of: (operator: ReturnType<typeof calls>) => Sent) =>
        Effect.gen(function* () {
          const operator = yield* operatorInProcess()
          // What is new in a run by itself is written by now.
          yield* TestClock.adjust("1 second")
          return yield* sendInProcess(of(operator))
        }).pipe(Effect.provide(running))
      yield* change(({ create }) => create(manifest({ client_name: "Kept" })))
      yield* change(({ grant }) => grant(grants({ "Mine.Kept": true })))
      expect(JSON.stringify((yield* change(({ list }) => list())).body)).toContain("Kept")
      expect(JSON.stringify((yield* change(({ features }) => features())).body)).toContain("Mine.Kept")
    })
  )

  it.effect("finds in another run what the last one left", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(KeyValueStore.layerMemory)
      const running = (secret: string) =>
        Simulator.layer({ clientSecret: Redacted.make(secret) }).pipe(
          Layer.provide(Simulator.layerStore),
          Layer.provide(Layer.succeedContext(store))
        )
      const webhooks = texts("https://connector.example")
      const left = yield* Effect.gen(function* () {
        const { create, grant, list, put, remove } = yield* operatorInProcess()
        const gone = installationOf(yield* sendInProcess(create(manifest())))
        yield* sendInProcess(create(manifest({ capabilities: { webhooks } })))
        yield* sendInProcess(put(clientId, manifest({ description: "Ours" })))
        yield* sendInProcess(remove(gone.id))
        yield* sendInProcess(grant(grants({ "Mine.Kept": true })))
        return installationsOf(yield* sendInProcess(list("&include_deleted=true")))
      }).pipe(Effect.provide(running("before")))

      yield* Effect.gen(function* () {
        const simulator = yield* Simulator.Simulator
        const { features, list } = yield* operatorInProcess()
        const found = installationsOf(yield* sendInProcess(list("&include_deleted=true")))
        expect(found).toStrictEqual(
          left.map((one) => (one.client_id === clientId ? { ...one, client_secret: "after" } : one))
        )
        expect((yield* simulator.info).webhooks).toStrictEqual(webhooks)
        expect(JSON.stringify((yield* sendInProcess(features())).body)).toContain("Mine.Kept")
      }).pipe(Effect.provide(running("after")))
    })
  )
})

describe("A subscriber", () => {
  it.effect("signs in the next run what it signed in the last", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(KeyValueStore.layerMemory)
      const posted: Array<string | undefined> = []
      const running = Simulator.layer({
        deliver: ({ headers }) =>
          Effect.sync(() => {
            posted.push(headers["x-liveperson-client-id"])
            return 200
          })
      }).pipe(Layer.provide(Simulator.layerStore), Layer.provide(Layer.succeedContext(store)))
      const made = yield* Effect.gen(function* () {
        const { create } = yield* operatorInProcess()
        const capabilities = { webhooks: all("https://connector.example") }
        return installationOf(yield* sendInProcess(create(manifest({ capabilities }))))
      }).pipe(Effect.provide(running))
      yield* Effect.gen(function* () {
        const Authorization = tokenOf(yield* sendInProcess(ask.app()))
        const consumer = tokenOf(yield* sendInProcess(ask.consumer({ Authorization }, '{"ext_consumer_id":"next"}')))
        const batch = JSON.stringify([profile(), request()])
        yield* sendInProcess(ask.conversation({ Authorization, "X-LP-ON-BEHALF": consumer }, batch))
        yield* settle
        expect(posted).toStrictEqual([made.client_id])
      }).pipe(Effect.provide(running))
    })
  )
})
