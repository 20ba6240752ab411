/**
 * Breaks the rules one at a time, in a copy of the sources, and checks that the tests see it:
 * `npm run test:mutations`.
 */

import { main } from './mutations/main.ts'
import { MUTATIONS } from './mutations/mutations.ts'

process.exitCode = await main(MUTATIONS, (text) => process.stdout.write(`${text}\n`))
