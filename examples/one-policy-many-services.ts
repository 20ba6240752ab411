/** One policy file for several services. Run it: `npx tsx examples/one-policy-many-services.ts cors.json` */

import { createServer, type Server } from 'node:http'
import { cors } from 'crossgate/express'
import crossgate from 'crossgate/fastify'
import { type PolicyFileSource, policyFile } from 'crossgate/node'
import express from 'express'
import fastify from 'fastify'

export interface Services {
  readonly policy: PolicyFileSource
  readonly shop: Server
  readonly search: Server
}

/** These two share a process; in processes of their own each would watch the same file. */
export async function createServices(path: string): Promise<Services> {
  // Rejects where the file is missing or wrong: no service starts without a policy.
  const policy = await policyFile(path, {
    onReload: ({ options }) => console.log('new policy for', options.origin),
    // A bad edit changes nothing; the last good policy stays in force.
    onError: (error) => console.error(error.message),
  })

  const shop = express()
  shop.use(cors(policy))
  shop.get('/hello', (_request, response) => {
    response.json({ message: 'hello from the shop' })
  })

  const search = fastify()
  await search.register(crossgate, policy)
  search.get('/hello', async () => ({ message: 'hello from the search' }))
  await search.ready()

  return { policy, shop: createServer(shop), search: search.server }
}

if (process.argv[1] === import.meta.filename) {
  const { PORT = 3000, SEARCH_PORT = 3001 } = process.env
  const { shop, search } = await createServices(process.argv[2] ?? 'cors.json')
  shop.listen(Number(PORT), '127.0.0.1', () => {
    search.listen(Number(SEARCH_PORT), '127.0.0.1', () => {
      console.log(`listening on http://127.0.0.1:${PORT} and http://127.0.0.1:${SEARCH_PORT}`)
    })
  })
}
