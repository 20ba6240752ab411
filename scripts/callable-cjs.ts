/**
 * Makes `require('crossgate/express')` the middleware itself, as users of `cors` expect, with the
 * named exports on it; and says so in the declarations.
 *
 * A bundler cannot: an entry with named exports becomes an object with a `default`.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const ENTRIES = ['express', 'fastify', 'hono', 'koa']
const FINAL_EXPORT = /export \{ ([^}]+) \};\s*$/

const CALLABLE = `
module.exports = Object.defineProperties(
  module.exports.default,
  Object.getOwnPropertyDescriptors(module.exports)
);
`

for (const entry of ENTRIES) {
  const file = fileURLToPath(new URL(`../dist/${entry}`, import.meta.url))
  await writeFile(`${file}.cjs`, (await readFile(`${file}.cjs`, 'utf8')) + CALLABLE)
  await writeFile(`${file}.d.cts`, callableTypes(await readFile(`${file}.d.cts`, 'utf8')))
}

function callableTypes(declarations: string): string {
  const found = FINAL_EXPORT.exec(declarations)
  if (found === null) throw new Error('the declarations do not end with their exports')
  const types = (found[1] ?? '').split(', ').filter((name) => name.startsWith('type '))
  return declarations.replace(
    FINAL_EXPORT,
    `declare const callable: typeof cors & {
  readonly cors: typeof cors;
  readonly default: typeof cors;
};
declare namespace callable {
  export { ${types.join(', ')} };
}
export = callable;
`,
  )
}
