/**
 * A list of any length, of which only the rows that are seen are there. All rows have the same height. It is a listbox:
 * one stop for Tab, and the arrow keys within.
 */
import type { ComponentChildren } from "preact"
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"

interface VirtualListProps<A> {
  readonly id: string
  readonly label: string
  readonly items: ReadonlyArray<A>
  readonly rowHeight: number
  readonly keyOf: (item: A) => string | number
  readonly row: (item: A) => ComponentChildren
  readonly rowClass?: (item: A) => string
  /** The item that the arrow keys are at. */
  readonly activeKey: string | number | undefined
  /** Whether the active item is the chosen one as well. */
  readonly chosenKey: string | number | undefined
  readonly onMove: (item: A) => void
  readonly onOpen: (item: A) => void
  /** Whether it stays at its end, as a log does, while that is what is seen. */
  readonly follow?: boolean
  readonly onAtEnd?: (atEnd: boolean) => void
}

const overscan = 8

/** Where the arrow keys go from a place in a list. */
const moved = (key: string, at: number, count: number, page: number): number | undefined => {
  const last = count - 1
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, last)
    case "ArrowUp":
      return at < 0 ? last : Math.max(at - 1, 0)
    case "PageDown":
      return Math.min(at + page, last)
    case "PageUp":
      return Math.max(at - page, 0)
    case "Home":
      return 0
    case "End":
      return last
    default:
      return undefined
  }
}

export const VirtualList = <A,>(props: VirtualListProps<A>) => {
  const { activeKey, follow = false, id, items, keyOf, onAtEnd, rowHeight } = props
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const anchor = useRef<{ readonly key: string | number; readonly place: number } | undefined>(undefined)
  const [first, setFirst] = useState(0)
  const [height, setHeight] = useState(0)
  const count = items.length
  const shown = Math.ceil(height / rowHeight) + 2 * overscan
  const from = Math.max(0, Math.min(first - overscan, count - shown))
  const visible = items.slice(from, from + shown)
  const activeIndex = activeKey === undefined ? -1 : items.findIndex((item) => keyOf(item) === activeKey)

  const measure = (): void => {
    const element = box.current
    if (element === null) return
    const place = Math.floor(element.scrollTop / rowHeight)
    const wasAtEnd = atEnd.current
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight
    if (wasAtEnd !== atEnd.current) onAtEnd?.(atEnd.current)
    const item = items[place]
    anchor.current = item === undefined ? undefined : { key: keyOf(item), place }
    setFirst(place)
  }

  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    setHeight(element.clientHeight)
    return () => observer.disconnect()
  }, [])

  // What is looked at stays where it is when rows go at the other end.
  useLayoutEffect(() => {
    const element = box.current
    if (element === null || !follow) return
    if (atEnd.current) element.scrollTop = element.scrollHeight
    else if (anchor.current !== undefined) {
      const { key, place } = anchor.current
      if (items[place] !== undefined && keyOf(items[place]) === key) return
      const now = items.findIndex((item) => keyOf(item) === key)
      if (now >= 0) element.scrollTop += (now - place) * rowHeight
    }
  }, [items, height])

  // The active row is brought to where it is seen, by no more than that takes.
  useLayoutEffect(() => {
    const element = box.current
    if (element === null || activeIndex < 0) return
    const top = activeIndex * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight
    }
  }, [activeKey])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const item = items[activeIndex]
    if ((event.key === "Enter" || event.key === " ") && item !== undefined) {
      event.preventDefault()
      props.onOpen(item)
      return
    }
    const to = moved(event.key, activeIndex, count, Math.max(1, Math.floor(height / rowHeight) - 1))
    const target = to === undefined ? undefined : items[to]
    if (target === undefined) return
    event.preventDefault()
    props.onMove(target)
  }

  const idOf = (item: A): string => `${id}-${keyOf(item)}`
  const active = items[activeIndex]
  const activeIsThere = activeIndex >= from && activeIndex < from + visible.length
  return (
    <div
      ref={box}
      id={id}
      class="vlist"
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={active !== undefined && activeIsThere ? idOf(active) : undefined}
      onScroll={measure}
      onKeyDown={onKeyDown}
    >
      <div class="vlist-inside" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        {visible.map((item, nth) => {
          const key = keyOf(item)
          return (
            <div
              key={key}
              id={idOf(item)}
              class={`vrow ${props.rowClass?.(item) ?? ""}`}
              role="option"
              aria-selected={key === props.chosenKey}
              aria-setsize={count}
              aria-posinset={from + nth + 1}
              data-active={key === activeKey}
              style={{ height: `${rowHeight}px`, transform: `translateY(${(from + nth) * rowHeight}px)` }}
              onClick={() => props.onOpen(item)}
            >
              {props.row(item)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
