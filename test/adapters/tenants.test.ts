/** A policy for each tenant, through every framework, over a socket. */

import { type CorsOptions, type TenantOptions, tenants } from 'crossgate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  corsLines,
  failOnUnhandledRejections,
  type Harness,
  type Route,
  type Service,
} from './harness.ts'
import * as harnesses from './harnesses.ts'
import type { Fields } from './wire.ts'

/** What the requests of all frameworks have, and Koa's context. */
interface Request {
  readonly url: string
  readonly headers: {
    readonly host?: string
    readonly ':authority'?: string
    readonly origin?: string
  }
}

const ACME = 'https://acme.example'
const GLOBEX = 'https://globex.example'

const ROWS: Readonly<Record<string, CorsOptions>> = {
  acme: { origin: ACME, credentials: true, allowedHeaders: ['x-a'], methods: ['PUT'] },
  globex: { origin: GLOBEX, methods: ['DELETE'], allowedHeaders: [] },
}

const GRANTED: Readonly<Record<string, [string, string][]>> = {
  acme: [
    ['access-control-allow-credentials', 'true'],
    ['access-control-allow-headers', 'x-a'],
    ['access-control-allow-methods', 'PUT'],
    ['access-control-allow-origin', ACME],
    ['vary', 'Origin'],
  ],
  globex: [
    ['access-control-allow-methods', 'DELETE'],
    ['access-control-allow-origin', GLOBEX],
    ['vary', 'Origin'],
  ],
}
const READABLE: Readonly<Record<string, [string, string][]>> = {
  acme: [
    ['access-control-allow-credentials', 'true'],
    ['access-control-allow-origin', ACME],
    ['vary', 'Origin'],
  ],
  globex: [
    ['access-control-allow-origin', GLOBEX],
    ['vary', 'Origin'],
  ],
}
const REFUSED: [string, string][] = [['vary', 'Origin']]

const APPLICATION: readonly Route[] = ['acme', 'globex', 'initech', 'broken', 'api'].map(
  (name): Route => ({ method: 'GET', path: `/${name}`, run: (reply) => reply.send(200, name) }),
)

async function load(id: string): Promise<CorsOptions | null> {
  if (id === 'broken') throw new Error('the store is away')
  return ROWS[id] ?? null
}

/** A way to choose the tenant, and to send to one. */
interface Way {
  readonly tenant: (request: Request) => string | undefined
  readonly to: (tenant: string, protocol: Harness['protocol']) => { path: string; headers: Fields }
}

const WAYS: Readonly<Record<string, Way>> = {
  host: {
    tenant: ({ headers }) => String(headers[':authority'] ?? headers.host).split('.', 1)[0],
    to: (tenant, protocol) => ({
      path: '/api',
      headers: [[protocol === 'http/2' ? ':authority' : 'Host', `${tenant}.example.com`]],
    }),
  },
  path: {
    tenant: ({ url }) => url.split('/', 2)[1],
    to: (tenant) => ({ path: `/${tenant}`, headers: [] }),
  },
}

describe.each(Object.values(harnesses).map((harness) => [harness.name, harness] as const))(
  'tenants in %s',
  (_name, harness) => {
    failOnUnhandledRejections()

    describe.each(Object.entries(WAYS))('by %s', (_way, { tenant, to }) => {
      const loaded: string[] = []
      let service: Service
      beforeAll(async () => {
        const counting: TenantOptions<Request>['load'] = (id) => {
          loaded.push(id)
          return load(id)
        }
        const source = tenants<Request>({ tenant, load: counting })
        service = await harness.serve(source as Parameters<Harness['serve']>[0], APPLICATION)
      })
      afterAll(() => service.close())

      const ask = (id: string, origin: string): Promise<Answer> => {
        const { path, headers } = to(id, harness.protocol)
        return service.send({ path, headers: [...headers, ['Origin', origin]] })
      }
      const askFirst = (id: string, origin: string): Promise<Answer> => {
        const { path, headers } = to(id, harness.protocol)
        return service.send({
          method: 'OPTIONS',
          path,
          headers: [...headers, ['Origin', origin], ['Access-Control-Request-Method', 'PUT']],
        })
      }

      it.each([
        ['acme', ACME],
        ['globex', GLOBEX],
      ])('the preflight and the request that follows find %s, by one load', async (id, origin) => {
        loaded.length = 0
        const preflight = await askFirst(id, origin)
        expect([preflight.status, preflight.body, preflight.handlerRan]).toEqual([204, '', false])
        expect(corsLines(preflight.rawHeaders)).toEqual(GRANTED[id])
        const actual = await ask(id, origin)
        expect([actual.status, actual.handlerRan]).toEqual([200, true])
        expect(corsLines(actual.rawHeaders)).toEqual(READABLE[id])
        expect(loaded).toEqual([id])
      })

      it.each([
        ['acme', GLOBEX],
        ['globex', ACME],
        ['initech', ACME],
      ])('%s does not let in %s', async (id, origin) => {
        const preflight = await askFirst(id, origin)
        expect([preflight.status, preflight.handlerRan]).toEqual([403, false])
        expect(corsLines(preflight.rawHeaders)).toEqual(REFUSED)
        const actual = await ask(id, origin)
        expect([actual.status, actual.handlerRan]).toEqual([200, true])
        expect(corsLines(actual.rawHeaders)).toEqual(REFUSED)
      })

      it('a load that fails takes the error path of the framework, as a refused request', async () => {
        const { errors } = service
        const before = errors.length
        const preflight = await askFirst('broken', ACME)
        expect([preflight.status, preflight.body, preflight.handlerRan]).toEqual([403, '', false])
        expect(corsLines(preflight.rawHeaders)).toEqual(REFUSED)
        expect(errors.slice(before)).toEqual([])
        // From now on the failure is remembered, and is as much an error as at first.
        for (let count = 0; count < 2; count += 1) {
          const actual = await ask('broken', ACME)
          expect([actual.status, actual.handlerRan]).toEqual([500, false])
          expect(corsLines(actual.rawHeaders)).toEqual(REFUSED)
        }
        expect(errors.slice(before)).toEqual(['the store is away', 'the store is away'])
      })
    })

    it('chosen by the Origin are refused with credentials', async () => {
      const tenant = ({ headers }: Request): string | undefined =>
        headers.origin === ACME ? 'acme' : undefined
      const source = tenants<Request>({ tenant, load })
      const service = await harness.serve(source as Parameters<Harness['serve']>[0], APPLICATION)
      try {
        const answer = await service.send({ path: '/api', headers: [['Origin', ACME]] })
        expect([answer.status, answer.handlerRan]).toEqual([500, false])
        expect(corsLines(answer.rawHeaders)).toEqual(REFUSED)
        expect(service.errors).toEqual([expect.stringContaining('#credentialstenant-by-origin')])
      } finally {
        await service.close()
      }
    })
  },
)
