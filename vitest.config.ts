import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import pathsReporter from './test/paths/reporter.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests and examples import the public names; here they mean the sources.
    alias: [
      { find: /^crossgate$/, replacement: path('./src/index.ts') },
      { find: /^crossgate\/browser$/, replacement: path('./src/browser/index.ts') },
      { find: /^crossgate\/(.*)$/, replacement: path('./adapters/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/package/**', 'test/browser/**', 'test/redis/**'],
    reporters: ['default', pathsReporter],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'adapters/**'],
      reporter: ['text', 'html'],
      thresholds: { 'src/**': { branches: 98, functions: 98, lines: 98, statements: 98 } },
    },
  },
})
