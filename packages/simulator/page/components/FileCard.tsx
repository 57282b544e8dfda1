/**
 * A file that was uploaded, with its preview where it has one.
 */
import { HostedFile } from "@effect-liveperson/core/protocol"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Icon } from "./Icon.tsx"

const decode = Schema.decodeUnknownOption(HostedFile)

const isPicture = (preview: string | undefined): preview is string => preview?.startsWith("data:image/") === true

export const FileCard = ({ message }: { readonly message: unknown }) => {
  const file = Option.getOrUndefined(decode(message))
  if (file === undefined) return <span class="bubble-text">A file that cannot be read</span>
  const { caption, fileType, preview, relativePath } = file
  return (
    <figure class="file">
      {isPicture(preview) ? <img src={preview} alt={caption || "Preview"} /> : null}
      <figcaption>
        <Icon name="file" size={20} />
        <span>
          <strong>{caption || "File"}</strong>
          <small title={relativePath}>
            {fileType} · {relativePath}
          </small>
        </span>
      </figcaption>
    </figure>
  )
}
