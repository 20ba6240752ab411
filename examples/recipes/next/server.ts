/** A server of your own around Next.js 16, which covers everything. Run it: `npx tsx server.ts` */

import { createServer } from 'node:http'
import { withCors } from 'crossgate/node'
import next from 'next'

const { PORT = 3000 } = process.env
const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

const app = next({ dev: process.env.NODE_ENV === 'development' })
await app.prepare()

createServer(withCors(policy, app.getRequestHandler())).listen(Number(PORT), '127.0.0.1')
