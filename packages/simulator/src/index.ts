/**
 * LivePerson in a box: the Connector API in process or on a port, with faults on demand.
 */
export * as Fault from "./Fault.ts"
export * as NodeSimulator from "./NodeSimulator.ts"
export * as Simulator from "./Simulator.ts"
export * as WebhookFault from "./WebhookFault.ts"
export * as Webhooks from "./Webhooks.ts"
