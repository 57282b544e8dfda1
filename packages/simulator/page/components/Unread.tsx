/**
 * How many messages nobody has read.
 */
export const Unread = ({ count }: { readonly count: number }) => (
  <span class="badge">
    {count > 99 ? "99+" : count}
    <span class="sr-only"> unread</span>
  </span>
)
