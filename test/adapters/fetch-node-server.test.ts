/** Handlers of the Fetch API on `@hono/node-server`, whose `Request` and `Response` are its own. */

import { getRequestListener } from '@hono/node-server'
import { withCors } from 'crossgate/fetch'
import { withCors as withNodeCors } from 'crossgate/node'
import { expect, it } from 'vitest'
import { APP, EVIL, PARTNER } from '../tables/exchanges.ts'
import type { FetchHandler } from './fetch-harnesses.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { allowed, from, granted, preflight, refused, type Send, seen, serve } from './serving.ts'

const POLICY = { origin: [APP, PARTNER] }

failOnUnhandledRejections()

function serveFetch(handler: FetchHandler): Promise<Send> {
  const listener = getRequestListener(handler)
  return serve((incoming, outgoing) => void listener(incoming, outgoing))
}

it('the length of the body is kept', async () => {
  const send = await serveFetch(withCors(POLICY, () => new Response('hello')))
  const answer = await send(from(APP))
  expect(seen(answer)).toEqual(allowed(200))
  expect(answer.body).toBe('hello')
  expect(answer.rawHeaders).toContainEqual(['content-length', '5'])
  expect(seen(await send(preflight(APP)))).toEqual(granted())
  expect(seen(await send(from(EVIL)))).toEqual(refused(200))
})

it('copies of one response leak nothing', async () => {
  const shared = new Response('shared', { headers: { 'X-Total': '7' } })
  const send = await serveFetch(withCors(POLICY, () => shared.clone()))
  const origins = [APP, EVIL, PARTNER]
  const answers = await Promise.all(origins.map((origin) => send(from(origin))))
  expect(answers.map(seen)).toEqual([allowed(200), refused(200), allowed(200, PARTNER)])
})

it('the guard of crossgate/node goes around its listener', async () => {
  const listener = getRequestListener(() => new Response('hello'))
  const send = await serve(withNodeCors(POLICY, (request, response) => listener(request, response)))
  const answer = await send(from(APP))
  expect(seen(answer)).toEqual(allowed(200))
  expect(answer.rawHeaders).toContainEqual(['Content-Length', '5'])
  expect(seen(await send(preflight(APP)))).toEqual(granted())
})
