import { defineConfig } from 'vitest/config'

/** The packed tarball in projects that know nothing of this repository. Needs `npm run build` first. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
