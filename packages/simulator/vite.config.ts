/**
 * Builds the page to `dist/page`, where the simulator serves it from. `vite` alone serves it while one works on it, in
 * front of a simulator on its usual port.
 */
import { defineConfig } from "vite"

const here = (path: string) => decodeURIComponent(new URL(path, import.meta.url).pathname)

/** While one works on it, styles are written into the document, which the page's own policy forbids. */
const withoutPolicy = {
  name: "without-policy",
  apply: "serve",
  transformIndexHtml: (html: string) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, "")
} as const

export default defineConfig({
  plugins: [withoutPolicy],
  root: here("page"),
  base: "/_simulator/page/",
  publicDir: false,
  build: {
    outDir: here("dist/page"),
    emptyOutDir: true,
    target: "es2023",
    // The colours of both themes are told by `light-dark()`.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0
  },
  server: { proxy: { "^/_simulator/(?!page/)": "http://127.0.0.1:4587" } }
})
