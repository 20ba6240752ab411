import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type ClientHttp2Session,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  sensitiveHeaders,
} from 'node:http2'
import { type CorsDecision, decide, definePolicy, type ReplacedField } from 'crossgate'
import { releaseGuard, withCors } from 'crossgate/node'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { guard, guardLate } from '../../adapters/shared/guard.ts'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections } from './harness.ts'
import { allowed, from, preflight, refused, seen, serve } from './serving.ts'
import { CERTIFICATE, close, listen, openHttp2, sendHttp2 } from './wire.ts'

failOnUnhandledRejections()

const OTHER = 'https://other.example'
const ORIGIN = 'access-control-allow-origin'
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

/** Serves HTTP/2 until the test is over; answers a session with it. */
async function serveHttp2(
  listener: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
): Promise<ClientHttp2Session> {
  const server = createSecureServer(CERTIFICATE, listener)
  const session = await openHttp2(await listen(server))
  onTestFinished(async () => {
    session.close()
    await close(server)
  })
  return session
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

describe('behind a wrapper that was there first, and has the last word', () => {
  /** Undoes whatever came before it. */
  function overwrite(response: ServerResponse | Http2ServerResponse): void {
    onHeaders(response as ServerResponse, () => {
      response.setHeader('Access-Control-Allow-Origin', OTHER)
      response.setHeader('Access-Control-Max-Age', '5')
      response.setHeader('Vary', 'Accept-Encoding')
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    })
  }

  /** Gives its own fields to Node's `writeHead`, and stores none. */
  function overwriteGiven(fields: unknown): (response: ServerResponse) => void {
    return (response) => {
      const writeHead = response.writeHead as (...parameters: unknown[]) => ServerResponse
      response.writeHead = ((status: number) => writeHead.call(response, status, fields)) as never
    }
  }

  const own = ['Access-Control-Allow-Origin', OTHER, 'Vary', 'Accept-Encoding']
  const cookies = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']
  const wrappers: [string, (response: ServerResponse) => void][] = [
    ['stores fields', overwrite],
    [
      'gives an object',
      overwriteGiven({
        'access-control-allow-origin': OTHER,
        vary: 'Accept-Encoding',
        'Set-Cookie': ['a=1', 'b=2'],
      }),
    ],
    ['gives a list', overwriteGiven([...own, ...cookies])],
    [
      'gives pairs',
      overwriteGiven([own.slice(0, 2), own.slice(2), cookies.slice(0, 2), cookies.slice(2)]),
    ],
  ]

  it.each(wrappers)('has each field of its decision once, where it %s', async (_how, wrap) => {
    const listener = withCors(OPTIONS, (_request: IncomingMessage, response: ServerResponse) =>
      response.end('ok'),
    )
    const send = await serve((request, response) => {
      wrap(response)
      listener(request, response)
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept-Encoding, Origin'],
    ])
    expect(answer.body).toBe('ok')
    expect(answer.rawHeaders.filter(([name]) => name === 'Set-Cookie')).toEqual([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ])
    expect(seen(await send(from(EVIL)))).toEqual([200, ['vary', 'Accept-Encoding, Origin']])
  })

  it('has its fields, where the wrapper drops what it is given', async () => {
    const listener = withCors(OPTIONS, (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'X-A': '1' })
      response.end('ok')
    })
    const send = await serve((request, response) => {
      overwriteGiven(undefined)(response)
      listener(request, response)
    })
    expect(seen(await send(from(APP)))).toEqual(allowed(200))
  })

  it('has them in HTTP/2, too', async () => {
    const listener = withCors(
      OPTIONS,
      (_request: Http2ServerRequest, response: Http2ServerResponse) => response.end('ok'),
    )
    const session = await serveHttp2((request, response) => {
      overwrite(response)
      listener(request, response)
    })
    expect(seen(await sendHttp2(session, from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept-Encoding, Origin'],
    ])
    expect(seen(await sendHttp2(session, from(EVIL)))).toEqual([
      200,
      ['vary', 'Accept-Encoding, Origin'],
    ])
  })

  it('leaves a released response to it', async () => {
    const listener = withCors(OPTIONS, (_request: IncomingMessage, response: ServerResponse) => {
      releaseGuard(response)
      response.end('ok')
    })
    const send = await serve((request, response) => {
      overwriteGiven(own)(response)
      listener(request, response)
    })
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', OTHER],
      ['vary', 'Accept-Encoding'],
    ])
  })

  it('leaves a released one to it in HTTP/2, too', async () => {
    const listener = withCors(
      OPTIONS,
      (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        releaseGuard(response)
        response.end('ok')
      },
    )
    const session = await serveHttp2((request, response) => {
      response.writeHead = response.writeHead.bind(response)
      response.setHeader('Vary', 'Accept')
      listener(request, response)
    })
    expect(seen(await sendHttp2(session, from(APP)))).toEqual([200, ['vary', 'Accept']])
  })

  it('is in its own place, where what is wrapped does not come from Node', () => {
    const heads: unknown[] = []
    const response = {
      statusCode: 200,
      headersSent: false,
      getHeader: () => undefined,
      setHeader: () => {},
      end: () => {},
      writeHead: (...parameters: unknown[]) => heads.push(parameters),
    }
    guard(response, ALLOWED)
    response.writeHead(200, [])
    expect(heads).toEqual([[200, ['access-control-allow-origin', APP, 'vary', 'Origin']]])
  })

  it('decides late once, and holds that', async () => {
    let decisions = 0
    const send = await serve((_request, response) => {
      overwrite(response)
      guardLate(response as never, { headers: {} }, () => {
        decisions += 1
        return { decision: ALLOWED }
      })
      response.end('ok')
    })
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'Accept-Encoding, Origin'],
    ])
    expect(decisions).toBe(1)
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
    ['no value for Vary', [200, { vary: undefined }], 'ERR_HTTP_INVALID_HEADER_VALUE'],
    [
      'one Vary of two without a value',
      [200, { vary: 'Accept', Vary: undefined }],
      'ERR_HTTP_INVALID_HEADER_VALUE',
    ],
    [
      'no value for Vary in a list',
      [200, ['Vary', undefined, 'Vary', 'Accept']],
      'ERR_HTTP_INVALID_HEADER_VALUE',
    ],
    ['a pair of Vary and nothing', [200, [['Vary']]], 'ERR_HTTP_INVALID_HEADER_VALUE'],
    ['a Vary that is no header', [200, { Vary: 'Accept\n' }], 'ERR_INVALID_CHAR'],
    ['a symbol for Vary', [200, { Vary: Symbol('Accept') }], 'TypeError'],
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
        {
          onError: (error) => {
            const { code, name } = error as NodeJS.ErrnoException
            errors.push(code ?? name)
          },
        },
      ),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(errors).toEqual([code])
  })

  it.each([undefined, null])('leaves it to Node to refuse %s for Vary in HTTP/2', async (value) => {
    const codes: unknown[] = []
    const listener = withCors(
      OPTIONS,
      (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        response.writeHead(200, { vary: value } as never)
      },
      { onError: (error) => codes.push((error as NodeJS.ErrnoException).code) },
    )
    const session = await serveHttp2(listener)
    expect(seen(await sendHttp2(session, from(APP)))).toEqual(allowed(500))
    expect(codes).toEqual(['ERR_HTTP2_INVALID_HEADER_VALUE'])
  })

  it('sends null for Vary as text, as Node does, and the Origin', async () => {
    const send = await serve(
      withCors(OPTIONS, (_request, response) => {
        response.writeHead(200, { vary: null } as never)
        response.end('ok')
      }),
    )
    expect(seen(await send(from(APP)))).toEqual([
      200,
      ['access-control-allow-origin', APP],
      ['vary', 'null, Origin'],
    ])
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

describe('an attempt to send a head that fails', () => {
  it('is told of once, by what is sent then', async () => {
    const told: unknown[] = []
    const onReplaced = (replaced: readonly ReplacedField[]): void => {
      told.push(replaced.map(({ values }) => values))
    }
    const send = await serve(
      withCors({ origin: APP, onReplaced }, (_request, response) => {
        expect(() => response.writeHead(200, { [ORIGIN]: '*', 'X-Bad': 'a\r\n' })).toThrow()
        response.writeHead(500, { [ORIGIN]: OTHER }).end()
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(told).toEqual([[[OTHER]]])
  })

  it('fails as ever, where what it is given fails when it is read', async () => {
    const told: unknown[] = []
    const onReplaced = (replaced: readonly ReplacedField[]): void => {
      told.push(replaced.map(({ values }) => values))
    }
    const send = await serve(
      withCors({ origin: APP, onReplaced }, (_request, response) => {
        response.setHeader(ORIGIN, 'https://stored.example')
        const failing = Object.defineProperty({}, 'X-Bad', {
          enumerable: true,
          get: () => {
            throw new Error('read')
          },
        })
        expect(() => response.writeHead(200, failing)).toThrow('read')
        response.writeHead(500, { [ORIGIN]: OTHER }).end()
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(told).toEqual([[[OTHER]]])
  })
})

describe('a field that Node refuses', () => {
  const refusedFields: readonly [string, unknown[]][] = [
    ['a CORS name with a space', [{ [`${ORIGIN} `]: '*' }]],
    ['a CORS name with a colon', [{ [`${ORIGIN}:`]: '*' }]],
    ['a CORS value with a line break, in a list', [[[ORIGIN, ['*', 'b\r\n']]]]],
    ['a CORS value beyond Latin-1', [{ [ORIGIN]: '\u0168' }]],
    ['a CORS value that is no text', [{ [ORIGIN]: Object.create(null) }]],
    ['a CORS value that is undefined', [{ [ORIGIN]: undefined }]],
    ['a CORS value that is a symbol', [{ [ORIGIN]: Symbol('value') }]],
  ]

  it.each(refusedFields)('is refused as without the guard: %s', async (_what, parameters) => {
    const handler = (_request: IncomingMessage, response: ServerResponse): void => {
      try {
        response.writeHead(200, ...(parameters as [])).end()
      } catch (error) {
        response.writeHead(500).end((error as Error).message)
      }
    }
    const bare = await (await serve(handler))(from(APP))
    const guarded = await (await serve(withCors({ origin: APP, onReplaced: () => {} }, handler)))(
      from(APP),
    )
    expect(bare.status).toBe(500)
    expect([guarded.status, guarded.body]).toEqual([500, bare.body])
    expect(seen(guarded)).toEqual(allowed(500))
  })
})

describe("HTTP/2's streams", () => {
  it('carry the decision also where a handler answers past its response', async () => {
    const session = await serveHttp2(
      withCors(OPTIONS, (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        response.stream.respond({ ':status': 202, [ORIGIN]: '*', vary: 'Accept' })
        response.stream.end()
      }),
    )
    expect(seen(await sendHttp2(session, from(APP)))).toEqual([
      202,
      [ORIGIN, APP],
      ['vary', 'Accept, Origin'],
    ])
  })

  it('keep what is declared sensitive', async () => {
    let declared: unknown
    const session = await serveHttp2(
      withCors(OPTIONS, (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        response.stream.respond({ 'x-secret': '1', [sensitiveHeaders as never]: ['x-secret'] })
        declared = (response.stream.sentHeaders as Record<symbol, unknown>)[
          sensitiveHeaders as symbol
        ]
        response.stream.end()
      }),
    )
    expect(seen(await sendHttp2(session, from(APP)))).toEqual(allowed(200))
    expect(declared).toEqual(['x-secret'])
  })
})
