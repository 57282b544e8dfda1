/**
 * Times as people read them, in the browser's language and zone.
 */
const format = (options: Intl.DateTimeFormatOptions) => {
  const { format } = new Intl.DateTimeFormat(undefined, { hourCycle: "h23", ...options })
  return (at: number) => format(at)
}

/** Such as `14:05`. */
export const clock = format({ hour: "2-digit", minute: "2-digit" })

/** Such as `14:05:09.123`: what happens on the wire is told apart by milliseconds. */
export const precise = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 })

/** Such as `Tue 25 Nov`. */
export const day = format({ weekday: "short", day: "numeric", month: "short" })

/** Such as `25 Nov 2025, 14:05:09`. */
export const whole = format({ dateStyle: "medium", timeStyle: "medium" })

export const sameDay = (one: number, other: number): boolean => day(one) === day(other) && Math.abs(one - other) < 864e5

/** The time alone today, and the day on any other. */
export const short = (at: number, now: number): string => (sameDay(at, now) ? clock(at) : day(at))

/** How long something took, in as few digits as say it. */
export const took = (millis: number): string =>
  millis < 1
    ? "<1 ms"
    : millis < 1000
      ? `${Math.round(millis)} ms`
      : `${(millis / 1000).toFixed(millis < 10_000 ? 1 : 0)} s`
