/** Writes the table of the README's section "Which responses". */

import { readFileSync, writeFileSync } from 'node:fs'
import { withTable } from '../test/paths/table.ts'

const README = 'README.md'

writeFileSync(README, withTable(readFileSync(README, 'utf8')))
