/**
 * Keeps servers of every framework busy while their policies change every 50 ms, and checks that each
 * response is what the policy says that was in force when the request arrived, or the one before, and that
 * the heap does not grow, whatever origins and tenants are made up: `npm run soak`, for a minute, or
 * `npm run soak -- --seconds 300`.
 */

import { parseArgs } from 'node:util'
import { main } from './soak/main.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } })
const seconds = Number(values.seconds)
if (!(seconds > 0)) throw new Error(`--seconds is a number of seconds, not ${values.seconds}`)

process.exitCode = await main(seconds * 1000, (text) => process.stdout.write(`${text}\n`))
