/** hapi 21. Run it: `npx tsx examples/recipes/hapi.ts` */

import Hapi from '@hapi/hapi'
import { cors } from 'crossgate/express'
import { installGuard } from 'crossgate/node'

const { PORT = 3000 } = process.env

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }
const middleware = cors(policy)

const server = Hapi.server({ port: Number(PORT), host: '127.0.0.1' })

// Before routes are looked for, so that preflights and 404s are covered, too.
server.ext('onRequest', ({ raw: { req, res } }, h) => {
  return new Promise((resolve, reject) => {
    // A preflight ends here.
    res.once('close', () => resolve(h.abandon))
    middleware(req, res, (error) => (error ? reject(error) : resolve(h.continue)))
  })
})
// And for what comes before `onRequest`, such as the 503 of a server under load.
installGuard(server.listener, policy)

server.route({ method: 'GET', path: '/hello', handler: () => ({ message: 'hello' }) })
server.route({
  method: 'GET',
  path: '/report',
  handler: () => {
    throw new Error('the report is not ready')
  },
})

await server.start()
