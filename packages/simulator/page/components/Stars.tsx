/**
 * A rating from 1 to 5.
 */
const all = [1, 2, 3, 4, 5] as const

export const Stars = ({ rate }: { readonly rate: number }) => (
  <span class="stars" role="img" aria-label={`${rate} of 5`}>
    {all.map((nth) => (
      <span key={nth} class={nth <= rate ? "star star-on" : "star"} aria-hidden="true">
        ★
      </span>
    ))}
  </span>
)
