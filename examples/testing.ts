/** A policy under test, as a page would meet it. Run it: `npx tsx --test examples/testing.ts` */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cors } from 'crossgate/express'
import { assertBlocked, assertReadable, browserFetch } from 'crossgate/testing'
import express from 'express'

const app = express()
app.use(cors({ origin: 'https://app.example.com', credentials: true, exposedHeaders: 'X-Total' }))
app.get('/items', (_request, response) => {
  response.set('X-Total', '3').set('X-Secret', '1').json(['a', 'b', 'c'])
})

const page = { from: 'https://app.example.com', path: '/items', credentials: 'include' } as const

test('our page sees the items, and the header that is exposed', async () => {
  const response = await browserFetch(app, { ...page, cookie: 'session=1' })
  assert.deepEqual(await response.json(), ['a', 'b', 'c'])
  assert.equal(response.headers.get('x-total'), '3')
  assert.equal(response.headers.get('x-secret'), null)
})

// The preflight is sent where a browser sends one, and an error is as readable as an answer.
test('our page sees that it cannot delete', async () => {
  const { status } = await assertReadable(app, { ...page, method: 'DELETE' })
  assert.equal(status, 404)
})

// The first test shows that the path exists: a 404 without CORS headers would be blocked, too.
test('no other page sees anything', async () => {
  await assertBlocked(app, { ...page, from: 'https://evil.example' }, 'allow-origin.missing')
  await assertBlocked(app, { ...page, from: 'https://app.example.com.evil.example' })
})
