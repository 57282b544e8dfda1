/** What the agents of `gatewayAgents` are asked. */
import { Schema } from "effect"
import { Rpc, RpcGroup } from "effect/rpc"

export class Agents extends RpcGroup.make(
  /** Where their LivePerson listens. */
  Rpc.make("url", { success: Schema.String }),
  /** How many texts they have seen. */
  Rpc.make("count", { success: Schema.Int }),
  /** When each text arrived, in epoch milliseconds. */
  Rpc.make("arrivals", { success: Schema.Record(Schema.String, Schema.Finite) }),
  /** What they saw of each consumer. */
  Rpc.make("texts", {
    success: Schema.Array(Schema.Struct({ consumer: Schema.String, texts: Schema.Array(Schema.String) }))
  })
) {}
