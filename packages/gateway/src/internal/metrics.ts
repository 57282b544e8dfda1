/**
 * What is counted. Labels name accounts and outcomes, never a consumer.
 */
import * as Metric from "effect/Metric"

export const accepted = Metric.counter("gateway_accepted", {
  description: "Messages that were stored for delivery, by account",
  incremental: true
})

export const deliveries = Metric.counter("gateway_deliveries", {
  description:
    "Messages, by account and what became of them: sent, refused, unknown (looked for) or unsure (sent again)",
  incremental: true
})

export const retries = Metric.counter("gateway_retries", {
  description: "Calls of LivePerson that have to be made again, by account and reason",
  incremental: true
})

export const notices = Metric.counter("gateway_notices", {
  description: "Things that LivePerson said, by account, as they were stored",
  incremental: true
})

export const events = Metric.counter("gateway_events", {
  description: "Events for the channel, by account and what became of them: told, retried or refused",
  incremental: true
})

export const depth = Metric.gauge("gateway_mailbox_depth", {
  description: "Messages that wait for delivery, by account"
})

export const oldest = Metric.gauge("gateway_mailbox_oldest_seconds", {
  description: "Age of the oldest message that waits for delivery, by account"
})

export const deadLetters = Metric.gauge("gateway_dead_letters", {
  description: "Messages that LivePerson refused and nobody has replayed, by account"
})

export const inboxDepth = Metric.gauge("gateway_inbox_depth", {
  description: "Events that wait for the channel, by account"
})
