import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withTable } from './table.ts'

it("the README's table is that of the matrix: `npm run docs:paths` writes it", () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(readme).toBe(withTable(readme))
})
