/**
 * What can be said on the command line.
 */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Endpoint } from "../../Webhooks.ts"

const isEndpoint = Schema.is(Endpoint.fields.endpoint)

const text = (name: string) =>
  Flag.String(name).pipe(
    Flag.filter(
      (text) => text !== "",
      () => "a text that is not empty"
    )
  )

const natural = (name: string, from: number, to: number) =>
  Flag.String(name).pipe(
    Flag.filterMap(
      (text) =>
        Option.filter(Option.some(Number(text)), (number) => /^\d+$/.test(text) && number >= from && number <= to),
      () => `a whole number from ${from} to ${to}`
    )
  )

/** The name of an environment variable that is asked where a flag is not given. */
const or = (name: string) => `; ${name} where it is left out`

export const flags = {
  port: natural("port", 0, 65_535).pipe(
    Flag.withAlias("p"),
    Flag.withMetavar("number"),
    Flag.withDescription("The port to listen on, 4587 unless it is said otherwise; 0 takes one that is free"),
    Flag.withDefault(4587)
  ),
  host: text("host").pipe(
    Flag.withMetavar("address"),
    Flag.withDescription(
      "The address to listen on, 127.0.0.1 unless it is said otherwise; 0.0.0.0 for all of this machine's"
    ),
    Flag.withDefault("127.0.0.1")
  ),
  tls: Flag.Boolean("tls").pipe(
    Flag.withDescription("Answers https as well as http, with a certificate made for this run"),
    Flag.withDefault(false)
  ),
  cert: text("cert").pipe(
    Flag.withMetavar("file.pem"),
    Flag.withDescription("A certificate of your own for --tls; its private key is --key"),
    Flag.optional
  ),
  key: text("key").pipe(Flag.withMetavar("file.pem"), Flag.withDescription("The private key of --cert"), Flag.optional),
  account: Flag.String("account").pipe(
    Flag.filter(
      (account) => /^[\w-]+$/.test(account),
      () => "a text of letters, digits, - and _"
    ),
    Flag.withMetavar("id"),
    Flag.withDescription(`An account that there is; may be repeated${or("LP_ACCOUNT_ID")}`),
    Flag.atLeast(0)
  ),
  clientId: text("client-id").pipe(
    Flag.withMetavar("id"),
    Flag.withDescription(`The app's client id${or("LP_CLIENT_ID")}`),
    Flag.optional
  ),
  clientSecret: text("client-secret").pipe(
    Flag.withMetavar("secret"),
    Flag.withDescription(`The app's client secret, which signs webhooks${or("LP_CLIENT_SECRET")}`),
    Flag.optional
  ),
  webhook: Flag.String("webhook").pipe(
    Flag.filter(
      (url) => isEndpoint(url) && URL.canParse(url),
      () => "a URL that begins with http:// or https://"
    ),
    Flag.withMetavar("url"),
    Flag.withDescription("Where to post everything that happens; repeated for an hour, in order"),
    Flag.optional
  ),
  manifest: text("manifest").pipe(
    Flag.withMetavar("file.json"),
    Flag.withDescription("An app's manifest, to post as its webhooks say"),
    Flag.optional
  ),
  survey: Flag.Boolean("survey").pipe(
    Flag.withDescription("Asks for a rating when a conversation closes"),
    Flag.withDefault(false)
  ),
  rateLimit: natural("rate-limit", 1, 1_000_000).pipe(
    Flag.withMetavar("number"),
    Flag.withDescription("How many calls an account may make in a second before it is answered 429"),
    Flag.optional
  ),
  seed: text("seed").pipe(
    Flag.withMetavar("text"),
    Flag.withDescription("What ids and faults are drawn from: the same again gives the same run"),
    Flag.optional
  ),
  data: text("data").pipe(
    Flag.withMetavar("directory"),
    Flag.withDescription("Where to keep what happened, for the next run"),
    Flag.optional
  ),
  log: Flag.Literals("log", ["text", "json", "none"]).pipe(
    Flag.withDescription("How each call and each delivery is told, in a line"),
    Flag.withDefault("text")
  )
}

/** What was said. */
export type Flags = {
  readonly [Name in keyof typeof flags]: (typeof flags)[Name] extends Flag.Flag<infer A> ? A : never
}
