import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** Every adapter and the browser model against real Chromium. Needs `chromium`. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^crossgate$/, replacement: path('../../src/index.ts') },
      { find: /^crossgate\/browser$/, replacement: path('../../src/browser/index.ts') },
      { find: /^crossgate\/(.*)$/, replacement: path('../../adapters/$1.ts') },
    ],
  },
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
