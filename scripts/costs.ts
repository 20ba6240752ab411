/**
 * Counts what crossgate costs, in instructions and in bytes of heap, and fails where that is more than
 * `scripts/costs/limits.ts` allows: `npm run test:costs`, in a minute and a half. Needs valgrind.
 *
 * `--only 'node, get'` counts some of it. `--subject cors` counts a peer in place of crossgate, and shows
 * that the check can fail.
 */

import { parseArgs } from 'node:util'
import { main } from './costs/main.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    subject: { type: 'string', default: 'crossgate' },
  },
})
process.exitCode = await main((text) => process.stdout.write(`${text}\n`), values)
