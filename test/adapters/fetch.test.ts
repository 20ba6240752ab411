import { createRequire } from 'node:module'
import { definePolicy, type ReplacedField, reloadable } from 'crossgate'
import { createCors, type FetchSettings, withCors } from 'crossgate/fetch'
import { Elysia } from 'elysia'
import { build } from 'esbuild'
import { H3, HTTPError } from 'h3'
import { Hono } from 'hono'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { APP, EVIL, PARTNER } from '../tables/exchanges.ts'
import { bridge, type FetchHandler } from './fetch-harnesses.ts'
import { failOnUnhandledRejections, otherLines } from './harness.ts'
import { allowed, from, granted, refused, seen, serve } from './serving.ts'

const POLICY = { origin: [APP, PARTNER] }
const URL_ = 'http://localhost:3000/'

failOnUnhandledRejections()

function asking(origin?: string, init: RequestInit = {}): Request {
  const headers = new Headers(init.headers)
  if (origin !== undefined) headers.set('Origin', origin)
  return new Request(URL_, { ...init, headers })
}

function asksFirst(origin: string): Request {
  return asking(origin, { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'PUT' } })
}

/** Errors of clients and of frameworks that have the fields of somebody else's response. */
const ERRORS_LIKE_RESPONSES: [string, unknown][] = [
  [
    'an error of an API client',
    Object.assign(new Error('401 wrong key'), {
      status: 401,
      headers: new Headers({ 'Set-Cookie': 'upstream=1', 'Content-Length': '251' }),
    }),
  ],
  [
    'an error with all that a response has',
    Object.assign(new Error('no'), {
      status: 401,
      headers: new Headers(),
      body: null,
      clone: () => new Response(),
    }),
  ],
  ['an HTTPError of h3', new HTTPError({ status: 422, headers: { 'X-A': '1' }, data: { a: 1 } })],
  ['what a client threw that is no Error', { status: 401, headers: new Headers(), data: 'no' }],
]

/** All that is of concern: the status, and every field. */
function whole({ status, headers }: Response): [number, ...string[][]] {
  return [status, ...[...headers].sort(([left], [right]) => (left < right ? -1 : 1))]
}

const TEXT = ['content-type', 'text/plain;charset=UTF-8']
const FOR_APP = [
  ['access-control-allow-origin', APP],
  ['vary', 'Origin'],
]
const FOR_NOBODY = [['vary', 'Origin']]

describe('a response of the handler', () => {
  it('is never changed', async () => {
    const own = new Response('own', { headers: { 'Access-Control-Allow-Origin': '*' } })
    const answer = await withCors(POLICY, () => own)(asking(APP))
    expect(answer).not.toBe(own)
    expect(whole(own)).toEqual([200, ['access-control-allow-origin', '*'], TEXT])
    expect(whole(answer)).toEqual([200, FOR_APP[0], TEXT, FOR_APP[1]])
  })

  it('may be shared between requests at the same time, and leaks nothing', async () => {
    const shared = new Response(null, { status: 204, headers: { 'X-Total': '7' } })
    const handler = withCors(POLICY, async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
      return shared
    })
    const origins = [APP, EVIL, PARTNER, undefined, APP, PARTNER]
    const answers = await Promise.all(origins.map((origin) => handler(asking(origin))))
    expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual([
      APP,
      null,
      PARTNER,
      null,
      APP,
      PARTNER,
    ])
    expect(whole(shared)).toEqual([204, ['x-total', '7']])
  })

  it('may have headers that nobody may change', async () => {
    const redirect = Response.redirect('https://elsewhere.example/', 302)
    expect(() => redirect.headers.set('vary', 'Origin')).toThrow(TypeError)
    const answer = await withCors(POLICY, () => redirect)(asking(APP))
    const location = ['location', 'https://elsewhere.example/']
    expect(whole(answer)).toEqual([302, FOR_APP[0], location, FOR_APP[1]])
  })

  it('passes as it is where it is Response.error()', async () => {
    const error = Response.error()
    expect(await withCors(POLICY, () => error)(asking(APP))).toBe(error)
  })

  it('passes as it is where it switches protocols', async () => {
    // Node makes no such Response; Workers and Deno do.
    const upgrade = Object.defineProperty(new Response(null), 'status', { value: 101 })
    expect(await withCors(POLICY, () => upgrade)(asking(APP))).toBe(upgrade)
    expect([...upgrade.headers]).toEqual([])
  })

  it('keeps what a platform knows about it besides', async () => {
    // Workers read it from what is handed over as the second argument.
    const seenInit: unknown[] = []
    const own = new Response('own')
    const Original = globalThis.Response
    vi.stubGlobal(
      'Response',
      class extends Original {
        constructor(...parameters: ConstructorParameters<typeof Response>) {
          super(...parameters)
          seenInit.push(parameters[1])
        }
      },
    )
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    await withCors(POLICY, () => own)(asking(APP))
    expect(seenInit).toEqual([own])
  })

  it('keeps its type where that is added only when it is sent, as in Bun', async () => {
    const Original = globalThis.Response
    class HidingResponse extends Original {
      readonly #body: unknown
      constructor(...parameters: ConstructorParameters<typeof Response>) {
        super(...parameters)
        this.#body = parameters[0]
        const { headers } = parameters[1] ?? {}
        if (!new Headers(headers).has('content-type')) this.headers.delete('content-type')
      }
      override clone = (): Response => new HidingResponse(this.#body as string, this)
      sentType(): string {
        const byBody = typeof this.#body === 'string' ? 'text/plain' : 'application/octet-stream'
        return this.headers.get('content-type') ?? byBody
      }
    }
    vi.stubGlobal('Response', HidingResponse)
    vi.resetModules()
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    const { withCors: withCorsThere } = await import('crossgate/fetch')
    const own = new HidingResponse('own', { status: 201 })
    const answer = (await withCorsThere(POLICY, () => own)(asking(APP))) as HidingResponse
    expect(whole(answer)).toEqual([201, ...FOR_APP])
    expect(await answer.text()).toBe('own')
    expect(answer.sentType()).toBe('text/plain')
    expect(own.bodyUsed).toBe(true)
    const typed = new HidingResponse('p {}', { headers: { 'Content-Type': 'text/css' } })
    const styled = (await withCorsThere(POLICY, () => typed)(asking(APP))) as HidingResponse
    expect(styled.sentType()).toBe('text/css')
  })

  it('is a stream, whose chunks come as they are made', async () => {
    let push: ReadableStreamDefaultController | undefined
    const body = new ReadableStream({
      start: (controller) => {
        push = controller
      },
    })
    const answer = await withCors(POLICY, () => new Response(body))(asking(APP))
    const reader = (answer.body as ReadableStream).getReader()
    push?.enqueue(new Uint8Array([1]))
    expect((await reader.read()).value).toEqual(new Uint8Array([1]))
    push?.enqueue(new Uint8Array([2]))
    expect((await reader.read()).value).toEqual(new Uint8Array([2]))
  })

  it('is a stream that fails later, which its reader sees', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error('the source is away')),
    })
    const answer = await withCors(POLICY, () => new Response(body))(asking(APP))
    expect(whole(answer)).toEqual([200, ...FOR_APP])
    await expect(answer.text()).rejects.toThrow('the source is away')
  })

  it('is a stream that is given up, which its source hears', async () => {
    const cancel = vi.fn()
    const body = new ReadableStream({ cancel })
    const answer = await withCors(POLICY, () => new Response(body))(asking(APP))
    await answer.body?.cancel('enough')
    expect(cancel).toHaveBeenCalledWith('enough')
  })

  it('may be one of another copy of the Fetch API', async () => {
    // That of Yoga, which is no instance of the process's own class.
    const yoga = createRequire(createRequire(import.meta.url).resolve('graphql-yoga'))
    const { Response: Foreign } = yoga('@whatwg-node/fetch') as { Response: typeof Response }
    const own = new Foreign('own', { status: 201, headers: { 'X-Total': '7' } })
    expect(own).not.toBeInstanceOf(Response)
    const answer = await withCors(POLICY, () => own)(asking(APP))
    expect([answer.status, answer.headers.get('x-total')]).toEqual([201, '7'])
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP)
    expect(await answer.text()).toBe('own')
  })

  it('is told about where it had CORS fields', async () => {
    const told: (readonly ReplacedField[])[] = []
    const policy = {
      ...POLICY,
      onReplaced: (fields: readonly ReplacedField[]) => told.push(fields),
    }
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Max-Age': '1' }
    await withCors(policy as never, () => new Response('', { headers }))(asking(EVIL))
    expect(told).toEqual([
      [
        { name: 'access-control-allow-origin', values: ['*'], sent: undefined },
        { name: 'access-control-max-age', values: ['1'], sent: undefined },
      ],
    ])
  })
})

describe('preflights', () => {
  it.each([
    ['are granted', APP, POLICY, granted()],
    ['are refused', EVIL, POLICY, refused(403)],
    ['are granted with another status', APP, { ...POLICY, optionsSuccessStatus: 200 }, granted()],
  ])('%s', async (_title, origin, policy, expected) => {
    const handler = vi.fn(() => new Response('no'))
    const answer = await withCors(policy, handler)(asksFirst(origin))
    const [status, ...fields] = expected
    const other = 'optionsSuccessStatus' in policy
    expect(whole(answer)).toEqual([
      other ? 200 : status,
      ...fields.filter(([name]) => name !== 'vary'),
      ...(other ? [['content-length', '0']] : []),
      ['vary', 'Origin'],
    ])
    expect(await answer.text()).toBe('')
    expect(handler).not.toHaveBeenCalled()
  })

  it('are answered anew each time, since a Response is read once', async () => {
    const handler = withCors(POLICY, () => new Response('no'))
    expect(await handler(asksFirst(APP))).not.toBe(await handler(asksFirst(APP)))
  })
})

describe('a handler that fails', () => {
  const thrown = new Error('thrown')
  const failing = (): Response => {
    throw thrown
  }
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterEach(() => print.mockClear())

  const ask = (handler: FetchHandler, onError?: FetchSettings<Request>['onError']) =>
    withCors(POLICY, handler, { onError })(asking(APP))

  it('is printed, and answered with an empty 500', async () => {
    const answer = await ask(failing)
    expect(whole(answer)).toEqual([500, ...FOR_APP])
    expect(await answer.text()).toBe('')
    expect(print.mock.calls).toEqual([[thrown]])
  })

  it('goes on to the platform, by option', async () => {
    await expect(ask(failing, 'rethrow')).rejects.toBe(thrown)
    await expect(ask(() => Promise.reject(null), 'rethrow')).rejects.toBe(null)
    expect(print).not.toHaveBeenCalled()
  })

  it.each([
    ['nothing', () => undefined],
    ['a promise of nothing', async () => {}],
  ])('is answered with an empty 500 where onError returns %s', async (_title, respond) => {
    const onError = vi.fn(respond)
    const request = asking(APP)
    const answer = await withCors(POLICY, failing, { onError })(request)
    expect(whole(answer)).toEqual([500, ...FOR_APP])
    expect(onError.mock.calls).toEqual([[thrown, request]])
    expect(print).not.toHaveBeenCalled()
  })

  it.each([
    ['a response', () => new Response('sorry', { status: 503 })],
    ['a promise of one', async () => new Response('sorry', { status: 503 })],
    [
      'one that it throws',
      () => {
        throw new Response('sorry', { status: 503 })
      },
    ],
  ] as const)('is answered with what onError returns: %s', async (title, onError) => {
    const answer = await ask(failing, onError)
    if (title === 'one that it throws') {
      // Nobody throws answers to somebody else's errors.
      expect(answer.status).toBe(500)
      expect(print.mock.calls).toEqual([[thrown], [expect.any(Response)]])
      return
    }
    expect(whole(answer)).toEqual([503, FOR_APP[0], TEXT, FOR_APP[1]])
    expect(await answer.text()).toBe('sorry')
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('and again')
      },
      'and again',
    ],
    ['rejects', () => Promise.reject(new Error('and again')), 'and again'],
    ['returns no response', () => 'sorry', 'onError returned a string; return a Response'],
  ])('is printed, too, where onError %s', async (_title, onError, message) => {
    const answer = await ask(failing, onError as never)
    expect(whole(answer)).toEqual([500, ...FOR_APP])
    expect(print.mock.calls).toEqual([[thrown], [expect.objectContaining({ message })]])
  })

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['text', 'a string'],
    [200, 'a number'],
    [{ ok: true }, 'an object of Object'],
    [Object.create(null), 'an object of no class'],
    [new Headers(), 'an object of Headers'],
    [() => new Response(), 'a function'],
  ])('by returning %s is told what is wrong', async (returned, name) => {
    const message = `the handler returned ${name}; return a Response`
    expect(whole(await ask(() => returned as never))).toEqual([500, ...FOR_APP])
    expect(print.mock.calls).toEqual([[expect.objectContaining({ name: 'TypeError', message })]])
    await expect(ask((async () => returned) as never, 'rethrow')).rejects.toThrow(message)
  })

  it('by returning a response that was read already is a failure', async () => {
    const used = new Response('used')
    await used.text()
    expect(whole(await ask(() => used))).toEqual([500, ...FOR_APP])
    expect(print).toHaveBeenCalledTimes(1)
  })

  describe.each(ERRORS_LIKE_RESPONSES)('by throwing %s, which is no answer', (_name, error) => {
    const throwing = (): Response => {
      throw error
    }

    it('is printed, and answered with an empty 500', async () => {
      expect(whole(await ask(throwing))).toEqual([500, ...FOR_APP])
      expect(print.mock.calls).toEqual([[error]])
    })

    it('is seen by onError', async () => {
      const onError = vi.fn()
      expect(whole(await ask(throwing, onError))).toEqual([500, ...FOR_APP])
      expect(onError.mock.calls).toEqual([[error, expect.any(Request)]])
    })

    it('goes on as it is, by option', async () => {
      await expect(ask(throwing, 'rethrow')).rejects.toBe(error)
    })
  })

  it('by returning such an error is told what is wrong', async () => {
    const message = 'the handler returned an object of HTTPError; return a Response'
    expect(whole(await ask(() => new HTTPError('no') as never))).toEqual([500, ...FOR_APP])
    expect(print.mock.calls).toEqual([[expect.objectContaining({ message })]])
  })

  describe('by passing on a status that no Response can be made with', () => {
    const cancel = vi.fn()
    // Servers send such; `fetch` gives it, and nobody can copy it.
    const upstream = () =>
      Object.defineProperty(new Response(new ReadableStream({ cancel })), 'status', { value: 999 })
    const message =
      'the response has status 999, which no Response can be made with; answer with another'
    afterEach(() => cancel.mockClear())

    it('is printed, and answered with an empty 500', async () => {
      expect(whole(await ask(upstream))).toEqual([500, ...FOR_APP])
      expect(print.mock.calls).toEqual([[expect.objectContaining({ name: 'RangeError', message })]])
      expect(cancel).toHaveBeenCalledTimes(1)
    })

    it('is seen by onError, which may answer', async () => {
      const answer = await ask(upstream, () => new Response(null, { status: 502 }))
      expect(whole(answer)).toEqual([502, ...FOR_APP])
      expect(print).not.toHaveBeenCalled()
    })

    it('goes on to the platform, by option', async () => {
      await expect(ask(upstream, 'rethrow')).rejects.toThrow(message)
    })

    it('by onError itself, is answered with an empty 500', async () => {
      expect(whole(await ask(failing, upstream))).toEqual([500, ...FOR_APP])
      expect(print.mock.calls).toEqual([[thrown], [expect.objectContaining({ message })]])
    })

    it('comes so from a server', async () => {
      const send = await serve((_request, response) => {
        response.writeHead(999, 'Request denied').end('denied')
      })
      const bridged = await serve(
        bridge(withCors(POLICY, () => fetch(`http://localhost:${send.port}/`))),
      )
      expect(seen(await bridged(from(APP)))).toEqual(allowed(500))
    })
  })

  describe('by throwing a Response, which is an answer', () => {
    const answering = (): Promise<Response> =>
      Promise.reject(new Response('log in', { status: 401 }))
    const expected = [401, FOR_APP[0], TEXT, FOR_APP[1]]

    it.each([
      ['by default', undefined],
      ['not even seen by onError', () => new Response('no')],
    ])('is sent, %s', async (_title, onError) => {
      const answer = await ask(answering, onError)
      expect(whole(answer)).toEqual(expected)
      expect(await answer.text()).toBe('log in')
      expect(print).not.toHaveBeenCalled()
    })

    it('is thrown with the headers, by option', async () => {
      const answer = await ask(answering, 'rethrow').catch((error: Response) => error)
      expect(whole(answer)).toEqual(expected)
    })
  })
})

describe('a look-up that fails', () => {
  const failure = new Error('the store is away')
  const away = { origin: () => Promise.reject(failure) }
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  afterEach(() => print.mockClear())

  it('is printed, and answered with an empty 500 and the headers of a refusal', async () => {
    const handler = vi.fn(() => new Response('no'))
    expect(whole(await withCors(away, handler)(asking(APP)))).toEqual([500, ...FOR_NOBODY])
    expect(print.mock.calls).toEqual([[failure]])
    expect(handler).not.toHaveBeenCalled()
  })

  it('is seen by onError, whose answer allows nobody', async () => {
    const onError = vi.fn(() => new Response('later', { status: 503 }))
    const handler = withCors(away, () => new Response('no'), { onError })
    expect(whole(await handler(asking(APP)))).toEqual([503, TEXT, ...FOR_NOBODY])
    expect(onError.mock.calls).toEqual([[failure, expect.any(Request)]])
  })

  it('goes on to the platform, by option', async () => {
    const handler = withCors(away, () => new Response('no'), { onError: 'rethrow' })
    await expect(handler(asking(APP))).rejects.toBe(failure)
  })

  it('refuses preflights', async () => {
    const handler = withCors(away, () => new Response('no'))
    expect(whole(await handler(asksFirst(APP)))).toEqual([403, ...FOR_NOBODY])
  })

  it('that takes too long ends by itself', async () => {
    const silent = { origin: () => new Promise<boolean>(() => {}), timeout: 10 }
    const handler = withCors(silent, () => new Response('no'))
    expect(whole(await handler(asking(APP)))).toEqual([500, ...FOR_NOBODY])
  })

  it('after the client is gone harms nobody', async () => {
    const abort = new AbortController()
    const slow = { origin: async () => new Promise<boolean>((done) => setTimeout(done, 5, true)) }
    const answer = withCors(slow, () => new Response('ok'))(asking(APP, { signal: abort.signal }))
    abort.abort()
    expect(whole(await answer)).toEqual([200, FOR_APP[0], TEXT, FOR_APP[1]])
  })
})

describe('what the handler gets', () => {
  it('is what the platform handed over', async () => {
    const handler = vi.fn((_request: Request, env: { key: string }, context: { id: number }) => {
      return new Response(`${env.key} ${context.id}`)
    })
    const request = asking(APP)
    const env = { key: 'k' }
    const context = { id: 1 }
    expect(await (await withCors(POLICY, handler)(request, env, context)).text()).toBe('k 1')
    expect(handler.mock.calls[0]?.[0]).toBe(request)
    expect(handler.mock.calls[0]?.[1]).toBe(env)
    expect(handler.mock.calls[0]?.[2]).toBe(context)
  })

  it('is the request that a delegate and an observer get', async () => {
    const subjects: unknown[] = []
    const request = asking(APP)
    const options = {
      ...POLICY,
      onDecision: (_decision: unknown, subject: unknown): void => {
        subjects.push(subject)
      },
    }
    await withCors(
      (subject) => {
        subjects.push(subject)
        return options
      },
      () => new Response('ok'),
    )(request)
    expect(subjects).toEqual([request, request])
  })
})

describe('sources', () => {
  it('may be replaced while the handler serves', async () => {
    const source = reloadable({ origin: APP })
    const handler = withCors(source, () => new Response(null))
    expect(whole(await handler(asking(APP)))).toEqual([200, ...FOR_APP])
    source.reload({ origin: PARTNER })
    expect(whole(await handler(asking(APP)))).toEqual([200, ...FOR_NOBODY])
  })

  it('are checked at once', () => {
    expect(() => withCors({ origin: `${APP}/` } as never, () => new Response())).toThrow(
      /#origintrailing-slash/,
    )
    expect(() => createCors({ origin: `${APP}/` } as never)).toThrow(/#origintrailing-slash/)
  })
})

describe('what a wrapper is made with is checked at once', () => {
  const ok = (): Response => new Response('ok')

  it.each([
    ['GET', "the handler is 'GET'; it must be a function (request) => response"],
    [undefined, 'the handler is undefined; it must be a function (request) => response'],
    [
      { fetch: ok },
      'the handler is an object of Object; it must be a function (request) => response',
    ],
  ])('the handler: %j', (handler, message) => {
    expect(() => withCors(POLICY, handler as never)).toThrow(new TypeError(message))
  })

  it.each([
    ['re-throw', "onError is 're-throw'; it must be a function or 'rethrow'"],
    [null, "onError is null; it must be a function or 'rethrow'"],
    [true, "onError is a boolean; it must be a function or 'rethrow'"],
    [Object.create(null), "onError is an object of no class; it must be a function or 'rethrow'"],
  ])('onError: %j', (onError, message) => {
    const settings = { onError } as never
    expect(() => withCors(POLICY, ok, settings)).toThrow(new TypeError(message))
    expect(() => createCors(POLICY, settings)).toThrow(new TypeError(message))
  })

  it.each([
    ['rethrow', "the settings are 'rethrow'"],
    [null, 'the settings are null'],
    [ok, 'the settings are a function'],
  ])('the settings: %s', (settings, named) => {
    const message = `${named}; they must be an object, such as { onError: 'rethrow' }`
    expect(() => withCors(POLICY, ok, settings as never)).toThrow(new TypeError(message))
    expect(() => createCors(POLICY, settings as never)).toThrow(new TypeError(message))
  })
})

describe('the same origin', () => {
  const handler = withCors({ origin: APP, onDisallowed: 'reject' }, () => new Response(null))
  const post = (origin: string, headers: Record<string, string>, url = URL_) =>
    handler(new Request(url, { method: 'POST', headers: { ...headers, Origin: origin } }))

  it.each([
    ['the URL has', 'http://localhost:3000', {}, URL_, 200],
    ['Host has', 'http://public.example', { Host: 'public.example' }, URL_, 200],
    ['Host has not', 'http://localhost:3000', { Host: 'public.example' }, URL_, 403],
    ['has another scheme', 'https://localhost:3000', {}, URL_, 403],
    ['has no path', 'http://localhost', {}, 'http://localhost', 200],
    ['has a query at once', 'http://localhost', {}, 'http://localhost?a=/', 200],
    ['Sec-Fetch-Site denies', 'http://localhost:3000', { 'Sec-Fetch-Site': 'none' }, URL_, 403],
    ['Sec-Fetch-Site says', EVIL, { 'Sec-Fetch-Site': 'same-origin' }, URL_, 200],
  ])('is what %s', async (_title, origin, headers, url, status) => {
    expect((await post(origin, headers as Record<string, string>, url)).status).toBe(status)
  })
})

it.each([
  ['http://localhost', 200],
  ['/path', 403],
  ['', 403],
])('a request of a framework may have the URL %j', async (url, status) => {
  const cors = createCors({ origin: APP, onDisallowed: 'reject' })
  const headers = new Headers({ Origin: 'http://localhost' })
  const request = { method: 'POST', url, headers } as unknown as Request
  expect((await cors(request, () => new Response(null))).status).toBe(status)
})

describe('only what is needed of a request is read', () => {
  const REJECTING = { ...POLICY, onDisallowed: 'reject' } as const
  const site = { headers: { 'Sec-Fetch-Site': 'same-site' } }
  const asked = ['access-control-request-method', 'access-control-request-headers']

  it.each([
    ['without Origin', POLICY, asking(), ['origin']],
    ['with Origin', POLICY, asking(APP, site), ['origin']],
    ['that is a preflight', POLICY, asksFirst(APP), ['origin', ...asked]],
    ['that may be rejected', REJECTING, asking(APP), ['origin', 'sec-fetch-site', 'host']],
    [
      'that may be rejected, with Sec-Fetch-Site',
      REJECTING,
      asking(APP, site),
      ['origin', 'sec-fetch-site'],
    ],
    [
      'that is a preflight, and may be rejected',
      REJECTING,
      asksFirst(APP),
      ['origin', 'sec-fetch-site', ...asked, 'host'],
    ],
  ])('%s', async (_title, policy, { method, url, headers }, names) => {
    const read: string[] = []
    const request = {
      method,
      url,
      headers: {
        get: (name: string) => {
          read.push(name)
          return headers.get(name)
        },
      },
    }
    await createCors(policy)(request as Request, () => new Response(null))
    expect(read).toEqual(names)
  })
})

describe('one policy inside another', () => {
  const inside = (policy: Parameters<typeof definePolicy>[0]): FetchHandler =>
    withCors(
      POLICY,
      withCors(definePolicy(policy as never), () => new Response(null)),
    )

  it('the inner one wins', async () => {
    const handler = inside({ origin: PARTNER, credentials: true })
    expect(whole(await handler(asking(APP)))).toEqual([200, ...FOR_NOBODY])
    expect(whole(await handler(asking(PARTNER)))).toEqual([
      200,
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-origin', PARTNER],
      ['vary', 'Origin'],
    ])
  })

  it('wins, too, where it allows nobody', async () => {
    expect(whole(await inside({ origin: false })(asking(APP)))).toEqual([200])
  })

  it('answers preflights that the outer one leaves to it', async () => {
    const inner = withCors({ origin: PARTNER, maxAge: 5 }, () => new Response('no'))
    const handler = withCors({ origin: APP, preflightContinue: true }, inner)
    const [status, ...fields] = granted(PARTNER)
    const maxAge = ['access-control-max-age', '5']
    expect(whole(await handler(asksFirst(PARTNER)))).toEqual([
      status,
      ...[...fields, maxAge].sort(([left = ''], [right = '']) => (left < right ? -1 : 1)),
    ])
    expect(whole(await handler(asksFirst(APP)))).toEqual([403, ...FOR_NOBODY])
  })

  it('does not win where its response was kept, and is handed out again', async () => {
    const told: unknown[] = []
    const kept = new Map<string, Response>()
    const inner = withCors({ origin: [APP, PARTNER], credentials: true }, () =>
      Response.redirect('https://elsewhere.example/', 302),
    )
    const onReplaced = (fields: readonly ReplacedField[]): void => void told.push(fields[0])
    const outer = withCors({ ...POLICY, onReplaced }, async (request: Request) => {
      const answer = kept.get(request.url) ?? (await inner(request))
      kept.set(request.url, answer)
      return answer
    })
    const location = ['location', 'https://elsewhere.example/']
    const vary = ['vary', 'Origin']
    const credentials = ['access-control-allow-credentials', 'true']
    const first = [302, credentials, ['access-control-allow-origin', APP], location, vary]
    expect(whole(await outer(asking(APP)))).toEqual(first)
    expect(whole(await outer(asking(PARTNER)))).toEqual([
      302,
      ['access-control-allow-origin', PARTNER],
      location,
      vary,
    ])
    expect(whole(await outer(asking(EVIL)))).toEqual([302, location, vary])
    expect(whole(await outer(asking()))).toEqual([302, location, vary])
    // The one for whom it was made; and what was kept is as it was.
    expect(whole(await outer(asking(APP)))).toEqual(first)
    expect(told).toHaveLength(3)
  })

  it('does not win where a kept answer was made for a request without Origin', async () => {
    const kept = await withCors(POLICY, () => new Response(null))(asking())
    const outer = withCors(POLICY, () => kept)
    expect(whole(await outer(asking(APP)))).toEqual([200, ...FOR_APP])
  })

  it('the innermost of three wins', async () => {
    const handler = withCors({ origin: EVIL }, inside({ origin: PARTNER }))
    expect(whole(await handler(asking(PARTNER)))).toEqual([
      200,
      ['access-control-allow-origin', PARTNER],
      FOR_APP[1],
    ])
    expect(whole(await handler(asking(EVIL)))).toEqual([200, ...FOR_NOBODY])
  })

  it('does not win where its response is not the answer', async () => {
    const inner = withCors({ origin: false }, () => new Response('inner'))
    const outer = withCors(POLICY, async (request: Request) => {
      const text = await (await inner(request)).text()
      return new Response(`${text} and outer`)
    })
    expect(whole(await outer(asking(APP)))).toEqual([200, FOR_APP[0], TEXT, FOR_APP[1]])
  })
})

describe('createCors', () => {
  it('is for frameworks that hand over an event', async () => {
    const cors = createCors(POLICY)
    // As SvelteKit's hooks are.
    const handle = ({
      event,
      resolve,
    }: {
      event: { request: Request }
      resolve: (event: unknown) => Response
    }) => cors(event.request, () => resolve(event))
    const resolve = vi.fn(() => new Response('page'))
    const event = { request: asking(APP) }
    expect(whole(await handle({ event, resolve }))).toEqual([200, FOR_APP[0], TEXT, FOR_APP[1]])
    expect(resolve.mock.calls).toEqual([[event]])
    await handle({ event: { request: asksFirst(APP) }, resolve })
    expect(resolve).toHaveBeenCalledTimes(1)
  })
})

describe('on a platform', () => {
  it('two cookies of a handler are two lines', async () => {
    const headers = new Headers([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ])
    const send = await serve(bridge(withCors(POLICY, () => new Response('ok', { headers }))))
    const { rawHeaders } = await send(from(APP))
    expect(rawHeaders.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
  })
})

/** A success, a 404 and a failing handler, by the means of each. */
const FRAMEWORKS: Readonly<Record<string, () => FetchHandler>> = {
  h3: () => {
    const app = new H3({ silent: true })
    app.get('/', () => 'ok')
    app.get('/throw', () => {
      throw new Error('thrown')
    })
    return (request) => app.fetch(request)
  },
  elysia: () => {
    const app = new Elysia({ aot: false })
      .get('/', () => 'ok')
      .get('/throw', () => {
        throw new Error('thrown')
      })
    return (request) => app.fetch(request)
  },
  hono: () => {
    const app = new Hono()
    app.onError((_error, context) => context.text('sorry', 500))
    app.get('/', (context) => context.text('ok'))
    app.get('/throw', () => {
      throw new Error('thrown')
    })
    return (request) => app.fetch(request)
  },
}

describe.each(Object.entries(FRAMEWORKS))('around %s', (_name, create) => {
  const app = create()
  const handler = withCors(POLICY, app)
  const at = (path: string, origin: string, method = 'GET'): Request =>
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        Origin: origin,
        ...(method === 'OPTIONS' && { 'Access-Control-Request-Method': 'PUT' }),
      },
    })
  const fields = ({ status, headers }: Response) => [
    status,
    headers.get('access-control-allow-origin'),
    headers.get('vary'),
  ]

  it.each([
    ['/', 200],
    ['/missing', 404],
    ['/throw', 500],
  ])('%s is covered', async (path, status) => {
    expect(fields(await handler(at(path, APP)))).toEqual([status, APP, 'Origin'])
    expect(fields(await handler(at(path, EVIL)))).toEqual([status, null, 'Origin'])
    const answer = await handler(at(path, APP))
    const bare = await app(at(path, APP))
    expect(await answer.text()).toBe(await bare.text())
    expect(otherLines([...answer.headers])).toEqual(otherLines([...bare.headers]))
  })

  it('preflights are answered', async () => {
    expect(fields(await handler(at('/', APP, 'OPTIONS')))).toEqual([204, APP, 'Origin'])
    expect(fields(await handler(at('/', EVIL, 'OPTIONS')))).toEqual([403, null, 'Origin'])
  })
})

it('around GraphQL Yoga, its own CORS gives way', async () => {
  // Its types declare a browser's, for the whole of a program.
  const { createSchema, createYoga } = createRequire(import.meta.url)('graphql-yoga') as {
    createSchema: (definition: { typeDefs: string }) => unknown
    createYoga: (options: { schema: unknown; logging: boolean }) => {
      fetch: (input: Request | string, init?: RequestInit) => Promise<Response>
    }
  }
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { hello: String }' }),
    logging: false,
  })
  const handler = withCors(POLICY, async (request: Request) => yoga.fetch(request))
  const ask = (origin: string) =>
    handler(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { Origin: origin, 'Content-Type': 'application/json' },
        body: '{"query":"{ hello }"}',
      }),
    )
  const bare = await yoga.fetch('http://localhost/graphql', { headers: { Origin: EVIL } })
  expect(bare.headers.get('access-control-allow-origin')).toBe(EVIL)
  const answer = await ask(EVIL)
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null])
  const allowedAnswer = await ask(APP)
  expect(allowedAnswer.headers.get('access-control-allow-origin')).toBe(APP)
  expect(await allowedAnswer.json()).toEqual({ data: { hello: null } })
})

it('needs nothing of Node', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: ['adapters/fetch.ts'],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    minify: true,
  })
  expect(Object.keys(metafile.inputs).filter((name) => name.startsWith('node:'))).toEqual([])
  // Nor what keeps headers on Node's responses.
  const text = outputFiles.map((file) => file.text).join('')
  expect(text).toContain('crossgate.covered')
  expect(text).not.toContain('crossgate.guard')
  expect(text).not.toContain('writeHead')
})
