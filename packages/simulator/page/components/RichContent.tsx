/**
 * Structured content, drawn from its tree of elements as a consumer's device would. Pictures and maps stay where they
 * are: the page fetches nothing from elsewhere, and shows where they lead.
 */
import { type Click, Element } from "@effect-liveperson/core/protocol"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Event } from "../../src/State.ts"
import { Icon } from "./Icon.tsx"

const decode = Schema.decodeUnknownOption(Element)

/** The tree of a rich content event, where it is one that is understood. */
export const contentOf = (event: Event["event"]): Element | undefined =>
  event.type === "RichContentEvent" && "content" in event ? Option.getOrUndefined(decode(event.content)) : undefined

/** What a click does, in words. */
export const saysOf = (click: Click | undefined): string =>
  (click?.actions ?? [])
    .map((action) => {
      switch (action.type) {
        case "publishText":
          return `says “${action.text}”`
        case "link":
          return `opens ${action.uri}`
        case "navigate":
          return `leads to ${action.la}, ${action.lo}`
      }
    })
    .join(", then ") || "does nothing"

type Style = Extract<Element, { readonly type: "text" }>["style"]

/** A hex colour: other texts are left alone. */
const colour = (value: string | undefined): string | undefined =>
  value !== undefined && /^#[\da-f]{3,8}$/i.test(value) ? value : undefined

const sizes = { small: "0.85em", medium: "1em", large: "1.15em" } as const

const styleOf = (style: Style) =>
  style === undefined
    ? {}
    : {
        ...(style.bold === true ? { fontWeight: 650 } : {}),
        ...(style.italic === true ? { fontStyle: "italic" } : {}),
        ...(style.size === undefined ? {} : { fontSize: sizes[style.size] }),
        color: colour(style.color),
        backgroundColor: colour(style["background-color"]),
        borderColor: colour(style["border-color"]),
        borderRadius: style["border-radius"] === undefined ? undefined : `${style["border-radius"]}px`
      }

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

const Picture = ({ element }: { readonly element: Extract<Element, { readonly type: "image" }> }) => {
  const { caption, click, url } = element
  if (url.startsWith("data:image/")) return <img class="rich-picture" src={url} alt={caption ?? ""} />
  return (
    <span class="rich-placeholder" title={click === undefined ? url : `${url}; ${saysOf(click)}`}>
      <Icon name="image" size={24} />
      <span>{caption ?? "Picture"}</span>
      <small>{hostOf(url)}</small>
    </span>
  )
}

const mapUrl = (la: number, lo: number): string => `geo:${la},${lo}`

const Node = ({ element }: { readonly element: Element }) => {
  const dir = element.rtl === true ? "rtl" : undefined
  switch (element.type) {
    case "text":
      return (
        <p class="rich-text" dir={dir} title={element.tooltip} style={styleOf(element.style)}>
          {element.text}
        </p>
      )
    case "button":
      return (
        <span
          class={element.class === "text" ? "rich-button rich-button-text" : "rich-button"}
          title={element.tooltip === undefined ? saysOf(element.click) : `${element.tooltip}: ${saysOf(element.click)}`}
          style={styleOf(element.style)}
        >
          {element.title}
        </span>
      )
    case "image":
      return <Picture element={element} />
    case "map":
      return (
        <span class="rich-placeholder" title={mapUrl(element.la, element.lo)}>
          <Icon name="map" size={24} />
          <span>{element.tooltip ?? "Map"}</span>
          <small>
            {element.la}, {element.lo}
          </small>
        </span>
      )
    case "linkPreview":
      return (
        <span class="rich-link" title={element.url}>
          <Icon name="link" size={18} />
          <span>
            <strong>{element.title ?? hostOf(element.url)}</strong>
            <small>{element.url}</small>
          </span>
        </span>
      )
    case "carousel":
      return (
        <div class="rich-carousel" role="group" aria-label="Carousel" tabIndex={0}>
          {element.elements.map((card, nth) => (
            <Node key={nth} element={card} />
          ))}
        </div>
      )
    case "horizontal":
      return (
        <div class={`rich-horizontal rich-${element.border ?? "plain"}`} dir={dir}>
          {element.elements.map((inner, nth) => (
            <div key={nth} style={{ flexGrow: element.percentages?.[nth] ?? 1, flexBasis: 0 }}>
              <Node element={inner} />
            </div>
          ))}
        </div>
      )
    case "vertical":
      return (
        <div class={`rich-vertical rich-${element.border ?? "plain"}`} dir={dir}>
          {element.elements.map((inner, nth) => (
            <Node key={nth} element={inner} />
          ))}
        </div>
      )
  }
}

export const RichContent = ({ element }: { readonly element: Element }) => (
  <div class="rich">
    <Node element={element} />
  </div>
)
