/**
 * Line icons, drawn here so that nothing is fetched. They say nothing by themselves: what they stand for is in words
 * beside them.
 */
const paths = {
  logo: "M2.5 5.5 8 2.7l5.5 2.8v5L8 13.3l-5.5-2.8zM2.5 5.5 8 8.3l5.5-2.8M8 8.3v5",
  chats: "M2 3.5h8.5v6H6L3.5 11.7V9.5H2zM12.5 6H14v6h-1.5v1.7L10.3 12H7.5",
  chat: "M2.5 3h11v8H7.5L4.5 13.5V11h-2z",
  wire: "M2 5.5h10.5M10 3l2.5 2.5L10 8M14 10.5H3.5M6 8l-2.5 2.5L6 13",
  fault: "M8 2.3 14.3 13.3H1.7zM8 6.5v3M8 11.3v.1",
  person: "M8 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2M3 13.7c.4-2.9 2.4-4.4 5-4.4s4.6 1.5 5 4.4",
  plug: "M6 2v3.5M10 2v3.5M4 5.5h8V8a4 4 0 0 1-8 0zM8 12v2.2",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M6.3 6.3a1.75 1.75 0 1 1 2.5 1.6c-.6.3-.8.6-.8 1.2M8 11.4v.1",
  sun: "M8 10.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13.3 9.7A5.7 5.7 0 0 1 6.3 2.7a5.7 5.7 0 1 0 7 7",
  auto: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 2v12M8 5h4.8M8 8h6M8 11h4.8",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.3 10.3 14 14",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  check: "M2.5 8.5 6 12l7.5-8",
  checks: "M1 8.7 4 12l5.5-7.5M7.5 11.2l.8.8L14.8 4.5",
  send: "M14 2 2 7l4.7 2.3L9 14zM14 2 6.7 9.3",
  note: "M3 2.5h10v7.5L9.5 13.5H3zM13 10H9.5v3.5M5.5 5.5h5M5.5 8h3",
  replies: "M2 4.5h5.5v3H2zM9.5 4.5H14v3H9.5zM2 9.5h4v3H2zM8 9.5h6v3H8z",
  card: "M2 3h12v10H2zM2 8.5l3-2.5 3 2.5 2-1.5 4 3M4.5 10.8h4",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M4.5 2.8 13 8l-8.5 5.2z",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.5 6.5v4.5M9.5 6.5v4.5",
  down: "M8 2.5v10.5M3.5 8.5 8 13l4.5-4.5",
  out: "M3 13 13 3M6 3h7v7",
  in: "M13 3 3 13M10 13H3V6",
  back: "M13 8H3M7.5 3.5 3 8l4.5 4.5",
  open: "M2.5 3h11v8H7.5L4.5 13.5V11h-2zM8 5v4M6 7h4",
  join: "M6.5 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6M2 13.5c.3-2.7 2-4 4.5-4s4.2 1.3 4.5 4M12.5 5.5v4M10.5 7.5h4",
  transfer: "M2 5.5h11M10 2.5l3 3-3 3M14 10.5H3M6 7.5l-3 3 3 3",
  rate: "M8 2l1.85 3.8 4.15.6-3 2.95.7 4.15L8 11.5 4.3 13.5 5 9.35 2 6.4l4.15-.6z",
  click: "M6 6l7 2.7-3 1.3-1.3 3zM6.5 2v1.5M2 6.5h1.5M3.3 3.3l1 1",
  day: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
  file: "M4 2h5.5L12.5 5v9H4zM9.5 2v3.5h3",
  image: "M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 12M10.5 6.2v.1",
  map: "M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14M8 8a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3",
  link: "M6.5 9.5l3-3M7 4.5l1.2-1.2a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.2 1.2a3 3 0 0 1-4.3-4.3L4.7 7.2",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.5V8l2.5 1.5",
  code: "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5",
  lock: "M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  plus: "M8 3v10M3 8h10",
  sliders: "M2 5h6M11 5h3M9.5 3.5v3M2 11h3M8 11h6M6.5 9.5v3"
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
)
