/** Runs: what consumers, agents and faults do, one after the other, as schemas, so that any run can be drawn. */
import { ControlApi, Fault, Simulator } from "@effect-liveperson/simulator"
import { Effect, Fiber, Schema } from "effect"
import { TestClock } from "effect/testing"
import { accountId } from "./support.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

const who = Schema.Literals(["Ada", "Grace", "sms:+15550100"])

const callFaults: ReadonlyArray<Fault.CallFault> = [
  Fault.status(429, { retryAfter: "1", body: { reason: "many" } }),
  Fault.status(500),
  Fault.latency("15 millis"),
  Fault.latency({ min: "5 millis", max: "25 millis" }),
  Fault.latency({ mean: "5 millis", deviation: "5 millis" }),
  Fault.latency({ mean: "5 millis" }),
  Fault.drop(),
  Fault.drop({ processed: true }),
  Fault.truncated(20),
  Fault.garbage(),
  Fault.garbage("{}", { status: 201, contentType: "application/json", processed: true }),
  Fault.slowBody("20 millis"),
  Fault.revoke("app"),
  Fault.revoke("consumer")
]

const deliveryFaults: ReadonlyArray<Fault.DeliveryFault> = [
  Fault.loss(),
  Fault.duplicate(),
  Fault.reorder(),
  Fault.wrongSignature(),
  Fault.delay("5 millis")
]

const when = Schema.Union([
  Schema.TaggedStruct("Next", { times: Schema.Literals([1, 2]) }),
  Schema.TaggedStruct("Every", { nth: Schema.Literals([1, 2, 3]) }),
  Schema.TaggedStruct("Chance", { probability: Schema.Literals([0.3, 0.7]) })
])

const Consume = Schema.TaggedStruct("Consume", { who, action: ControlApi.ConsumerAction })
const Open = Schema.TaggedStruct("Consume", { who, action: ControlApi.ConsumerAction.cases.Open })
const Say = Schema.TaggedStruct("Consume", { who, action: ControlApi.ConsumerAction.cases.Say })
const Act = Schema.TaggedStruct("Act", { who, action: ControlApi.AgentAction })
const Spoil = Schema.TaggedStruct("Spoil", {
  on: Schema.Literals(["any", "sentinel", "idp", "conversation", "send"]),
  fault: upTo(callFaults.length - 1),
  when,
  consumer: Schema.optionalKey(who)
})
const Withhold = Schema.TaggedStruct("Withhold", {
  fault: upTo(deliveryFaults.length - 1),
  when,
  consumer: Schema.optionalKey(who)
})
const Mend = Schema.TaggedStruct("Mend", { id: Schema.Literals([1, 2, 3]) })

/** One after the other is drawn as likely as any: what makes something happen is there more than once. */
const Step = Schema.Union([Open, Open, Say, Say, Consume, Consume, Act, Act, Act, Spoil, Withhold, Mend])
type Step = typeof Step.Type

/** A run. */
export const Script = Schema.Array(Step)
export type Script = typeof Script.Type

const isRule = Schema.decodeUnknownSync(Schema.toType(Fault.Rule))

/** The rule that a step makes, where it makes one. */
export const ruleOf = (step: Step): Fault.Rule | undefined => {
  if (step._tag !== "Spoil" && step._tag !== "Withhold") return undefined
  const { _tag, fault, ...rest } = step
  return isRule(
    _tag === "Spoil" ? { ...rest, fault: callFaults[fault] } : { ...rest, on: "webhook", fault: deliveryFaults[fault] }
  )
}

const perform = ({ agent, close }: Simulator.Simulator["Service"], id: string, action: ControlApi.AgentAction) => {
  const it = agent(id)
  switch (action._tag) {
    case "Join":
      return it.join
    case "Say":
      return it.say(action.text)
    case "Note":
      return it.note(action.text)
    case "Send":
      return it.send(action.event, action)
    case "Typing":
      return action.on ? it.typing : it.stopTyping
    case "Accept":
      return it.accept(action.sequences)
    case "Read":
      return it.read(action.sequences)
    case "Transfer":
      return it.transfer(action.skillId)
    case "Close":
      if (action.survey === undefined) return it.close
      return action.survey ? it.survey : close(id)
  }
}

/** Does a step in process, and says what came of it. */
const take = Effect.fnUntraced(function* (step: Step, account: string) {
  const simulator = yield* Simulator.Simulator
  switch (step._tag) {
    case "Consume":
      return yield* simulator.consumer(step.who, account)(step.action)
    case "Act": {
      const conversation = (yield* simulator.conversations).findLast(
        (one) => one.consumer === step.who && one.account === account
      )
      return conversation === undefined
        ? undefined
        : yield* Effect.exit(perform(simulator, conversation.id, step.action))
    }
    case "Mend":
      return yield* simulator.removeFault(step.id)
    default: {
      const rule = ruleOf(step)
      return rule === undefined ? undefined : yield* simulator.addFault(rule)
    }
  }
})

/** Plays a run in process, under the clock of the test, and says what came of each step. */
export const play = (script: Script, account = accountId) =>
  Effect.forEach(script, (step) =>
    Effect.gen(function* () {
      const taking = yield* Effect.forkChild(take(step, account))
      yield* TestClock.adjust("1 second")
      return yield* Fiber.join(taking)
    })
  )
