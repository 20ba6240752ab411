import { describe, expect, it } from 'vitest'
import {
  createDecider,
  isCorsConfigError,
  type TenantOptions,
  tenants,
} from '../../../src/index.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createTenantStore, GET, ORIGIN, settled, version } from './tenant-store.ts'

const OPTIONS = { origin: ORIGIN, credentials: true }
const ACKNOWLEDGED = { ...OPTIONS, dangerouslyAllow: ['tenant-by-origin'] as const }

/** The code of the issue for which a policy is refused; else the outcome. */
async function outcomeOf<Request>(
  options: Omit<TenantOptions<Request>, 'load'> & Partial<TenantOptions<Request>>,
  request: Request,
): Promise<string | undefined> {
  const source = tenants({ load: async () => OPTIONS, ...options })
  const { outcome, error } = await createDecider(source, createFakeClock()).decide(GET, request)
  return isCorsConfigError(error) ? error.issues.map(({ code }) => code).join() : outcome
}

const REFUSED = 'credentials.tenant-by-origin'

/** Something like a request, with what the test reads from it. */
// biome-ignore lint/suspicious/noExplicitAny: every framework has another type of request
type AnyRequest = any

class ServerRequest {
  readonly #headers: Record<string, string>
  readonly url = '/a'
  constructor(headers: Record<string, string>) {
    this.#headers = headers
  }
  get headers(): Record<string, string> {
    return this.#headers
  }
  get(name: string): string | undefined {
    return this.headers[name.toLowerCase()]
  }
}

const node = (): ServerRequest => new ServerRequest({ host: 'a.test', origin: ORIGIN })
const referred = (): ServerRequest =>
  new ServerRequest({ host: 'a.test', origin: ORIGIN, referer: `${ORIGIN}/page` })
const fetched = (): Request =>
  new Request('https://a.test/', { headers: { origin: ORIGIN, 'x-tenant': 'a' } })

const BY_ORIGIN: readonly [string, () => AnyRequest, (request: AnyRequest) => string][] = [
  ['a field of headers', node, ({ headers }) => headers.origin],
  ['all fields of headers', node, ({ headers }) => ({ ...headers }).origin],
  ['a method of the request', node, (request) => request.get('Origin')],
  ['the Referer', referred, ({ headers }) => new URL(headers.referer).host],
  [
    'the Referer without an Origin',
    () => ({ headers: { Referer: ORIGIN } }),
    ({ headers }) => headers.Referer,
  ],
  ['a part of it', node, ({ headers }) => new URL(headers.origin).hostname],
  ['Origin or Host', node, ({ headers }) => headers.origin ?? headers.host],
  ['the request around another', () => ({ req: node() }), ({ req }) => req.headers.origin],
  ['the request below another', () => ({ raw: node() }), ({ raw }) => raw.headers.origin],
  [
    'a request in a request in another',
    () => ({ request: { req: node() }, req: node() }),
    ({ request }) => request.req.get('origin'),
  ],
  ['Headers', fetched, ({ headers }) => headers.get('Origin')],
  ['Headers, all of them', fetched, ({ headers }) => new Map(headers).get('origin') as string],
  ['Headers, if it is there', fetched, ({ headers }) => (headers.has('origin') ? 'a' : undefined)],
  [
    'a request that is frozen',
    () => Object.freeze({ headers: Object.freeze({ Origin: ORIGIN }) }),
    ({ headers }) => headers.Origin,
  ],
  [
    'lists of values',
    () => ({ headersDistinct: { origin: [ORIGIN] } }),
    ({ headersDistinct }) => headersDistinct.origin[0],
  ],
]

class RoutedRequest {
  readonly #tenant = 'a'
  readonly headers = { origin: ORIGIN }
  param(): string {
    return this.#tenant
  }
}

const TENANTS = new WeakMap<object, string>()
function known(): AnyRequest {
  const request = { url: '/a', headers: { origin: ORIGIN } }
  TENANTS.set(request, 'a')
  return request
}

const OTHERWISE: readonly [string, () => AnyRequest, (request: AnyRequest) => string][] = [
  ['the host', node, ({ headers }) => headers.host],
  ['the path', node, ({ url }) => url],
  ['a method of the request', node, (request) => request.get('host')],
  ['the class of the request', node, (request) => String(request instanceof ServerRequest)],
  ['whether a field is there', node, (request) => String('url' in request && 'headers' in request)],
  ['the host of a URL', fetched, ({ url }) => new URL(url).host],
  ['another of Headers', fetched, ({ headers }) => headers.get('x-tenant')],
  [
    'what it notes on the request',
    node,
    (request) => {
      request.tenant ??= request.headers.host
      return request.tenant
    },
  ],
  ['the request around another', () => ({ req: node() }), ({ req }) => req.headers.host],
  ['a private field of the request', () => new RoutedRequest(), (request) => request.param()],
  ['what is known about the request', known, (request) => TENANTS.get(request) as string],
  ['a copy of the request', known, (request) => ({ ...request }).url],
  [
    'a request with headers that throw',
    () => ({
      get headers() {
        throw new Error('no headers')
      },
    }),
    () => 'a',
  ],
  [
    'a request that is frozen',
    () => Object.freeze({ headers: Object.freeze({ origin: ORIGIN, host: 'a' }) }),
    ({ headers }) => headers.host,
  ],
]

describe('a tenant that is chosen by the Origin', () => {
  it.each(BY_ORIGIN)('has no policy with credentials: by %s', async (_, request, tenant) => {
    expect(await outcomeOf({ tenant }, request())).toBe(REFUSED)
  })

  it.each(BY_ORIGIN)('has one without credentials: by %s', async (_, request, tenant) => {
    const load = (): object => ({ origin: ORIGIN })
    expect(await outcomeOf({ tenant, load: load as never }, request())).toBe('allowed')
  })

  it.each(BY_ORIGIN)('has one where that is acknowledged: by %s', async (_, request, tenant) => {
    const dangerouslyAllow = ['tenant-by-origin'] as const
    expect(await outcomeOf({ tenant, dangerouslyAllow }, request())).toBe('allowed')
    expect(await outcomeOf({ tenant, load: () => ACKNOWLEDGED }, request())).toBe('allowed')
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no Origin')
      },
    ],
    ['answers nothing', () => undefined],
    ['answers a promise that rejects', () => Promise.reject(new Error('late'))],
  ])('is known where tenant %s without the Origin', async (_, otherwise) => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const tenant = ({ headers }: AnyRequest) => (headers.origin ? 'a' : (otherwise() as never))
    expect(await outcomeOf({ tenant }, node())).toBe(REFUSED)
    await settled()
    process.off('unhandledRejection', listen)
    expect(unhandled).toEqual([])
  })

  it('is known by vary, too', async () => {
    const tenant = (): string => 'a'
    expect(await outcomeOf({ tenant, vary: 'Origin' }, {})).toBe(REFUSED)
    expect(await outcomeOf({ tenant, vary: ['host'] }, {})).toBe('allowed')
    expect(await outcomeOf({ tenant, vary: 'origin', load: () => ACKNOWLEDGED }, {})).toBe(
      'allowed',
    )
  })

  it('is told with what to do', async () => {
    const { decide } = createTenantStore({ vary: 'origin', load: () => OPTIONS })
    expect((await decide('a')).error?.message).toBe(
      [
        'the CORS options have a problem:',
        "  credentials: true: the tenant is chosen by the Origin, so the page of one tenant can read the data of another as the user; choose it by host or by path, or acknowledge 'tenant-by-origin' in dangerouslyAllow (https://github.com/crossgate/crossgate#credentialstenant-by-origin)",
      ].join('\n'),
    )
  })
})

describe('a tenant that is chosen otherwise', () => {
  it.each(OTHERWISE)('may have credentials: by %s', async (_, request, tenant) => {
    expect(await outcomeOf({ tenant }, request())).toBe('allowed')
  })

  it.each([
    [undefined],
    ['a'],
    [7],
    [{}],
    [{ headers: null }],
    [{ headers: 'origin', req: 'origin' }],
    [{ headers: {}, raw: null }],
  ])('may have them for a request without Origin, and is asked for once: %j', async (request) => {
    let asked = 0
    const tenant = (): string => {
      asked += 1
      return 'a'
    }
    expect(await outcomeOf({ tenant }, request)).toBe('allowed')
    expect(asked).toBe(1)
  })

  it('is asked for up to three times where its policy is loaded for a request with an Origin', async () => {
    const seen: unknown[] = []
    const tenant = (request: { headers: { origin?: string } }): string => {
      seen.push(request.headers.origin)
      return 'a'
    }
    const source = tenants({ tenant, load: async () => OPTIONS })
    const decider = createDecider(source, createFakeClock())
    const request = { headers: { origin: ORIGIN } }
    await Promise.all([decider.decide(GET, request), decider.decide(GET, request)])
    await decider.decide(GET, request)
    expect(seen).toEqual([ORIGIN, ORIGIN, undefined, ORIGIN, ORIGIN])
  })

  it('leaves no trace on the request', async () => {
    const request: AnyRequest = { headers: { origin: ORIGIN, host: 'a' } }
    let asked = 0
    const tenant = (seen: AnyRequest): string => {
      asked += 1
      seen[`note ${asked}`] = asked
      return seen.headers.host
    }
    expect(await outcomeOf({ tenant }, request)).toBe('allowed')
    expect(request).toEqual({ headers: { origin: ORIGIN, host: 'a' }, 'note 1': 1 })
  })

  it('has its policy in force again once it is acknowledged or chosen otherwise', async () => {
    const { ask, rows, clock, source } = createTenantStore({ vary: 'origin' })
    rows.set('a', { ...version('1'), credentials: true })
    expect(await ask('a')).toBe('source-failed')
    rows.set('a', { ...version('2'), credentials: true, dangerouslyAllow: ['tenant-by-origin'] })
    clock.pass(1000)
    expect(await ask('a')).toBe('2')
    expect(source.stats()).toMatchObject({ failures: 1, misses: 0 })
  })
})
