/**
 * Counts what crossgate costs, in instructions and in bytes of heap, and fails where it is more than the
 * table allows: `npm run test:costs`. Needs valgrind.
 */

import { parseArgs } from 'node:util'
import { main } from './costs/main.ts'

const { values } = parseArgs({ options: { only: { type: 'string' } } })
process.exitCode = await main((text) => process.stdout.write(`${text}\n`), values.only)
