/** Where the guard stands in a response of HTTP/1, and what it leaves there. */

import { type IncomingMessage, ServerResponse } from 'node:http'
import { decide, definePolicy } from 'crossgate'
import { releaseGuard, withCors } from 'crossgate/node'
import { describe, expect, it } from 'vitest'
import { guard } from '../../adapters/shared/guard.ts'
import { hasInside } from '../../adapters/shared/inside.ts'
import type { NodeResponse } from '../../adapters/shared/response.ts'
import { APP } from '../tables/exchanges.ts'
import { from, preflight, seen, serve } from './serving.ts'

const POLICY = definePolicy({ origin: APP })
const ALLOWED = decide(POLICY, { method: 'GET', origin: APP })
const COVERED = [200, ['access-control-allow-origin', APP], ['vary', 'Origin']]

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** The names and symbols of its own that a response gets. */
function added(response: ServerResponse, action: () => void): PropertyKey[] {
  const before = new Set(Reflect.ownKeys(response))
  action()
  return Reflect.ownKeys(response).filter((key) => !before.has(key))
}

function guardIt(response: ServerResponse): void {
  guard(response as unknown as NodeResponse, ALLOWED)
}

/** As Express does it, for every application and for every one that is mounted in it. */
function withPrototype(response: ServerResponse): void {
  Object.setPrototypeOf(response, Object.create(Object.getPrototypeOf(response)))
}

describe('the inside of a response', () => {
  it('is known, without a request that anybody could watch', () => {
    expect(hasInside(new ServerResponse({ method: 'GET' } as never) as never)).toBe(true)
  })

  it('is unknown where a response only looks like one of Node', () => {
    const lookAlike = { writeHead: () => {}, _storeHeader: () => {} }
    expect(hasInside(lookAlike as never)).toBe(false)
    expect(hasInside(Object.create(lookAlike))).toBe(false)
  })
})

const listeners: readonly [string, Listener, PropertyKey[]][] = [
  ['as Node made it', () => {}, ['_storeHeader', Symbol.for('crossgate.guard')]],
  // A property costs much more there than elsewhere.
  [
    'with the prototype of a framework',
    (_request, response) => withPrototype(response),
    ['_storeHeader'],
  ],
]

describe.each(listeners)('a response %s', (_title, prepare, properties) => {
  it('gets no more than is needed, and is covered', async () => {
    let keys: PropertyKey[] = []
    const send = await serve((request, response) => {
      prepare(request, response)
      keys = added(response, () => guardIt(response))
      response.end('ok')
    })
    expect(seen(await send(from(APP)))).toEqual(COVERED)
    expect([...keys].sort(byText)).toEqual([...properties].sort(byText))
  })

  it('is guarded once, with the last decision', async () => {
    let keys: PropertyKey[] = []
    const send = await serve((request, response) => {
      prepare(request, response)
      guard(response as never, decide(POLICY, { method: 'GET' }))
      keys = added(response, () => guardIt(response))
      response.end('ok')
    })
    expect(seen(await send(from(APP)))).toEqual(COVERED)
    expect(keys).toEqual([])
  })

  it('is let go', async () => {
    const send = await serve((request, response) => {
      prepare(request, response)
      guardIt(response)
      releaseGuard(response)
      response.end('ok')
    })
    expect(seen(await send(from(APP)))).toEqual([200])
  })

  it('stays covered when its prototype changes later', async () => {
    const send = await serve((request, response) => {
      prepare(request, response)
      guardIt(response)
      withPrototype(response)
      response.end('ok')
    })
    expect(seen(await send(from(APP)))).toEqual(COVERED)
  })

  it('shows afterwards what was sent, among the fields that were stored', async () => {
    let names: string[] = []
    const send = await serve((request, response) => {
      prepare(request, response)
      guardIt(response)
      response.setHeader('X-Total', '7')
      response.end('ok')
      names = response.getHeaderNames()
    })
    await send(from(APP))
    expect(names).toEqual(['x-total', 'access-control-allow-origin', 'vary'])
  })
})

describe('after its head, a response shows what was sent', () => {
  const applications: readonly [string, Listener, string[]][] = [
    [
      'an answer',
      (_request, response) => response.end('ok'),
      ['access-control-allow-origin', 'vary'],
    ],
    [
      'an answer with a field of its own',
      (_request, response) => response.setHeader('X-Total', '7').end('ok'),
      ['x-total', 'access-control-allow-origin', 'vary'],
    ],
  ]

  it.each(applications)('%s', async (_title, application, expected) => {
    let sent: object = {}
    const listener = withCors({ origin: APP }, application)
    const send = await serve((request, response) => {
      // Servers in the cloud make their result of it.
      response.on('finish', () => {
        sent = { ...response.getHeaders() }
      })
      listener(request, response)
    })
    await send(from(APP))
    expect(Object.keys(sent)).toEqual(expected)
    expect(sent).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' })
  })

  it('a preflight', async () => {
    let sent: object = {}
    const listener = withCors({ origin: APP, allowedHeaders: ['x-token'] }, () => {})
    const send = await serve((request, response) => {
      response.on('finish', () => {
        sent = { ...response.getHeaders() }
      })
      listener(request, response)
    })
    await send(preflight(APP))
    expect(sent).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      'access-control-allow-headers': 'x-token',
      vary: 'Origin',
    })
  })
})

it('a head that fails leaves nothing behind', async () => {
  const names: string[][] = []
  const send = await serve((_request, response) => {
    guardIt(response)
    response.setHeader('X-Stored', '1')
    response.setHeader('Access-Control-Allow-Origin', '*')
    // Node refuses trailers of a response whose length is known.
    response.setHeader('Trailer', 'X-Sum')
    response.setHeader('Content-Length', '2')
    try {
      response.writeHead(200)
    } catch {
      names.push(response.getHeaderNames())
    }
    response.removeHeader('Trailer')
    releaseGuard(response)
    response.end('ok')
  })
  expect(seen(await send(from(APP)))).toEqual([200, ['access-control-allow-origin', '*']])
  expect(names).toEqual([['x-stored', 'access-control-allow-origin', 'trailer', 'content-length']])
})

it('a class with a writeHead of its own is guarded there', () => {
  const sent: unknown[] = []
  class Recorded extends ServerResponse {
    override writeHead(...parameters: unknown[]): this {
      sent.push(...parameters, { ...this.getHeaders() })
      return this
    }
  }
  const response = new Recorded({ method: 'GET' } as never)
  response.setHeader('X-Total', '7')
  guardIt(response)
  response.writeHead(200)
  const fields = { 'x-total': '7', 'access-control-allow-origin': APP, vary: 'Origin' }
  expect(sent.filter((one) => one !== undefined)).toEqual([200, fields])
})

const derivable: readonly [string, (request: IncomingMessage) => ServerResponse][] = [
  ['as Node made it', (request) => new ServerResponse(request)],
  [
    'of a class with a writeHead of its own',
    (request) =>
      new (class extends ServerResponse {
        override writeHead(...parameters: unknown[]): this {
          return super.writeHead(...(parameters as [number]))
        }
      })(request),
  ],
]

it.each(derivable)('what is derived from a response %s is held, too', (_title, make) => {
  const response = make({ method: 'GET' } as never)
  guardIt(response)
  const derived = Object.create(response) as ServerResponse & { _header: string }
  derived.setHeader('Access-Control-Allow-Origin', '*')
  derived.writeHead(200)
  const lines = derived._header.split('\r\n').filter((line) => /^(access-|vary)/i.test(line))
  expect(lines).toEqual([`access-control-allow-origin: ${APP}`, 'vary: Origin'])
})

it('what somebody else has put inside is called in turn', async () => {
  const lines: unknown[] = []
  const send = await serve((_request, response) => {
    const inside = response as unknown as { _storeHeader: (...parameters: unknown[]) => unknown }
    const own = inside._storeHeader
    inside._storeHeader = function (...parameters) {
      lines.push(parameters[0])
      return own.apply(this, parameters)
    }
    guardIt(response)
    response.end('ok')
  })
  expect(seen(await send(from(APP)))).toEqual(COVERED)
  expect(lines).toEqual(['HTTP/1.1 200 OK\r\n'])
})

type Given = Parameters<ServerResponse['writeHead']>[1]

/** What an application gives to `writeHead` or stores, one request after the other with one decision. */
const varying: readonly [string, (response: ServerResponse, vary: string) => void][] = [
  ['given as an object', (response, vary) => response.writeHead(200, { vary })],
  ['given as an object in another case', (response, Vary) => response.writeHead(200, { Vary })],
  ['given as a list', (response, vary) => response.writeHead(200, ['vary', vary] as Given)],
  ['stored', (response, vary) => response.setHeader('vary', vary)],
]

describe.each(varying)('a Vary that is %s', (_title, write) => {
  it('is merged, each response its own', async () => {
    const given = ['Accept-Encoding', 'Accept-Encoding', 'ORIGIN, accept', '*', 'Accept-Encoding']
    const left = [...given]
    const send = await serve((_request, response) => {
      guardIt(response)
      write(response, left.shift() ?? '')
      response.end('ok')
    })
    const merged: unknown[] = []
    for (const _ of given) {
      const [status, ...lines] = seen(await send(from(APP)))
      expect([status, lines[0]]).toEqual([200, ['access-control-allow-origin', APP]])
      merged.push(lines.slice(1).map(([, value]) => value))
    }
    const encoded = ['Accept-Encoding, Origin']
    expect(merged).toEqual([encoded, encoded, ['ORIGIN, accept'], ['*'], encoded])
  })
})

it.each([
  ['a line break', 'a\r\nb'],
  ['a letter beyond Latin-1', '\u20ac'],
])('a Vary with %s stays refused', async (_title, vary) => {
  const errors: unknown[] = []
  const send = await serve((_request, response) => {
    guardIt(response)
    try {
      response.writeHead(200, { vary, 'x-total': '7' })
    } catch (error) {
      errors.push((error as { code?: unknown }).code)
    }
    response.end('ok')
  })
  expect(seen(await send(from(APP)))).toEqual(COVERED)
  expect(errors).toEqual(['ERR_INVALID_CHAR'])
})

function byText(one: PropertyKey, other: PropertyKey): number {
  return String(one) < String(other) ? -1 : 1
}
