/** Responses without `writeHead`: test doubles, and the shims of serverless platforms. */

import { cors } from 'crossgate/express'
import { withCors } from 'crossgate/node'
import { describe, expect, it } from 'vitest'
import { failOnUnhandledRejections } from '../adapters/harness.ts'
import { APP } from '../tables/exchanges.ts'
import { ASKERS, type Asker, POLICY, POLICY_LINES } from './path.ts'

failOnUnhandledRejections()

type Headers = Record<string, string>

interface Request {
  readonly method: string
  readonly headers: Headers
}

/** What was sent. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

interface Double {
  readonly response: Response
  /** Settles when the response ends. */
  readonly answer: Promise<Answer>
}

/** The least that a response can do. */
interface Response {
  statusCode: number
  readonly headersSent: boolean
  getHeader(name: string): string | undefined
  setHeader(name: string, value: unknown): void
  end(body?: string): void
}

/** Nothing but `setHeader`, `getHeader` and `end`. */
function least(): Double {
  return doubleOf(new Map())
}

/** One that also lists its headers and forgets them. */
function forgetting(): Double {
  const stored = new Map<string, string>()
  const { response, answer } = doubleOf(stored)
  const more = {
    getHeaderNames: () => [...stored.keys()],
    removeHeader: (name: string) => void stored.delete(name.toLowerCase()),
  }
  return { response: Object.assign(response, more), answer }
}

/** As popular test doubles are: their `end` does not come past their `writeHead`. */
function uncalled(): Double {
  const { response, answer } = forgetting()
  return { response: Object.assign(response, { writeHead: () => {} }), answer }
}

function doubleOf(stored: Map<string, string>): Double {
  let finish: (answer: Answer) => void
  const answer = new Promise<Answer>((resolve) => {
    finish = resolve
  })
  const response: Response = {
    statusCode: 200,
    headersSent: false,
    getHeader: (name) => stored.get(name.toLowerCase()),
    setHeader: (name, value) => void stored.set(name.toLowerCase(), String(value)),
    end: (body = '') => {
      finish({ status: response.statusCode, headers: Object.fromEntries(stored), body })
    },
  }
  return { response, answer }
}

type Handler = (request: Request, response: Response) => void
type Policy = Parameters<typeof cors>[0]

/** Both ways in which crossgate gets a response that it did not make. */
const LISTENERS: Readonly<Record<string, (policy: Policy, handler: Handler) => Handler>> = {
  "Express's middleware": (policy, handler) => {
    const middleware = cors(policy)
    return (request, response) =>
      middleware(request as never, response as never, (error) => {
        try {
          if (error !== undefined) throw error
          handler(request, response)
        } catch {
          // As Express does.
          response.statusCode = 500
          response.end()
        }
      })
  },
  withCors: (policy, handler) => withCors(policy, handler as never, { onError: () => {} }) as never,
}

const DOUBLES = {
  'that only stores': least,
  'that forgets, too': forgetting,
  'with a writeHead that nobody calls': uncalled,
}

const ASKING = Object.keys(ASKERS) as Asker[]

describe.each(Object.entries(LISTENERS))('%s', (_listener, listenerOf) => {
  describe.each(Object.entries(DOUBLES))('with a response %s', (_double, make) => {
    /** What is sent to an asker. */
    function ask(
      policy: Policy,
      asker: Asker,
      handler: Handler = answerOk,
      preflight: Headers = {},
    ): Promise<Answer> {
      const origin = ASKERS[asker]
      const headers = { ...preflight, ...(origin === undefined ? {} : { origin }) }
      const method = Object.hasOwn(preflight, REQUEST_METHOD) ? 'OPTIONS' : 'GET'
      const { response, answer } = make()
      listenerOf(policy, handler)({ method, headers }, response)
      return answer
    }

    it.each(ASKING)('sends the headers of the policy to %s, and nothing more', async (asker) => {
      expect(await ask(POLICY, asker)).toEqual({
        status: 200,
        headers: { 'x-total': '7', ...POLICY_LINES[asker] },
        body: 'ok',
      })
    })

    it.each(ASKING)('sends them after a look-up to %s', async (asker) => {
      const policy = { ...POLICY, origin: async (origin: string) => origin === APP }
      expect(await ask(policy, asker)).toEqual({
        status: 200,
        headers: { 'x-total': '7', ...POLICY_LINES[asker] },
        body: 'ok',
      })
    })

    it('sends those of a refusal, where the look-up fails', async () => {
      const policy = { ...POLICY, origin: () => Promise.reject(new Error('away')) }
      const { status, headers } = await ask(policy, 'an allowed origin', neverRuns)
      expect([status, headers]).toEqual([500, { vary: 'Origin' }])
    })

    it.each(ASKING)('sends them with an error of the handler to %s', async (asker) => {
      const { status, headers } = await ask(POLICY, asker, throws)
      expect([status, headers]).toEqual([500, POLICY_LINES[asker]])
    })

    it.each(ASKING)('sends the headers of a policy for all to %s', async (asker) => {
      expect(await ask({ origin: '*' }, asker)).toEqual({
        status: 200,
        headers: { 'x-total': '7', 'access-control-allow-origin': '*' },
        body: 'ok',
      })
    })

    it.each(ASKING)('adds to the Vary that is stored, for %s', async (asker) => {
      const { response, answer } = make()
      response.setHeader('Vary', 'Accept-Encoding, origin')
      const origin = ASKERS[asker]
      const headers: Headers = origin === undefined ? {} : { origin }
      listenerOf(POLICY, answerOk)({ method: 'GET', headers }, response)
      const { vary: _, ...fields } = POLICY_LINES[asker]
      expect((await answer).headers).toEqual({
        'x-total': '7',
        ...fields,
        vary: 'Accept-Encoding, origin',
      })
    })

    it('answers a preflight that the policy grants, with the lists', async () => {
      const answer = await ask(POLICY, 'an allowed origin', neverRuns, PREFLIGHT)
      expect(answer).toEqual({
        status: 204,
        headers: {
          'access-control-allow-origin': APP,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
          'access-control-allow-headers': 'x-token',
          vary: 'Origin, Access-Control-Request-Headers',
        },
        body: '',
      })
    })

    it('refuses one of another origin, without a word about the policy', async () => {
      const answer = await ask(POLICY, 'a refused origin', neverRuns, PREFLIGHT)
      expect(answer).toEqual({ status: 403, headers: { vary: 'Origin' }, body: '' })
    })
  })
})

const REQUEST_METHOD = 'access-control-request-method'
const PREFLIGHT = { [REQUEST_METHOD]: 'PUT', 'access-control-request-headers': 'x-token' }

function answerOk(_request: Request, response: Response): void {
  response.setHeader('X-Total', '7')
  response.end('ok')
}

function throws(): void {
  throw new Error('thrown')
}

function neverRuns(_request: Request, response: Response): void {
  response.setHeader('X-Ran', '1')
  response.end('ran')
}
