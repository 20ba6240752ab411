import { defineConfig } from 'vitest/config'

/**
 * Recipes for frameworks that are too big to be installed with everything else. Each is fetched from npm
 * into a folder of its own, built, and served: `vitest run --config test/frameworks/vitest.config.ts`.
 */
export default defineConfig({
  test: {
    include: ['test/frameworks/**/*.spec.ts'],
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 300_000,
  },
})
