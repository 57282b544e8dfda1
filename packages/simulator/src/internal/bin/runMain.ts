/**
 * Runs the binary until it is asked to stop. The first SIGINT, SIGTERM or SIGHUP stops it in an orderly way, with exit
 * code 0; a second one ends it at once.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import * as Runtime from "effect/Runtime"

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const

/** A terminal sends Ctrl-C to whoever runs in it, and npm sends it on: within this time two signals are the same one. */
const echo = 400

const isStopped = (exit: Exit.Exit<unknown, unknown>) => Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)

const ignore = () => {}

export const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  const stop = () => {
    for (const signal of signals) process.off(signal, stop).on(signal, ignore)
    setTimeout(() => {
      for (const signal of signals) process.off(signal, ignore)
    }, echo).unref()
    fiber.interruptUnsafe(fiber.id)
  }

  for (const signal of signals) process.on(signal, stop)
  fiber.addObserver((exit) => (isStopped(exit) ? process.exit(0) : teardown(exit, (code) => process.exit(code))))
})
