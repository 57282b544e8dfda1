/**
 * LivePerson in a box: the Connector API in process or on a port, with faults on demand.
 */
export * as ControlApi from "./ControlApi.ts"
export * as Fault from "./Fault.ts"
export * as NodeSimulator from "./NodeSimulator.ts"
export * as Simulator from "./Simulator.ts"
export * as State from "./State.ts"
export * as Webhooks from "./Webhooks.ts"
export * as Wire from "./Wire.ts"
