/**
 * What processes that were not started to be measured took of the processor: as Linux tells it.
 */
import { readdirSync, readFileSync } from "node:fs"

/** Of `/proc/PID/stat`, behind the name: the parent, and the ticks of the process and of its children that have ended. */
const statOf = (pid: string) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    const ticks = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
    return { pid: Number(pid), parent: Number(fields[1]), ticks }
  } catch {
    return undefined
  }
}

/** The processor seconds of a process and all that it started; 0 where there is no `/proc`. */
export const secondsOf = (pid: number): number => {
  let pids: Array<string> = []
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
  } catch {
    return 0
  }
  const all = pids.flatMap((pid) => statOf(pid) ?? [])
  const of = (root: number): number =>
    all.reduce((sum, one) => (one.parent === root ? sum + one.ticks + of(one.pid) : sum), 0)
  return ((all.find((one) => one.pid === pid)?.ticks ?? 0) + of(pid)) / 100
}
