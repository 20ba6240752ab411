import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** `crossgate/redis` against a real Redis, through every client. Needs `redis-server`. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^crossgate$/, replacement: path('../../src/index.ts') },
      { find: /^crossgate\/browser$/, replacement: path('../../src/browser/index.ts') },
      { find: /^crossgate\/(.*)$/, replacement: path('../../adapters/$1.ts') },
    ],
  },
  test: {
    include: ['test/redis/**/*.test.ts'],
    globalSetup: path('./required.ts'),
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
