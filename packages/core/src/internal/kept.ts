/** A metric with attributes works out its series once, where it is kept. */
export const kept = <M>(
  make: (labels: Record<string, string>) => M
): ((...labels: ReadonlyArray<readonly [string, string]>) => M) => {
  const all = new Map<string, M>()
  return (...labels) => {
    const key = labels.join()
    const known = all.get(key)
    if (known !== undefined) return known
    const made = make(Object.fromEntries(labels))
    all.set(key, made)
    return made
  }
}
