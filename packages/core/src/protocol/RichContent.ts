/**
 * Structured content: cards, buttons, pictures and maps, as a tree of elements.
 *
 * Usually the agent's side sends it and the consumer answers. The limits are LivePerson's; where its schema and its
 * documents differ, what the documents know is allowed.
 *
 * Reference: sections 3.3.9 and 3.3.10.
 */
import * as Schema from "effect/Schema"
import { Metadata } from "./Metadata.ts"

const text = (max: number) =>
  Schema.String.check(Schema.isMaxLength(max, { expected: `a text of at most ${max} characters` }))

const Flag = Schema.optionalKey(Schema.Boolean)

/** How an element looks. Colours are hex texts such as `"#ff0000"`. */
export const Style = Schema.Struct({
  bold: Flag,
  italic: Flag,
  color: Schema.optionalKey(Schema.String),
  size: Schema.optionalKey(Schema.Literals(["small", "medium", "large"])),
  "background-color": Schema.optionalKey(Schema.String),
  "border-color": Schema.optionalKey(Schema.String),
  "border-radius": Schema.optionalKey(Schema.Finite)
})

/** Says a text in the consumer's name: at most 5000 characters. */
export const PublishText = Schema.Struct({ type: Schema.tag("publishText"), text: text(5000) })

const Uri = Schema.Struct({ uri: text(2048) })

/** Opens a page on the consumer's device: its URI has at most 2048 characters. */
export const Link = Schema.Struct({
  type: Schema.tag("link"),
  uri: text(2048),
  name: Schema.optionalKey(Schema.String),
  target: Schema.optionalKey(Schema.Literals(["blank", "self"])),
  ios: Schema.optionalKey(Uri),
  android: Schema.optionalKey(Uri),
  web: Schema.optionalKey(Uri)
})

/** Opens a map on the consumer's device: `la` is the latitude, `lo` the longitude. */
export const Navigate = Schema.Struct({
  type: Schema.tag("navigate"),
  la: Schema.Finite,
  lo: Schema.Finite,
  name: Schema.optionalKey(Schema.String)
})

export const Action = Schema.Union([PublishText, Link, Navigate])
export type Action = typeof Action.Type

/** What happens when an element is clicked: at most 4 actions, and metadata that comes back with the answer. */
export const Click = Schema.Struct({
  actions: Schema.optionalKey(Schema.Array(Action).check(Schema.isMaxLength(4, { expected: "at most 4 actions" }))),
  metadata: Schema.optionalKey(Schema.Array(Metadata))
})
export type Click = typeof Click.Type

const common = {
  tooltip: Schema.optionalKey(text(256)),
  rtl: Flag,
  style: Schema.optionalKey(Style)
}

const click = Schema.optionalKey(Click)

/** A paragraph: at most 5000 characters. */
export const TextElement = Schema.Struct({ type: Schema.tag("text"), text: text(5000), ...common })

/** A button: its title has at most 128 characters. */
export const ButtonElement = Schema.Struct({
  type: Schema.tag("button"),
  title: text(128),
  click,
  class: Schema.optionalKey(Schema.Literals(["text", "button"])),
  ...common
})

/** A picture (JPG or PNG, from a host that the account allows): at most 2048 characters of URL, 128 of caption. */
export const ImageElement = Schema.Struct({
  type: Schema.tag("image"),
  url: text(2048),
  caption: Schema.optionalKey(text(128)),
  click,
  ...common
})

/** A place on a map. */
export const MapElement = Schema.Struct({
  type: Schema.tag("map"),
  la: Schema.Finite,
  lo: Schema.Finite,
  click,
  ...common
})

/** A link with a preview: at most 2048 characters of URL, 128 of title. */
export const LinkPreviewElement = Schema.Struct({
  type: Schema.tag("linkPreview"),
  url: text(2048),
  title: Schema.optionalKey(text(128)),
  ...common
})

/** An element without elements of its own. */
export const BasicElement = Schema.Union([TextElement, ButtonElement, ImageElement, MapElement, LinkPreviewElement])
export type BasicElement = typeof BasicElement.Type

/** What vertical and horizontal containers have in common. */
interface ContainerOptions {
  readonly border?: "border" | "borderLess" | "dropShadow"
  readonly tag?: string
  readonly metadata?: ReadonlyArray<Metadata> | { readonly fallback: string }
  readonly tooltip?: string
  readonly rtl?: boolean
  readonly style?: typeof Style.Type
}

/** Elements below each other: at most 256. */
export interface Vertical extends ContainerOptions {
  readonly type: "vertical"
  readonly elements: ReadonlyArray<Element>
}

/** Elements beside each other: at most 256. `percentages` share out the width. */
export interface Horizontal extends ContainerOptions {
  readonly type: "horizontal"
  readonly elements: ReadonlyArray<Element>
  readonly percentages?: ReadonlyArray<number>
}

/** Cards to leaf through: 2 to 10. */
export interface Carousel extends ContainerOptions {
  readonly type: "carousel"
  readonly elements: ReadonlyArray<Element>
  readonly padding?: number
}

/** An element of structured content. */
export type Element = BasicElement | Vertical | Horizontal | Carousel

const elements = (min: number, max: number, expected: string) =>
  Schema.Array(Schema.suspend((): Schema.Codec<Element> => Element)).check(
    Schema.isBetweenLength(min, max, { expected })
  )

const container = {
  border: Schema.optionalKey(Schema.Literals(["border", "borderLess", "dropShadow"])),
  tag: Schema.optionalKey(Schema.String),
  metadata: Schema.optionalKey(Schema.Union([Schema.Array(Metadata), Schema.Struct({ fallback: Schema.String })])),
  ...common
}

const upTo256 = elements(0, 256, "at most 256 elements")

const Vertical = Schema.Struct({ type: Schema.tag("vertical"), elements: upTo256, ...container })

const Horizontal = Schema.Struct({
  type: Schema.tag("horizontal"),
  elements: upTo256,
  percentages: Schema.optionalKey(Schema.Array(Schema.Int)),
  ...container
})

const Carousel = Schema.Struct({
  type: Schema.tag("carousel"),
  elements: elements(2, 10, "2 to 10 cards"),
  padding: Schema.optionalKey(Schema.Finite),
  ...container
})

/** The schema of {@link Element}: containers hold elements of every kind, as deep as one likes. */
export const Element: Schema.Codec<Element> = Schema.Union([...BasicElement.members, Vertical, Horizontal, Carousel])

/** What the consumer may answer with one click: its title has at most 25 characters. */
export const QuickReply = Schema.Struct({
  type: Schema.tag("button"),
  title: text(25),
  click: Click,
  tooltip: Schema.optionalKey(text(256)),
  style: Schema.optionalKey(Style)
})

/** Answers that are offered under a message: at most 24, at most 8 in a row. */
export const QuickReplies = Schema.Struct({
  type: Schema.tag("quickReplies"),
  itemsPerRow: Schema.Int.check(
    Schema.isBetween({ minimum: 1, maximum: 8 }, { expected: "a whole number from 1 to 8" })
  ),
  replies: Schema.Array(QuickReply).check(Schema.isMaxLength(24, { expected: "at most 24 replies" }))
})
export type QuickReplies = typeof QuickReplies.Type
