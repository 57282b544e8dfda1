/**
 * LivePerson's Connector API for Effect.
 *
 * Start with `Connector` and `Conversation`. Below them stands `SendApi`, LivePerson's endpoints as they are; below
 * that `Protocol`, what goes over the wire. `Domains`, `AppToken` and `ConsumerToken` are the services the live layer
 * is made of; `Retry` decides about repeating, and `ConnectorError` is everything that can go wrong.
 */
export * as AppToken from "./AppToken.ts"
export * as Connector from "./Connector.ts"
export * as ConnectorError from "./ConnectorError.ts"
export * as ConsumerToken from "./ConsumerToken.ts"
export * as Conversation from "./Conversation.ts"
export * as Domains from "./Domains.ts"
export * as Echo from "./Echo.ts"
export * as Inbox from "./Inbox.ts"
export * as Manifest from "./Manifest.ts"
export * as Message from "./Message.ts"
export * as Monitoring from "./Monitoring.ts"
export * as Notification from "./Notification.ts"
export * as OnBehalfOf from "./OnBehalfOf.ts"
export * as Pace from "./Pace.ts"
export * as Protocol from "./protocol/index.ts"
export * as Retry from "./Retry.ts"
export * as SendApi from "./SendApi.ts"
export * as Storage from "./Storage.ts"
export * as Webhook from "./Webhook.ts"
export * as WebhookEndpoint from "./WebhookEndpoint.ts"
