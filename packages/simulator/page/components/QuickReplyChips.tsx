/**
 * The answers that a message offers.
 */
import { QuickReplies } from "@effect-liveperson/core/protocol"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { saysOf } from "./RichContent.tsx"

const decode = Schema.decodeUnknownOption(QuickReplies)

export const QuickReplyChips = ({ replies }: { readonly replies: unknown }) => {
  const decoded = Option.getOrUndefined(decode(replies))
  if (decoded === undefined) return null
  return (
    <ul class="chips" aria-label="Quick replies">
      {decoded.replies.map(({ click, title }, nth) => (
        <li key={`${nth} ${title}`} class="chip" title={saysOf(click)}>
          {title}
        </li>
      ))}
    </ul>
  )
}
