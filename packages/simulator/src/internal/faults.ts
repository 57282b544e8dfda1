import type { Endpoint, Fault } from "../Fault.ts"

/** Faults that wait for calls: each endpoint has its own queue, and one call takes one fault. */
export const make = () => {
  const queues = new Map<Endpoint, Array<{ readonly fault: Fault; times: number }>>()
  return {
    add: (endpoint: Endpoint, fault: Fault, times: number): void => {
      const queue = queues.get(endpoint) ?? []
      queues.set(endpoint, queue)
      if (times > 0) queue.push({ fault, times })
    },
    take: (endpoint: Endpoint): Fault | undefined => {
      const queue = queues.get(endpoint)
      const [next] = queue ?? []
      if (queue === undefined || next === undefined) return undefined
      next.times -= 1
      if (next.times === 0) queue.shift()
      return next.fault
    },
    clear: (): void => queues.clear()
  }
}

export type Faults = ReturnType<typeof make>
