/**
 * Structured content to start from, and quick replies as they are typed.
 */
import type { Element, QuickReplies } from "@effect-liveperson/core/protocol"

export interface Template {
  readonly title: string
  readonly content: Element
}

const says = (title: string, text: string): Element => ({
  type: "button",
  title,
  click: { actions: [{ type: "publishText", text }], metadata: [{ type: "ExternalId", id: title.toLowerCase() }] }
})

const product = (name: string, price: string): Element => ({
  type: "vertical",
  elements: [
    { type: "image", url: `https://shop.example/${name.toLowerCase()}.png`, caption: name },
    { type: "text", text: name, style: { bold: true, size: "large" } },
    { type: "text", text: price },
    says("Choose", `I would like the ${name.toLowerCase()}`)
  ]
})

export const templates: ReadonlyArray<Template> = [
  {
    title: "Card",
    content: {
      type: "vertical",
      elements: [
        { type: "text", text: "Your parcel", style: { bold: true, size: "large" } },
        { type: "text", text: "It left the depot this morning and is to arrive on Thursday." },
        {
          type: "horizontal",
          elements: [
            says("That is fine", "Thursday is fine"),
            {
              type: "button",
              title: "Track it",
              click: { actions: [{ type: "link", uri: "https://parcels.example/1234", name: "Parcel 1234" }] }
            }
          ]
        }
      ]
    }
  },
  {
    title: "Carousel",
    content: {
      type: "carousel",
      padding: 10,
      elements: [product("Lamp", "€ 49"), product("Chair", "€ 120"), product("Table", "€ 310")]
    }
  },
  {
    title: "Map",
    content: {
      type: "vertical",
      elements: [
        { type: "text", text: "The shop nearest to you", style: { bold: true } },
        { type: "map", la: 52.3731, lo: 4.8926, tooltip: "Dam Square, Amsterdam" },
        {
          type: "button",
          title: "Take me there",
          click: { actions: [{ type: "navigate", la: 52.3731, lo: 4.8926, name: "Dam Square" }] }
        }
      ]
    }
  },
  {
    title: "Link",
    content: {
      type: "vertical",
      elements: [
        { type: "text", text: "This page explains it:" },
        { type: "linkPreview", url: "https://help.example/returns", title: "How to return something" }
      ]
    }
  }
]

/** Quick replies that say their titles. */
export const quickRepliesOf = (titles: ReadonlyArray<string>): QuickReplies => ({
  type: "quickReplies",
  itemsPerRow: Math.min(8, Math.max(1, titles.length)),
  replies: titles.map((title) => ({
    type: "button",
    title,
    click: { actions: [{ type: "publishText", text: title }], metadata: [{ type: "ExternalId", id: title }] }
  }))
})
