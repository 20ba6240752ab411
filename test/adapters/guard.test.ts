import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CorsDecision, decide, definePolicy } from 'crossgate'
import { releaseGuard, withCors } from 'crossgate/node'
import { describe, expect, it, vi } from 'vitest'
import { guard } from '../../adapters/shared/guard.ts'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { allowed, from, preflight, refused, seen, serve } from './serving.ts'

failOnUnhandledRejections()

const OTHER = 'https://other.example'
const OPTIONS = { origin: APP }
const ALLOWED = decide(definePolicy(OPTIONS), { method: 'GET', origin: APP })

/** What packages do that want a word before the head is sent: they store all fields, then call. */
function onHeaders(response: ServerResponse, listener: () => void): void {
  const writeHead = response.writeHead as (...parameters: unknown[]) => ServerResponse
  let called = false
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    if (!called) {
      called = true
      response.statusCode = status
      const fields = rest.find((one) => typeof one === 'object' && one !== null) ?? {}
      for (const [name, value] of Object.entries(fields)) response.setHeader(name, value)
      listener()
    }
    return writeHead.call(response, response.statusCode)
  }) as never
}

/** As compression does it. */
function compress(response: ServerResponse): void {
  onHeaders(response, () => {
    const vary = response.getHeader('vary')
    response.setHeader('Vary', vary === undefined ? 'Accept-Encoding' : `${vary}, Accept-Encoding`)
    response.setHeader('Content-Encoding', 'identity')
  })
}

describe('beside other wrappers of writeHead', () => {
  const handlers: [string, (response: ServerResponse) => void][] = [
    ['an implied head', (response) => response.end('ok')],
    [
      'stored fields',
      (response) => {
        response.setHeader('Access-Control-Allow-Origin', OTHER)
        response.setHeader('Vary', 'Accept')
        response.end('ok')
      },
    ],
    [
      'given fields',
      (response) => {
        response.writeHead(200, { 'Access-Control-Allow-Origin': OTHER, Vary: 'Accept' })
        response.end('ok')
      },
    ],
  ]

  it.each(handlers)('holds over one, with %s', async (_title, answer) => {
    const listener = withCors(OPTIONS, (_request: IncomingMessage, response: ServerResponse) =>
      answer(response),
    )
    const send = await serve((request, response) => {
      compress(response)
      listener(request, response)
    })
    const answered = await send(from(APP))
    const [, origin, [, vary = ''] = []] = seen(answered)
    expect(origin).toEqual(['access-control-allow-origin', APP])
    expect(vary.split(', ')).toEqual(
      answer === handlers[0]?.[1]
        ? ['Origin', 'Accept-Encoding']
        : ['Accept', 'Origin', 'Accept-Encoding'],
    )
    expect(seen(answered)).toHaveLength(3)
    expect(answered.rawHeaders).toContainEqual(['Content-Encoding', 'identity'])
  })

  it.each(handlers)('holds under one, with %s', async (_title, answer) => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        compress(response)
        answer(response)
      }),
    )
    const answered = await send(from(APP))
    expect(seen(answered)).toEqual([
      200,
      ['access-control-allow-origin', APP],
      [
        'vary',
        answer === handlers[0]?.[1] ? 'Accept-Encoding, Origin' : 'Accept, Accept-Encoding, Origin',
      ],
    ])
    expect(answered.rawHeaders).toContainEqual(['Content-Encoding', 'identity'])
  })

  it('holds between two, for a refused origin', async () => {
    const listener = withCors(OPTIONS, (_request: IncomingMessage, response: ServerResponse) => {
      onHeaders(response, () => response.setHeader('Access-Control-Allow-Origin', OTHER))
      response.end('ok')
    })
    const send = await serve((request, response) => {
      onHeaders(response, () => response.setHeader('X-Time', '1'))
      listener(request, response)
    })
    const answered = await send(from(EVIL))
    expect(seen(answered)).toEqual(refused(200))
    expect(answered.rawHeaders).toContainEqual(['X-Time', '1'])
  })
})

describe('installed twice', () => {
  it('lets the inner policy win, with one set of fields', async () => {
    const inner = withCors({ origin: OTHER, credentials: true }, (_request, response) => {
      response.end('ok')
    })
    const send = await serve(withCors({ origin: APP, exposedHeaders: 'x-total' }, inner))
    expect(seen(await send(from(OTHER)))).toEqual([
      200,
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-origin', OTHER],
      ['vary', 'Origin'],
    ])
    expect(seen(await send(from(APP)))).toEqual(refused(200))
  })

  it('lets the outer policy answer preflights, unless it leaves them', async () => {
    const inner = withCors({ origin: OTHER }, (_request, response) => response.end('ok'))
    const outer = await serve(withCors({ origin: APP }, inner))
    expect(seen(await outer(preflight(OTHER)))).toEqual(refused(403))
    const leaving = await serve(withCors({ origin: APP, preflightContinue: true }, inner))
    const [status, ...lines] = seen(await leaving(preflight(OTHER)))
    expect(status).toBe(204)
    expect(lines).toContainEqual(['access-control-allow-origin', OTHER])
  })

  it('understands another copy of itself', async () => {
    vi.resetModules()
    const copy: typeof import('../../adapters/node.ts') = await import('../../adapters/node.ts')
    expect(copy.withCors).not.toBe(withCors)
    const inner = copy.withCors({ origin: OTHER }, (_request, response) => response.end('ok'))
    const send = await serve(withCors({ origin: APP }, inner))
    expect(seen(await send(from(OTHER)))).toEqual(allowed(200, OTHER))
    const release = withCors({ origin: APP }, (_request, response) => {
      copy.releaseGuard(response)
      response.end('ok')
    })
    expect(seen(await (await serve(release))(from(APP)))).toEqual([200])
  })
})

describe('a released response', () => {
  it('has the fields of the application, and no others', async () => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.setHeader('Access-Control-Allow-Origin', OTHER)
        releaseGuard(response)
        response.writeHead(200, ['Vary', 'X-Own'])
        response.end('ok')
      }),
    )
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', OTHER],
      ['vary', 'X-Own'],
    ])
  })

  it('need not have been guarded', () => {
    expect(() => releaseGuard({})).not.toThrow()
  })
})

describe('the forms of writeHead', () => {
  const FIELDS = { 'Access-Control-Allow-Origin': OTHER, 'X-A': '1' }
  const forms: [string, unknown[], string][] = [
    ['a status', [201], 'Created'],
    ['a status and a reason', [201, 'Made'], 'Made'],
    ['no reason, spelt out', [201, undefined, FIELDS], 'Created'],
    ['null for a reason', [201, null, FIELDS], 'Created'],
    ['fields where the reason is', [201, FIELDS], 'Created'],
    ['a reason and no fields', [201, 'Made', undefined], 'Made'],
    ['a reason and fields', [201, 'Made', FIELDS], 'Made'],
    ['a reason and a flat list', [201, 'Made', Object.entries(FIELDS).flat()], 'Made'],
    ['an empty list', [201, []], 'Created'],
    ['an empty object', [201, {}], 'Created'],
    ['a status as text', ['201', FIELDS], 'Created'],
  ]

  it.each(forms)('%s', async (_title, parameters, reason) => {
    const reasons: (string | undefined)[] = []
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        expect((response.writeHead as (...all: unknown[]) => unknown)(...parameters)).toBe(response)
        reasons.push(response.statusMessage)
        response.end('ok')
      }),
    )
    const answered = await send(from(APP))
    expect(seen(answered)).toEqual(allowed(201))
    expect(reasons).toEqual([reason])
    const given = parameters.some((one) => typeof one === 'object' && String(one) !== '')
    const carriesFields = given && JSON.stringify(parameters).includes('X-A')
    expect(answered.rawHeaders.some(([name]) => name === 'X-A')).toBe(carriesFields)
  })

  it('changes nothing that it is given', async () => {
    const object = Object.freeze({ ...FIELDS, Vary: Object.freeze(['Accept']) })
    const flat = Object.freeze(['Access-Control-Allow-Origin', OTHER])
    const pairs = Object.freeze([Object.freeze(['Access-Control-Allow-Origin', OTHER])])
    for (const given of [object, flat, pairs]) {
      const send = await serve(
        withCors(OPTIONS, (_request, response) => {
          response.writeHead(200, given as never)
          response.end('ok')
        }),
      )
      const [status, origin] = seen(await send(from(APP)))
      expect([status, origin]).toEqual([200, ['access-control-allow-origin', APP]])
    }
    expect(object).toEqual({ ...FIELDS, Vary: ['Accept'] })
  })

  it('keeps a field named __proto__', async () => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.writeHead(200, JSON.parse('{"__proto__":"1"}'))
        response.end('ok')
      }),
    )
    const answered = await send(from(APP))
    expect(seen(answered)).toEqual(allowed(200))
    expect(answered.rawHeaders).toContainEqual(['__proto__', '1'])
  })

  it('lets a given Vary replace a stored one, as Node does', async () => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.setHeader('Vary', 'Accept')
        response.writeHead(200, { VARY: 'X-Given' })
        response.end('ok')
      }),
    )
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'X-Given, Origin'],
    ])
  })

  it.each([
    ['an object', { 'X-A': '1' }],
    ['a list', ['X-A', '1']],
  ])('keeps a stored Vary, where none is given in %s', async (_form, fields) => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.setHeader('Vary', 'Accept')
        response.writeHead(200, fields as never)
        response.end('ok')
      }),
    )
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept, Origin'],
    ])
  })

  const refusedByNode: [string, unknown[], string][] = [
    ['a list without its last value', [200, ['X-A']], 'ERR_INVALID_ARG_VALUE'],
    ['a value that is no header', [200, { 'X-A': 'line\nbreak' }], 'ERR_INVALID_CHAR'],
    ['a status that is none', [99], 'ERR_HTTP_INVALID_STATUS_CODE'],
  ]

  it.each(refusedByNode)('leaves it to Node to refuse %s', async (_title, parameters, code) => {
    const errors: unknown[] = []
    const send = await serve(
      withCors(
        OPTIONS,
        (_request, response) => {
          const writeHead = response.writeHead as (...all: unknown[]) => unknown
          writeHead.apply(response, parameters)
        },
        { onError: (error) => errors.push((error as NodeJS.ErrnoException).code) },
      ),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(errors).toEqual([code])
  })

  it('leaves it to Node to refuse a second head', async () => {
    const codes: unknown[] = []
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.writeHead(200)
        try {
          response.writeHead(201, { 'Access-Control-Allow-Origin': OTHER })
        } catch (error) {
          codes.push((error as NodeJS.ErrnoException).code)
        }
        response.end('ok')
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(200))
    expect(codes).toEqual(['ERR_HTTP_HEADERS_SENT'])
  })

  const implied: [string, (response: ServerResponse) => void][] = [
    ['write', (response) => response.write('ok')],
    ['flushHeaders', (response) => response.flushHeaders()],
    ['end', (response) => response.end()],
  ]

  it.each(implied)('is not needed: %s', async (_title, begin) => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        begin(response)
        response.end()
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(200))
  })
})

describe('fields of a decision that are none of CORS', () => {
  const decision: CorsDecision = decide(
    definePolicy({ origin: APP, cacheControl: 60, optionsSuccessStatus: 200 }),
    { method: 'OPTIONS', origin: APP, requestMethod: 'PUT' },
  )
  const given: [string, unknown][] = [
    ['an object', { 'Cache-Control': 'no-store', 'Content-Length': '4' }],
    ['a list', ['Cache-Control', 'no-store', 'Content-Length', '4']],
  ]

  it.each(given)('give way to whoever answers in its place, with %s', async (_title, fields) => {
    const send = await serve((_request, response) => {
      guard(response as never, decision)
      response.writeHead(200, fields as never)
      response.end('else')
    })
    const { rawHeaders, body } = await send(preflight(APP))
    const lines = rawHeaders.filter(([name]) => /^(?:cache-control|content-length)$/i.test(name))
    expect(lines).toEqual([
      ['Cache-Control', 'no-store'],
      ['Content-Length', '4'],
    ])
    expect(rawHeaders).toContainEqual(['access-control-allow-origin', APP])
    expect(body).toBe('else')
  })
})

describe("a response that is not Node's", () => {
  /** The least that a test double has. */
  function double(headersSent = false) {
    const stored = new Map<string, unknown>()
    return {
      stored,
      statusCode: 200,
      headersSent,
      getHeader: (name: string) => stored.get(name.toLowerCase()) as string | undefined,
      setHeader: (name: string, value: unknown) => stored.set(name.toLowerCase(), value),
      end: () => {},
    }
  }

  it('gets its fields at once, where it has no writeHead', () => {
    const response = double()
    response.setHeader('Vary', 'Accept')
    guard(response, ALLOWED)
    expect([...response.stored]).toEqual([
      ['vary', 'Accept, Origin'],
      ['access-control-allow-origin', APP],
    ])
  })

  it('gets the fields of the last decision only, where it can forget', () => {
    const plain = double()
    const response = {
      ...plain,
      getHeaderNames: () => [...plain.stored.keys()],
      removeHeader: (name: string) => plain.stored.delete(name),
    }
    guard(response, ALLOWED)
    guard(response, decide(definePolicy(OPTIONS), { method: 'GET', origin: EVIL }))
    expect([...plain.stored]).toEqual([['vary', 'Origin']])
  })

  it('is left alone, where its head is sent', () => {
    const response = double(true)
    guard(response, ALLOWED)
    expect(response.stored.size).toBe(0)
  })
})
