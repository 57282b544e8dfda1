/**
 * What the consumer may answer with one click: the quick replies and the buttons of what was said to them last.
 */
import { Element, QuickReplies } from "@effect-liveperson/core/protocol"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Conversation } from "../../src/State.ts"
import { isContent } from "./timeline.ts"

const decodeReplies = Schema.decodeUnknownOption(QuickReplies)
const decodeElement = Schema.decodeUnknownOption(Element)

type Click = QuickReplies["replies"][number]["click"]

const textsOf = (click: Click | undefined): ReadonlyArray<string> =>
  (click?.actions ?? []).flatMap((action) => (action.type === "publishText" ? [action.text] : []))

const inElement = (element: Element): ReadonlyArray<string> =>
  "elements" in element
    ? element.elements.flatMap(inElement)
    : "click" in element && element.click !== undefined
      ? textsOf(element.click)
      : []

/** The texts that they would say. */
export const offersOf = ({ events }: Conversation): ReadonlyArray<string> => {
  const last = events.findLast((said) => isContent(said) && said.messageAudience === "ALL")
  if (last === undefined || last.by === "CONSUMER") return []
  const { event } = last
  const replies = "quickReplies" in event ? Option.getOrUndefined(decodeReplies(event.quickReplies)) : undefined
  const content = "content" in event ? Option.getOrUndefined(decodeElement(event.content)) : undefined
  return [
    ...new Set([
      ...(replies?.replies.flatMap(({ click }) => textsOf(click)) ?? []),
      ...(content === undefined ? [] : inElement(content))
    ])
  ]
}
