/**
 * Durable delivery between a channel and LivePerson, on Effect Cluster and SQL.
 */
export * as Channel from "./Channel.ts"
export * as Consumer from "./Consumer.ts"
export * as Content from "./Content.ts"
export * as Event from "./Event.ts"
export * as Gateway from "./Gateway.ts"
export * as GatewayApi from "./GatewayApi.ts"
export * as Settings from "./Settings.ts"
