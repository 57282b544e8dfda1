/**
 * A consumer's initials in a colour of their own. Pictures of profiles are elsewhere on the web, and stay there.
 */
const hues = 8

const hueOf = (text: string): number => {
  let hash = 7
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973
  return hash % hues
}

const initialsOf = (name: string, consumer: string): string => {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = words.length > 0 ? words : [consumer.replace(/^[a-z]+:/i, "").replace(/[^\p{L}\p{N}]/gu, "")]
  const [first = "", last = ""] = [letters[0], letters.length > 1 ? letters.at(-1) : undefined]
  return ([...first].slice(0, last === "" ? 2 : 1).join("") + [...last].slice(0, 1).join("")).toUpperCase() || "?"
}

export const Avatar = ({ consumer, name }: { readonly consumer: string; readonly name: string }) => (
  <span class={`avatar avatar-${hueOf(consumer)}`} aria-hidden="true">
    {initialsOf(name, consumer)}
  </span>
)
