/**
 * What lies over the panes, at a side of the window. A modal one keeps the focus, and what is behind it is inert; either
 * way Escape closes it, and the focus goes back to where it was.
 */
import type { ComponentChildren } from "preact"
import { useLayoutEffect, useId, useRef } from "preact/hooks"
import { Icon, type IconName } from "./Icon.tsx"

export interface DrawerProps {
  readonly title: string
  readonly icon: IconName
  readonly onClose: () => void
  readonly children: ComponentChildren
  /** What is at its end whatever is scrolled, so that nothing moves when it grows. */
  readonly footer?: ComponentChildren
  readonly side?: "left" | "right" | "middle"
  /** Whether what is behind it can be used all the same. */
  readonly beside?: boolean
}

export const Drawer = ({ beside = false, children, footer, icon, onClose, side = "left", title }: DrawerProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    if (beside) element?.show()
    else element?.showModal()
    return () => {
      // The focus goes back to where it was, and where that is gone, to what is nearest to it.
      element?.close()
      if (document.activeElement === document.body) document.getElementById("main")?.focus()
    }
  }, [beside])
  return (
    <dialog
      ref={dialog}
      class={beside ? "drawer drawer-beside" : `drawer drawer-${side}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !beside) onClose()
      }}
    >
      <div class="drawer-inside">
        <div class="drawer-head">
          <h2 id={titleId}>
            <Icon name={icon} size={18} /> {title}
          </h2>
          <button type="button" class="icon-button" aria-label={`Close ${title}`} title="Close (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <div class="drawer-body">{children}</div>
        {footer === undefined ? null : <div class="drawer-foot">{footer}</div>}
      </div>
    </dialog>
  )
}
