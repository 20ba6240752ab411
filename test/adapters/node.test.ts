import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import {
  constants,
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import type { AnyCorsPolicy } from 'crossgate'
import { definePolicy } from 'crossgate'
import { withCors } from 'crossgate/node'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { APP, EVIL } from '../tables/exchanges.ts'
import { failOnUnhandledRejections, otherLines } from './harness.ts'
import { allowed, from, granted, preflight, refused, seen, serve } from './serving.ts'
import {
  CERTIFICATE,
  close,
  HOST,
  listen,
  openHttp2,
  sendBytes,
  sendHttp1,
  sendHttp2,
} from './wire.ts'

failOnUnhandledRejections()

const OPTIONS = { origin: APP }
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** Serves a handler, and remembers what `onError` is told. */
async function serveHandler(source: typeof OPTIONS | AnyCorsPolicy, handler: Handler) {
  const errors: unknown[] = []
  const onError = (error: unknown): void => {
    errors.push(error)
  }
  const send = await serve(withCors(source, handler, { onError }))
  return { send, errors }
}

/** A promise and its ends. */
function deferred<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

/** Time for whatever a settled promise sets in motion. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('a handler that fails', () => {
  const failures: [string, Handler, string][] = [
    [
      'throws',
      () => {
        throw new Error('thrown')
      },
      'thrown',
    ],
    [
      'rejects',
      async () => {
        throw new Error('rejected')
      },
      'rejected',
    ],
    [
      'rejects later',
      async () => {
        await settled()
        throw new Error('rejected')
      },
      'rejected',
    ],
    [
      "rejects with a promise that is not the language's",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what libraries return.
        then: (_done: unknown, reject: (error: unknown) => void) => reject(new Error('rejected')),
      }),
      'rejected',
    ],
    [
      'has a then that throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: what libraries return.
        then: () => {
          throw new Error('thrown')
        },
      }),
      'thrown',
    ],
  ]

  it.each(failures)('%s: an empty 500 with the headers', async (_title, handler, message) => {
    const { send, errors } = await serveHandler(OPTIONS, handler)
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(500))
    expect(answer.body).toBe('')
    expect(errors).toEqual([new Error(message)])
    expect(seen(await send(from(EVIL)))).toEqual(refused(500))
  })

  it.each([[null], [undefined], ['text'], [Object.freeze(new Error('frozen'))]])(
    'throws %s: a 500 like any other',
    async (thrown) => {
      const { send, errors } = await serveHandler(OPTIONS, () => {
        throw thrown
      })
      expect(seen(await send(from(APP)))).toEqual(allowed(500))
      expect(errors).toEqual([thrown])
    },
  )

  it('loses what it had stored for the answer that did not come', async () => {
    const { send } = await serveHandler(OPTIONS, (_request, response) => {
      response.setHeader('Content-Length', '5')
      response.setHeader('Set-Cookie', 'half=done')
      response.setHeader('Vary', 'Accept')
      throw new Error('thrown')
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(500))
    expect(answer.rawHeaders.map(([name]) => name)).not.toContain('Set-Cookie')
    expect(answer.body).toBe('')
  })

  it('after the head was sent: the connection is closed, so that nobody takes it for complete', async () => {
    const { send, errors } = await serveHandler(OPTIONS, async (_request, response) => {
      await new Promise((resolve) => response.write('half', resolve))
      throw new Error('thrown')
    })
    const received = await sendBytes(
      send.port,
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${APP}\r\n\r\n`,
    )
    expect(received).toContain(`access-control-allow-origin: ${APP}`)
    expect(received).toContain('half')
    // The end of a body in chunks.
    expect(received).not.toContain('0\r\n\r\n')
    await expect(send(from(APP))).rejects.toThrow()
    expect(errors).toEqual([new Error('thrown'), new Error('thrown')])
  })

  it('after it answered: the answer stands, and the error is told', async () => {
    // More than the socket takes at once.
    const complete = 'x'.repeat(5_000_000)
    const { send, errors } = await serveHandler(OPTIONS, (_request, response) => {
      response.end(complete)
      throw new Error('thrown')
    })
    const answer = await send(from(APP))
    expect(seen(answer)).toEqual(allowed(200))
    expect(answer.body).toBe(complete)
    expect(errors).toEqual([new Error('thrown')])
  })

  it('is printed, where nobody asked to be told', async () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => print.mockRestore())
    const error = new Error('thrown')
    const send = await serve(
      withCors(OPTIONS, () => {
        throw error
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(print.mock.calls).toEqual([[error]])
  })

  it('is told with its request', async () => {
    const told: [unknown, string | undefined][] = []
    const send = await serve(
      withCors(
        OPTIONS,
        () => {
          throw new Error('thrown')
        },
        { onError: (error, { url }) => told.push([error, url]) },
      ),
    )
    await send({ path: '/somewhere' })
    expect(told).toEqual([[new Error('thrown'), '/somewhere']])
  })

  it.each(failures)('%s: answers also where onError itself fails', async (_title, handler) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {})
    onTestFinished(() => print.mockRestore())
    const failure = new Error('onError')
    const send = await serve(
      withCors({ origin: async () => true }, handler, {
        onError: () => {
          throw failure
        },
      }),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    await settled()
    expect(print.mock.calls).toEqual([[failure]])
  })
})

describe('a look-up that takes time', () => {
  /** A server whose look-up answers when the test says so, and that gives up when it says so. */
  async function slow() {
    const asked = deferred<void>()
    const answer = deferred<boolean>()
    const arrived = deferred<ServerResponse>()
    const ran: string[] = []
    const errors: unknown[] = []
    const listener = withCors(
      {
        origin: () => {
          asked.resolve()
          return answer.promise
        },
      },
      (_request: IncomingMessage, response: ServerResponse) => {
        ran.push('handler')
        response.end('handler')
      },
      { onError: (error) => errors.push(error) },
    )
    const send = await serve((incoming, response) => {
      arrived.resolve(response)
      listener(incoming, response)
    })
    return { send, asked: asked.promise, answer, response: arrived.promise, ran, errors }
  }

  it('holds a refused decision until its answer is there', async () => {
    const { send, asked, answer, response, ran, errors } = await slow()
    const sent = send(from(APP))
    await asked
    const pending = await response
    pending.statusCode = 503
    pending.setHeader('Access-Control-Allow-Origin', APP)
    pending.end('timed out')
    const timedOut = await sent
    expect(seen(timedOut)).toEqual(refused(503))
    expect(timedOut.body).toBe('timed out')

    answer.resolve(true)
    await settled()
    expect(ran).toEqual([])
    expect(errors).toEqual([])
  })

  it.each(['resolve', 'reject'] as const)(
    'touches nothing where the response has begun: %s',
    async (end) => {
      const { send, asked, answer, response, ran, errors } = await slow()
      const sent = send(from(APP))
      await asked
      const pending = await response
      pending.write('half, ')
      if (end === 'resolve') answer.resolve(true)
      else answer.reject(new Error('the store is away'))
      await settled()
      pending.end('and half')
      const answered = await sent
      expect(seen(answered)).toEqual(refused(200))
      expect(answered.body).toBe('half, and half')
      expect(ran).toEqual([])
      expect(errors).toEqual([])
    },
  )

  it.each(['resolve', 'reject'] as const)(
    'touches nothing where the client is gone: %s',
    async (end) => {
      const { send, asked, answer, response, ran, errors } = await slow()
      const client = request({ host: HOST, port: send.port, headers: { Origin: APP } })
      client.on('error', () => {})
      client.end()
      await asked
      const pending = await response
      const closed = once(pending, 'close')
      client.destroy()
      await closed
      if (end === 'resolve') answer.resolve(true)
      else answer.reject(new Error('the store is away'))
      await settled()
      expect(ran).toEqual([])
      expect(errors).toEqual([])
    },
  )

  it('then lets the handler fail like any other', async () => {
    const errors: unknown[] = []
    const send = await serve(
      withCors(
        { origin: async () => true },
        () => {
          throw new Error('thrown')
        },
        { onError: (error) => errors.push(error) },
      ),
    )
    expect(seen(await send(from(APP)))).toEqual(allowed(500))
    expect(errors).toEqual([new Error('thrown')])
  })

  it('does not keep requests from each other', async () => {
    const answers = new Map([
      [APP, deferred<boolean>()],
      [EVIL, deferred<boolean>()],
    ])
    const asked = new Set<string>()
    const both = deferred<void>()
    const send = await serve(
      withCors(
        {
          origin: (origin) => {
            asked.add(origin)
            if (asked.size === 2) both.resolve()
            return answers.get(origin)?.promise
          },
        },
        (incoming, response) => response.end(incoming.headers.origin),
      ),
    )
    const first = send(from(APP))
    const second = send(from(EVIL))
    await both.promise
    answers.get(EVIL)?.resolve(false)
    expect(seen(await second)).toEqual(refused(200))
    answers.get(APP)?.resolve(true)
    expect(seen(await first)).toEqual(allowed(200))
  })
})

describe('servers', () => {
  it('share a policy', async () => {
    const policy = definePolicy(OPTIONS)
    for (const name of ['first', 'second']) {
      const send = await serve(withCors(policy, (_request, response) => response.end(name)))
      const answer = await send(from(APP))
      expect(seen(answer)).toEqual(allowed(200))
      expect(answer.body).toBe(name)
    }
  })

  it('answer several requests of one connection, each for itself', async () => {
    const server = createServer(withCors(OPTIONS, (_request, response) => response.end('ok')))
    const port = await listen(server)
    onTestFinished(() => close(server))
    const ask = (origin: string, last = '') =>
      `GET / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${origin}\r\n${last}\r\n`
    const received = await sendBytes(port, ask(APP) + ask(EVIL) + ask(APP, 'Connection: close\r\n'))
    const answers = received.split('HTTP/1.1 200 OK').slice(1)
    expect(answers.map((answer) => answer.match(/^(?:access-control|vary).*$/gim))).toEqual([
      [`access-control-allow-origin: ${APP}`, 'vary: Origin'],
      ['vary: Origin'],
      [`access-control-allow-origin: ${APP}`, 'vary: Origin'],
    ])
  })

  it('of HTTP/2 serve HTTP/1 clients, too', async () => {
    const listener = withCors(
      OPTIONS,
      (_request: Http2ServerRequest, response: Http2ServerResponse) => response.end('ok'),
    )
    const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, listener)
    const port = await listen(server)
    const session = await openHttp2(port)
    onTestFinished(async () => {
      session.close()
      await close(server)
    })
    expect(seen(await sendHttp1(port, from(APP), true))).toEqual(allowed(200))
    expect(seen(await sendHttp2(session, from(APP)))).toEqual(allowed(200))
    expect(seen(await sendHttp1(port, preflight(APP), true))).toEqual(granted())
    expect(seen(await sendHttp2(session, preflight(APP)))).toEqual(granted())
  })

  it('of HTTP/2 do not run the handler for a client that is gone', async () => {
    const asked = deferred<void>()
    const answer = deferred<boolean>()
    const closed = deferred<void>()
    const ran: string[] = []
    const source = {
      origin: () => {
        asked.resolve()
        return answer.promise
      },
    }
    const listener = withCors(
      source,
      (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        ran.push('handler')
        response.end('handler')
      },
    )
    const server = createSecureServer(CERTIFICATE, (incoming, response) => {
      response.stream.once('close', () => closed.resolve())
      listener(incoming, response)
    })
    const session = await openHttp2(await listen(server))
    onTestFinished(async () => {
      session.close()
      await close(server)
    })
    const stream = session.request({ ':path': '/', origin: APP })
    stream.on('error', () => {})
    await asked.promise
    stream.close(constants.NGHTTP2_CANCEL)
    await closed.promise
    answer.resolve(true)
    await settled()
    expect(ran).toEqual([])
  })

  it('of HTTP/2 take a stream that fails after the head for no complete answer', async () => {
    const listener = withCors(
      OPTIONS,
      async (_request: Http2ServerRequest, response: Http2ServerResponse) => {
        await new Promise<void>((resolve) => response.write('half', () => resolve()))
        throw new Error('thrown')
      },
      { onError: () => {} },
    )
    const server = createSecureServer(CERTIFICATE, listener)
    const port = await listen(server)
    const session = await openHttp2(port)
    onTestFinished(async () => {
      session.close()
      await close(server)
    })
    await expect(sendHttp2(session, from(APP))).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
  })
})

it('is told of what fails while a preflight is answered after a look-up', async () => {
  const told: unknown[] = []
  const listener = withCors({ origin: async () => true }, () => {}, {
    onError: (error) => told.push((error as Error).message),
  })
  const send = await serve((request, response) => {
    response.writeHead = () => {
      throw new Error('a layer outside')
    }
    listener(request, response)
  })
  await expect(send(preflight(APP))).rejects.toThrow()
  expect(told).toEqual(['a layer outside'])
})

describe("Node's own replies, as the README says", () => {
  const listener = withCors(OPTIONS, (_request, response) => response.end('ok'))
  const head = `Host: ${HOST}\r\nOrigin: ${APP}\r\nConnection: close\r\n`
  const header = `access-control-allow-origin: ${APP}`

  async function answerTo(server: Server, bytes: string): Promise<string> {
    const { port } = await serve(server)
    return sendBytes(port, bytes)
  }

  it('to an unknown expectation is 417, and the listener that is asked instead answers', async () => {
    const bytes = `GET / HTTP/1.1\r\nExpect: more\r\n${head}\r\n`
    const bare = await answerTo(createServer(listener), bytes)
    expect(bare).toMatch(/^HTTP\/1\.1 417 /)
    expect(bare).not.toContain(header)
    const covered = await answerTo(createServer(listener).on('checkExpectation', listener), bytes)
    expect(covered).toMatch(/^HTTP\/1\.1 200 /)
    expect(covered).toContain(header)
  })

  it('without a host is 400, unless no host is required', async () => {
    const bytes = `GET / HTTP/1.1\r\n${head.replace(/^Host.*\r\n/, '')}\r\n`
    const bare = await answerTo(createServer(listener), bytes)
    expect(bare).toMatch(/^HTTP\/1\.1 400 /)
    expect(bare).not.toContain(header)
    const covered = await answerTo(createServer({ requireHostHeader: false }, listener), bytes)
    expect(covered).toMatch(/^HTTP\/1\.1 200 /)
    expect(covered).toContain(header)
  })

  it('to what is no HTTP is what a listener for clientError writes', async () => {
    const server = createServer(listener).on('clientError', (_error, socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\nAccess-Control-Allow-Origin: *\r\n\r\n')
    })
    expect(await answerTo(server, 'no HTTP\r\n\r\n')).toContain('Allow-Origin: *')
  })

  it('to one request too many for a connection is 503', async () => {
    const server = createServer(listener)
    server.maxRequestsPerSocket = 1
    const first = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nOrigin: ${APP}\r\n\r\n`
    const received = await answerTo(server, `${first}GET / HTTP/1.1\r\n${head}\r\n`)
    expect(received.split(header)).toHaveLength(2)
    expect(received).toContain('HTTP/1.1 503 ')
  })
})

it('a preflight is ended so that a layer outside can still set a field', async () => {
  const listener = withCors({ origin: APP }, (_request, response) => response.end('ok'))
  const send = await serve((request, response) => {
    const { end } = response
    response.end = ((...parameters: Parameters<typeof end>) => {
      response.setHeader('X-Response-Time', '1')
      return end.apply(response, parameters)
    }) as typeof end
    listener(request, response)
  })
  const answer = await send(preflight(APP))
  expect(seen(answer)).toEqual(granted())
  expect(otherLines(answer.rawHeaders)).toContainEqual(['X-Response-Time', '1'])
})
