/** What authors write: options, the application, and what they read where a case fails. */

import { createServer } from 'node:http'
import {
  type AdapterContractOptions,
  adapterContract,
  type ContractRoute,
  type FetchHandler,
} from 'crossgate/testing'
import { describe, expect, it } from 'vitest'
import { close, listen } from '../wire.ts'
import { FAULTS, RIGHT, serveWith } from './adapter-contract-faults.ts'

const serve = serveWith(RIGHT)

describe('options', () => {
  const wrong: readonly (readonly [what: string, options: unknown, message: string])[] = [
    ['none', undefined, 'the argument of adapterContract is undefined; write { serve }'],
    ['no serve', {}, "option 'serve' is undefined; write a function that starts the application"],
    [
      'an unknown name',
      { serve, flags: true },
      "option 'flags' is unknown; the options are serve,",
    ],
    [
      'a flag that is text',
      { serve, answersErrors: 'no' },
      "option 'answersErrors' is 'no'; write",
    ],
    ['a predicate that is none', { serve, isRequest: true }, "option 'isRequest' is true; write a"],
    ['no time', { serve, timeout: 0 }, "option 'timeout' is 0; write whole milliseconds, 1 to"],
    ['parts of time', { serve, timeout: 1.5 }, "option 'timeout' is 1.5; write whole milliseconds"],
  ]

  it.each(wrong)('are refused: %s', (_what, options, message) => {
    const call = () => adapterContract(options as AdapterContractOptions)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(message)
  })

  const titles = (options: Partial<AdapterContractOptions>): readonly string[] =>
    adapterContract({ serve, ...options }).map(({ title }) => title)
  const all = titles({ isRequest: () => true })

  const fewer: readonly (readonly [Partial<AdapterContractOptions>, readonly string[]])[] = [
    [
      { isRequest: undefined },
      [
        'look-ups: a delegate gets the request of the framework',
        'observers: both get the request of the framework',
      ],
    ],
    [{ answersErrors: false }, all.filter((title) => title.includes('a handler that '))],
    [{ reportsErrors: false }, all.filter((title) => title.startsWith('error-path: '))],
  ]

  it.each(fewer)('leave cases out: %j', (options, left) => {
    const listed = new Set(titles({ isRequest: () => true, ...options }))
    expect(left.length).toBeGreaterThan(1)
    expect(all.filter((title) => !listed.has(title))).toEqual(left)
  })
})

/** Runs the cases whose titles begin so, and hands back what they fail with. */
async function messagesOf(options: AdapterContractOptions, start: string): Promise<string[]> {
  const cases = adapterContract(options).filter(({ title }) => title.startsWith(start))
  expect(cases).not.toEqual([])
  const ended = await Promise.allSettled(cases.map(({ run }) => run()))
  return ended.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).message] : []))
}

describe('an application that answers otherwise than its routes say', () => {
  /** An application without an adapter, with something done to its answers. */
  const changed = (change: (response: Response) => Response): AdapterContractOptions => ({
    serve: async (source, routes, onError) => {
      const { target } = await serve(source, routes, onError)
      const handler = target as FetchHandler
      return { target: async (request: Request) => change(await handler(request)) }
    },
  })
  const withHeaders = (change: (headers: Headers) => void) =>
    changed((response) => {
      const copy = new Response(response.body, response)
      change(copy.headers)
      return copy
    })
  const skipping = (path: string): AdapterContractOptions => ({
    serve: (source, routes, onError) =>
      serve(
        source,
        routes.filter((route) => route.path !== path),
        onError,
      ),
  })
  const running = (
    run: (route: ContractRoute) => ContractRoute['run'],
  ): AdapterContractOptions => ({
    serve: (source, routes, onError) =>
      serve(
        source,
        routes.map((route) => ({ ...route, run: run(route) })),
        onError,
      ),
  })

  const wrong: readonly (readonly [string, AdapterContractOptions, string])[] = [
    [
      'a status',
      changed(({ body, headers }) => new Response(body, { headers })),
      'status: expected',
    ],
    [
      'a body',
      changed(({ status, headers }) => new Response(null, { status, headers })),
      'GET /answer, without the adapter\n  body: expected "answer", received ""',
    ],
    [
      'cookies',
      withHeaders((headers) => {
        const cookies = headers.getSetCookie()
        if (cookies.length > 0) headers.set('set-cookie', cookies.join(', '))
      }),
      'GET /cookies, without the adapter\n  lines of Set-Cookie: expected 2, received 1',
    ],
    [
      'a field',
      withHeaders((headers) => headers.delete('vary')),
      'GET /own-vary, without the adapter\n  Vary: expected "Accept-Encoding, Accept", received undefined',
    ],
    [
      'a route',
      skipping('/stream'),
      'GET /stream, without the adapter\n  status: expected 200, received 404',
    ],
    [
      'a route that runs twice',
      running(
        ({ run }) =>
          async () =>
            [await run(), await run()][0] as Awaited<ReturnType<typeof run>>,
      ),
      'GET /answer, without the adapter\n  runs of the route: expected 1, received 2',
    ],
    [
      'a failure',
      running(({ run }) => async () => {
        try {
          return await run()
        } catch {
          return { status: 404, headers: [], fields: {}, body: null }
        }
      }),
      'GET /throws, without the adapter\n  status: expected 500 to 599, received 404',
    ],
  ]

  it.each(wrong)('is told so: %s', async (_what, options, message) => {
    const messages = await messagesOf(options, 'application: ')
    expect(messages).toEqual([expect.stringContaining(message)])
  })

  it('is told what to call where no error is reported', async () => {
    const silent: AdapterContractOptions = {
      serve: (source, routes) => serve(source, routes, () => {}),
    }
    const messages = await messagesOf(silent, 'error-path: a handler that throws')
    expect(messages).toEqual([
      expect.stringContaining(
        'call the third parameter of serve where errors arrive, or say reportsErrors: false',
      ),
    ])
  })
})

describe('a failure', () => {
  it('says what was asked, what was expected and received, and which rule that is', async () => {
    const steps = { ...RIGHT, ...FAULTS['forgets Vary on refused requests'] }
    const title = 'every-response: a redirect, from a refused origin'
    expect(await messagesOf({ serve: serveWith(steps) }, title)).toEqual([
      `every-response: a redirect, from a refused origin
  rule: Every response carries the fields of the decision, also errors, and Vary names what they depend on.
  see https://github.com/crossgate/crossgate/blob/main/docs/adapters.md#every-response
  policy: {"origin":["https://app.example.com","https://*.partner.example"],"credentials":true,"methods":["GET","PUT"],"allowedHeaders":["x-token","content-type"],"exposedHeaders":["x-total"],"maxAge":600}
  request: GET /redirect
    origin: https://app.example.com.evil.example
  differs in: vary
  expected:
    status: 302
    cors: (none)
    vary: origin
  received:
    status: 302
    cors: (none)
    vary: (none)`,
    ])
  })

  it('has what a runner shows as a difference', async () => {
    const steps = { ...RIGHT, ...FAULTS['joins cookies'] }
    const options = { serve: serveWith(steps) }
    const [found] = adapterContract(options).filter(({ title }) => title.startsWith('untouched: '))
    const error = await found?.run().catch((error: unknown) => error)
    expect(error).toMatchObject({
      name: 'AssertionError',
      expected: { others: expect.arrayContaining(['set-cookie: a=1; Path=/']) },
      actual: { others: expect.arrayContaining(['set-cookie: a=1; Path=/, b=2; Path=/']) },
    })
  })

  it('names a service that does not answer in time', async () => {
    const steps = { ...RIGHT, ...FAULTS['hangs where a look-up fails'] }
    const options = { serve: serveWith(steps), timeout: 100 }
    expect(await messagesOf(options, 'look-ups: delegate that throws: GET')).toEqual([
      expect.stringMatching(
        /^look-ups: delegate that throws: GET\n {2}rule: .+\n {2}see .+#look-ups\n {2}the service gave no answer to GET \/answer within 100 ms$/,
      ),
    ])
  })

  it('names what the service failed with', async () => {
    const target = { fetch: () => Promise.reject(new Error('no database')) }
    const options = { serve: () => ({ target }) }
    expect(await messagesOf(options, 'exactly-one: all CORS fields, no origin')).toEqual([
      expect.stringMatching(/\n {2}the service did not answer GET \/own-cors: no database$/),
    ])
  })

  it('names what serve has to return', async () => {
    const options = { serve: () => ({ server: 1 }) } as unknown as AdapterContractOptions
    expect(await messagesOf(options, 'exactly-one: all CORS fields, no origin')).toEqual([
      'what serve returned is an object; return { target, close }',
    ])
  })
})

describe('a service', () => {
  it('is closed after each case, also one that fails', async () => {
    let open = 0
    let closed = 0
    const counting = (steps: typeof RIGHT): AdapterContractOptions => ({
      serve: async (...parameters) => {
        const service = await serveWith(steps)(...parameters)
        open += 1
        return {
          ...service,
          close: () => {
            closed += 1
          },
        }
      },
    })
    const steps = { ...RIGHT, ...FAULTS['joins cookies'] }
    expect(await messagesOf(counting(steps), 'untouched: ')).toHaveLength(3)
    expect(await messagesOf(counting(RIGHT), 'untouched: ')).toHaveLength(0)
    expect(open).toBeGreaterThan(6)
    expect(closed).toBe(open)
  })

  it('may be known by its URL', async () => {
    const options: AdapterContractOptions = {
      serve: async (...parameters) => {
        const { target } = await serve(...parameters)
        const handler = target as FetchHandler
        const server = createServer(async (request, response) => {
          const { method = '', headers } = request
          const fields = Object.entries(headers).map(([name, value]) => [name, String(value)])
          const url = `http://${headers.host}${request.url}`
          const asked = new Request(url, { method, headers: fields as [string, string][] })
          const answer = await handler(asked)
          for (const name of answer.headers.keys()) {
            const cookies = answer.headers.getSetCookie()
            const value = name === 'set-cookie' ? cookies : (answer.headers.get(name) ?? '')
            response.setHeader(name, value)
          }
          response.writeHead(answer.status).end(await answer.text())
        })
        const port = await listen(server)
        return { target: `http://127.0.0.1:${port}/ignored`, close: () => close(server) }
      },
    }
    expect(await messagesOf(options, 'rejection: ')).toEqual([])
    expect(await messagesOf(options, 'application: ')).toEqual([])
  })
})
