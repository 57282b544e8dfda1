import type { WebhookFault } from "../WebhookFault.ts"
import type { Key } from "../Webhooks.ts"

/** Faults that wait for notifications, of a key or of any: one notification takes one fault. */
export const make = () => {
  const queue: Array<{ readonly fault: WebhookFault; readonly key: Key | undefined; times: number }> = []
  return {
    add: (fault: WebhookFault, key: Key | undefined, times: number): void => {
      if (times > 0) queue.push({ fault, key, times })
    },
    take: (key: Key): WebhookFault | undefined => {
      const at = queue.findIndex((waiting) => waiting.key === undefined || waiting.key === key)
      const next = queue[at]
      if (next === undefined) return undefined
      next.times -= 1
      if (next.times === 0) queue.splice(at, 1)
      return next.fault
    },
    clear: (): void => {
      queue.length = 0
    }
  }
}
