/** Checks of what is particular to Express: where crossgate is mounted. */

import { cors } from 'crossgate/express'
import type express from 'express'
import { expect } from 'vitest'
import { from, granted, preflight, refused, seen, serve } from '../../adapters/serving.ts'
import { APP, EVIL } from '../../tables/exchanges.ts'

const OPTIONS = { origin: APP }

/**
 * `get` hands no OPTIONS on, whatever is mounted there: Express says by itself which methods there are.
 * What a policy for one route needs is a mount that sees them.
 */
export async function checkOneRoute(framework: typeof express): Promise<void> {
  const app = framework()
  const ran: string[] = []
  app.use('/used', cors(OPTIONS))
  for (const path of ['/used', '/other']) {
    app.get(path, (_request, response) => {
      ran.push(path)
      response.send('ok')
    })
  }
  app
    .route('/routed')
    .all(cors(OPTIONS))
    .get((_request, response) => {
      ran.push('/routed')
      response.send('ok')
    })
  const send = await serve(app)
  for (const path of ['/used', '/routed']) {
    expect(seen(await send(preflight(APP, 'GET', path)))).toEqual(granted())
    expect(seen(await send(preflight(EVIL, 'GET', path)))).toEqual(refused(403))
  }
  expect(ran).toEqual([])
  expect(seen(await send({ ...from(APP), path: '/other' }))).toEqual([200])
  expect(ran).toEqual(['/other'])

  const got = framework()
  got.get('/', cors(OPTIONS), (_request, response) => void response.send('ok'))
  expect(seen(await (await serve(got))(preflight(APP, 'GET')))).toEqual([200])
}

/** Express 5 refuses the path itself. A mount without a path needs none. */
export async function checkOptionsOfEveryPath(framework: typeof express): Promise<void> {
  expect(() => framework().options('*', (_request, response) => void response.end())).toThrow(
    'Missing parameter name',
  )

  const spelt = framework()
  spelt.options('/{*splat}', cors(OPTIONS))
  const mounted = framework()
  mounted.use(cors(OPTIONS))
  for (const app of [spelt, mounted]) {
    const send = await serve(app)
    expect(seen(await send(preflight(APP, 'PUT', '/any/where')))).toEqual(granted())
    expect(seen(await send(preflight(EVIL, 'PUT', '/any/where')))).toEqual(refused(403))
  }
}
