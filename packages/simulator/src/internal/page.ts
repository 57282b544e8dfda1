/**
 * The page: what was built of it is a folder beside this one, in the package as in the workspace.
 */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpStaticServer from "effect/http/HttpStaticServer"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"

const notBuilt = HttpServerResponse.text(
  "The page has not been built. In the workspace `pnpm simulator` builds it. The API is under /_simulator.",
  { status: 503 }
)

/** `/`, and what it is made of under `/_simulator/page`. */
export const layer = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const root = yield* path.fromFileUrl(new URL("../../dist/page", import.meta.url))
    const files = yield* HttpStaticServer.make({ root, cacheControl: "no-cache" })
    const index = path.join(root, "index.html")
    const page = Effect.map(fs.readFileString(index), (html) => HttpServerResponse.html(html))
    yield* router.add(
      "GET",
      "/",
      Effect.catch(page, () => Effect.succeed(notBuilt))
    )
    yield* router.prefixed("/_simulator/page").add("GET", "/*", files)
  }, Effect.orDie)
).pipe(Layer.provide(NodeHttpServer.layerHttpServices))
