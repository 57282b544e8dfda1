import { defineConfig } from "vitest/config"

const project = (name: string) => ({
  test: { name, root: name, include: ["test/**/*.test.ts"], testTimeout: 30_000 }
})

export default defineConfig({
  test: {
    projects: ["packages/core", "packages/simulator", "packages/gateway", "apps/quickstart", "apps/gateway"].map(
      project
    )
  }
})
