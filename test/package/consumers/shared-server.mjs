// What adapters keep on a server is common to their files, and to both copies of the package.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { get } from 'node:http'
import crossgate from 'crossgate/fastify'
import * as esm from 'crossgate/node'
import Fastify from 'fastify'

const cjs = createRequire(import.meta.url)('crossgate/node')
const OWN = 'https://own.example'
const OTHER = 'https://other.example'

function allowed(port, origin) {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/%', headers: { origin } }, (response) => {
      response.resume()
      resolve(response.headers['access-control-allow-origin'])
    }).on('error', reject)
  })
}

for (const { installGuard } of [esm, cjs]) {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(crossgate, { origin: OWN })
  installGuard(app.server, { origin: OTHER })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address()
  // Fastify's own answer to a bad path has the policy of the registration.
  assert.equal(await allowed(port, OWN), OWN)
  assert.equal(await allowed(port, OTHER), undefined)
  await app.close()
}
console.log('shared server ok')
