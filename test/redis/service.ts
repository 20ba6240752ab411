/**
 * A service as its own process: one named policy on `/`, tenants by path on everything else.
 *
 * It has the settings of a service that thinks of nothing: errors are printed. What it reads again in vain
 * is read often, so that an outage is noticed.
 */

import { createServer } from 'node:http'
import { withCors } from 'crossgate/node'
import { redisPolicies } from 'crossgate/redis'
import { listen } from '../adapters/wire.ts'
import { CLIENTS } from './clients.ts'
import { tenantOf } from './serving.ts'

const [, , name = '', redisPort, ttl] = process.argv
const open = CLIENTS[name]
if (open === undefined) throw new Error(`there is no client ${name}`)

const { client } = await open(Number(redisPort))
const store = redisPolicies({ client, ttl: Number(ttl), timeout: 200 })
const answer = (_request: unknown, response: { end(text: string): unknown }): void => {
  response.end('hello')
}
const main = withCors(await store.policy('main'), answer)
const tenant = withCors(store.tenants({ tenant: tenantOf }), answer)
const server = createServer((request, response) => {
  if (request.url === '/') main(request, response)
  else tenant(request, response)
})

process.send?.(await listen(server))
process.once('disconnect', () => process.exit())
