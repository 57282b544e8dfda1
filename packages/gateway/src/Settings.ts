/**
 * How patient the gateway is. The defaults are for LivePerson as it is; tests and simulators can be quicker.
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"

export interface Settings {
  /**
   * How long after it was marked a message may still leave: five seconds. Later the mark is made anew, so that a process
   * that was stopped in between cannot send what somebody else has sent meanwhile.
   */
  readonly sendWindow: Duration.Duration
  /** How long one call of LivePerson may take: ten seconds. */
  readonly timeout: Duration.Duration
  /**
   * How long after it was marked a message can still arrive whose sender is gone: {@link sendWindow} and
   * {@link timeout} together. Only then is LivePerson asked whether it did.
   */
  readonly settle: Duration.Duration
  /**
   * How long an echo is waited for where LivePerson's numbers say that something arrived and not what: five minutes.
   * Then the message is sent again.
   */
  readonly patience: Duration.Duration
  /** How long an echo is waited for where LivePerson cannot be asked because the conversation is closed: ten seconds. */
  readonly quiet: Duration.Duration
  /** The first pause after a failed call, which doubles, and the longest: one and thirty seconds. */
  readonly pause: { readonly first: Duration.Duration; readonly longest: Duration.Duration }
  /** How long an event that is ahead of others waits for them: two seconds. */
  readonly gap: Duration.Duration
  /** How long a consumer may be silent before they cost no memory any more: one minute. */
  readonly idle: Duration.Duration
  /** How long what is done is kept, by which repetitions are known: a week. */
  readonly retention: Duration.Duration
}

export const defaults: Settings = {
  sendWindow: Duration.seconds(5),
  timeout: Duration.seconds(10),
  settle: Duration.seconds(15),
  patience: Duration.minutes(5),
  quiet: Duration.seconds(10),
  pause: { first: Duration.seconds(1), longest: Duration.seconds(30) },
  gap: Duration.seconds(2),
  idle: Duration.minutes(1),
  retention: Duration.days(7)
}

/** The settings in force. */
export const Settings = Context.Reference<Settings>("@effect-liveperson/gateway/Settings", {
  defaultValue: () => defaults
})
