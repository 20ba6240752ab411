/** Shows one policy under four servers, and what a browser makes of each answer: `npm run demo`. */

import { main } from './demo/main.ts'
import { screenOf } from './demo/screen.ts'
import { SERVERS } from './demo/servers/index.ts'

const { NO_COLOR } = process.env
process.exitCode = await main(SERVERS, screenOf(process.stdout, NO_COLOR))
