/**
 * What goes over the wire: every payload, answer and token of the Connector API as a schema. No I/O, no services.
 */
export * from "./BaseUri.ts"
export * from "./Batch.ts"
export * from "./ClientProperties.ts"
export * from "./ConsumerRequestConversation.ts"
export * from "./Engagement.ts"
export * from "./ErrorResponse.ts"
export * from "./Files.ts"
export * from "./Ids.ts"
export * from "./Metadata.ts"
export * as Payload from "./Payload.ts"
export * from "./PublishEvent.ts"
export * from "./RichContent.ts"
export * from "./Send.ts"
export * from "./SetUserProfile.ts"
export * from "./Tokens.ts"
export * from "./UpdateConversationField.ts"
