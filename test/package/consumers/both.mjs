// ESM and CommonJS copies in one process understand each other.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as esm from 'crossgate'
import { cors } from 'crossgate/express'

const require = createRequire(import.meta.url)
const cjs = require('crossgate')
assert.notEqual(esm.definePolicy, cjs.definePolicy)

const policy = cjs.definePolicy({ origin: 'https://app.example.com' })
assert.equal(esm.isCorsPolicy(policy), true)
assert.equal(esm.definePolicy(policy), policy)
assert.equal(esm.decide(policy, { method: 'GET', origin: 'https://app.example.com' }).outcome, 'allowed')
assert.equal(typeof cors(policy), 'function')

try {
  cjs.definePolicy({})
  assert.fail('a policy without an origin must be refused')
} catch (error) {
  assert.equal(error instanceof esm.CorsConfigError, false)
  assert.equal(esm.isCorsConfigError(error), true)
  assert.deepEqual(error.issues.map(({ code }) => code), ['origin.missing'])
}
console.log('both ok')
