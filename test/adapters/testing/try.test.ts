import { it } from 'vitest'
import { browserFetch, assertBlocked, assertReadable } from 'crossgate/testing'
it('a', async () => {
  const r = await browserFetch((q, s) => { s.setHeader('access-control-allow-origin', '*'); s.end(q.headers.host) }, { from: 'https://app.example.com' })
  console.log(r, await r.text(), r.url, r.type)
})
it('b', async () => {
  await browserFetch((q, s) => { s.setHeader('access-control-allow-origin', '*'); s.end(q.headers.host) }, { from: 'https://app.example.com', method: 'PUT' , body: 'x'})
})
it('c', async () => {
  await assertBlocked((q, s) => { s.setHeader('access-control-allow-origin', '*'); s.end(q.headers.host) }, { from: 'https://app.example.com' })
})
it('d', async () => {
  await assertReadable((q, s) => { throw new Error('oops') }, { from: 'https://app.example.com' })
})
it('e', async () => {
  await assertReadable('http://localhost:1/', { from: 'https://app.example.com' })
})
it('f', async () => {
  await assertReadable((q, s) => {}, { from: 'https://app.example.com', timeout: 100 })
})
