/** Checks of what is particular to Fastify: answers before any hook, and preflights of routes. */

import crossgate from 'crossgate/fastify'
import createFastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import { allowed, from, granted, preflight, refused, seen } from '../../adapters/serving.ts'
import {
  CERTIFICATE,
  HOST,
  openHttp2,
  sendHttp1,
  sendHttp2,
  type WireAnswer,
  type WireRequest,
} from '../../adapters/wire.ts'
import { APP, EVIL, PARTNER } from '../../tables/exchanges.ts'

const OPTIONS = { origin: APP }
const BAD_URL = '/%'

/** A preflight that fails tells nothing, but that it would have to be asked for again. */
export async function checkBadUrlPreflight(): Promise<void> {
  const app = createFastify()
  await app.register(crossgate, OPTIONS)
  const send = await serve(app)
  expect(seen(await send(preflight(APP, 'GET', BAD_URL)))).toEqual(refused(400))
  expect(seen(await send(preflight(EVIL, 'GET', BAD_URL)))).toEqual(refused(400))
}

export async function checkBadUrlOverHttp2(): Promise<void> {
  const app = createFastify({ http2: true, https: CERTIFICATE })
  await app.register(crossgate, OPTIONS)
  const session = await openHttp2(await listen(app as unknown as FastifyInstance))
  onTestFinished(() => session.destroy())
  expect(seen(await sendHttp2(session, { ...from(APP), path: BAD_URL }))).toEqual(allowed(400))
  expect(seen(await sendHttp2(session, { ...from(EVIL), path: BAD_URL }))).toEqual(refused(400))
}

export async function checkFrameworkErrors(): Promise<void> {
  const seenErrors: string[] = []
  const app = createFastify({
    frameworkErrors: (error, _request, reply) => {
      seenErrors.push(error.code)
      ;(reply as unknown as FastifyReply).code(400).send('own')
    },
  })
  await app.register(crossgate, OPTIONS)
  const send = await serve(app)
  const answer = await send({ ...from(APP), path: BAD_URL })
  expect([...seen(answer), answer.body]).toEqual([...allowed(400), 'own'])
  expect(seen(await send({ ...from(EVIL), path: BAD_URL }))).toEqual(refused(400))
  expect(seenErrors).toEqual(['FST_ERR_BAD_URL', 'FST_ERR_BAD_URL'])
}

export async function checkInnerRegistration(): Promise<void> {
  const app = createFastify()
  await app.register(crossgate, OPTIONS)
  const { ran, handler } = recorder()
  app.register(
    async (api) => {
      await api.register(crossgate, { origin: PARTNER })
      api.get('/one', handler)
    },
    { prefix: '/api' },
  )
  const send = await serve(app)
  const path = '/api/one'
  expect(seen(await send(preflight(PARTNER, 'GET', path)))).toEqual(granted(PARTNER))
  expect(seen(await send(preflight(APP, 'GET', path)))).toEqual(refused(403))
  expect(ran).toEqual([])
  expect(seen(await send({ ...from(PARTNER), path }))).toEqual(allowed(200, PARTNER))
  expect(seen(await send({ ...from(APP), path }))).toEqual(refused(200))
  expect(seen(await send({ ...from(APP), path: '/' }))).toEqual(allowed(404))
  expect(ran).toEqual([path, path])
}

export async function checkOptionsOfEveryPath(): Promise<void> {
  const app = createFastify()
  await app.register(crossgate, OPTIONS)
  const { ran, handler } = recorder()
  app.options('*', handler)
  const send = await serve(app)
  expect(seen(await send(preflight(APP, 'PUT', '/any')))).toEqual(granted())
  expect(seen(await send(preflight(EVIL, 'PUT', '/any')))).toEqual(refused(403))
  expect(ran).toEqual([])
  const own = await send({ ...from(APP), method: 'OPTIONS', path: '/any' })
  expect([...seen(own), own.body]).toEqual([...allowed(200), 'ok'])
  expect(ran).toEqual(['/any'])
}

export async function checkRoutePolicyPreflight(): Promise<void> {
  const { send, ran } = await serveRoute({ origin: PARTNER })
  expect(seen(await send(preflight(PARTNER, 'PUT', '/own')))).toEqual(granted(PARTNER))
  expect(seen(await send(preflight(APP, 'PUT', '/own')))).toEqual(refused(403))
  expect(seen(await send(preflight(APP, 'PUT', '/')))).toEqual(granted())
  expect(seen(await send(preflight(PARTNER, 'PUT', '/')))).toEqual(refused(403))
  expect(ran).toEqual([])
}

export async function checkRouteWithoutCorsPreflight(): Promise<void> {
  const { send, ran } = await serveRoute(false)
  // Nobody may read, whoever asks: the answer is the same for all.
  expect(seen(await send(preflight(APP, 'PUT', '/own')))).toEqual([403])
  expect(seen(await send(preflight(EVIL, 'PUT', '/own')))).toEqual([403])
  expect(seen(await send(preflight(APP, 'PUT', '/')))).toEqual(granted())
  expect(ran).toEqual([])
}

/** `PUT /own` with options of its own, beside `PUT /` with those of the registration. */
async function serveRoute(cors: { origin: typeof PARTNER } | false) {
  const app = createFastify()
  await app.register(crossgate, OPTIONS)
  const { ran, handler } = recorder()
  app.put('/', handler)
  app.put('/own', { config: { cors } }, handler)
  return { send: await serve(app), ran }
}

/** A handler, and the paths for which it ran. */
function recorder() {
  const ran: string[] = []
  const handler = async ({ url }: { readonly url: string }): Promise<string> => {
    ran.push(url)
    return 'ok'
  }
  return { ran, handler }
}

async function serve(app: FastifyInstance): Promise<(request: WireRequest) => Promise<WireAnswer>> {
  const port = await listen(app)
  return (request) => sendHttp1(port, request)
}

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ port: 0, host: HOST })
  onTestFinished(() => app.close())
  return (app.server.address() as { port: number }).port
}
