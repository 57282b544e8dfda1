import * as Schema from "effect/Schema"

/** What a decoded value is told by; not in the JSON. */
export const kind = <Tag extends string>(tag: Tag) => ({ _tag: Schema.tagDefaultOmit(tag) })
