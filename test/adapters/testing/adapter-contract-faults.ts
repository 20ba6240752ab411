/**
 * An adapter for Fetch handlers in steps, and the ways to get one of them wrong.
 *
 * Each is a mistake that an author could make, or that a library in use does make.
 */

import {
  type CorsDecision,
  createDecider,
  type Decider,
  decide,
  definePolicy,
  isCorsField,
  kindOf,
  mergeVary,
  type PolicySource,
  REQUEST_FIELDS,
  type RequestFacts,
} from 'crossgate'
import { systemClock } from 'crossgate/node'
import type { AdapterContractOptions, ContractRoute, FetchHandler } from 'crossgate/testing'

type OnError = (error: unknown) => void

/** What is at hand in every step. */
interface Exchange {
  readonly request: Request
  readonly decider: Decider<unknown>
  readonly handler: FetchHandler
  readonly onError: OnError
}

/** What an adapter consists of. */
export interface Steps {
  readonly decider: (source: PolicySource<unknown>) => Decider<unknown>
  readonly facts: (request: Request) => RequestFacts
  readonly decide: (exchange: Exchange, facts: RequestFacts) => CorsDecision | Promise<CorsDecision>
  /** Where the decision ends the response. */
  readonly end: (decision: CorsDecision, status: number, exchange: Exchange) => Promise<Response>
  readonly run: (exchange: Exchange, decision: CorsDecision) => Promise<Response>
  readonly fail: (error: unknown, exchange: Exchange) => Promise<Response>
  readonly apply: (decision: CorsDecision, response: Response, exchange: Exchange) => Response
}

/** Every step as it has to be. */
export const RIGHT: Steps = {
  decider: (source) => createDecider(source, systemClock),
  facts: ({ method, headers, url }) => ({
    method,
    selfOrigin: new URL(url).origin,
    ...Object.fromEntries(
      Object.entries(REQUEST_FIELDS).map(([fact, name]) => [fact, headers.get(name) ?? undefined]),
    ),
  }),
  decide: ({ decider, request }, facts) => decider.decide(facts, request),
  end: async ({ explanation, headers }, status) =>
    new Response(explanation ?? null, { status, headers }),
  run: async ({ handler, request }) => handler(request),
  fail: async (error, { onError }) => {
    onError(error)
    return new Response(null, { status: 500 })
  },
  apply: (decision, response, { decider, request }) => {
    const sent = new Response(response.body, response)
    const found = [...sent.headers].filter(([name]) => isCorsField(name))
    for (const [name] of found) sent.headers.delete(name)
    setFields(sent, decision)
    addVary(sent, decision.vary)
    decider.replaced(decision, found, request)
    return sent
  },
}

function setFields({ headers }: Response, decision: CorsDecision): void {
  for (const [name, value] of Object.entries(decision.headers)) {
    if (isCorsField(name)) headers.set(name, value)
  }
}

function addVary({ headers }: Response, names: readonly string[]): void {
  const vary = mergeVary(headers.get('vary') ?? undefined, names)
  if (vary !== '') headers.set('vary', vary)
}

/** An adapter of the given steps, around an application without a framework. */
export function serveWith(steps: Steps): AdapterContractOptions['serve'] {
  return (source, routes, onError) => {
    const handler = router(routes)
    if (source === undefined) return { target: answeringErrors(handler, onError) }
    return { target: adapterOf(steps, source, handler, onError) }
  }
}

function adapterOf(
  steps: Steps,
  source: PolicySource<unknown>,
  handler: FetchHandler,
  onError: OnError,
): FetchHandler {
  const decider = steps.decider(source)
  return async (request) => {
    const exchange: Exchange = { request, decider, handler, onError }
    const decision = await steps.decide(exchange, steps.facts(request))
    const answer = async (): Promise<Response> => {
      if (decision.status !== undefined) return steps.end(decision, decision.status, exchange)
      if (decision.error !== undefined) throw decision.error
      return steps.run(exchange, decision)
    }
    const response = await answer().catch((error) => steps.fail(error, exchange))
    return steps.apply(decision, response, exchange)
  }
}

function router(routes: readonly ContractRoute[]): FetchHandler {
  return async ({ method, url }) => {
    const { pathname } = new URL(url)
    const asked = method === 'HEAD' ? 'GET' : method
    const route = routes.find(({ method, path }) => method === asked && path === pathname)
    if (route === undefined) return new Response('not found', { status: 404 })
    const answer = await route.run()
    return new Response(answer.body, answer)
  }
}

function answeringErrors(handler: FetchHandler, onError: OnError): FetchHandler {
  return async (request) => {
    try {
      return await handler(request)
    } catch (error) {
      onError(error)
      return new Response(null, { status: 500 })
    }
  }
}

/** The last decision of a decider, whoever it was for. */
const last = new WeakMap<object, CorsDecision>()

/** What is wrong, in words, and the steps that are. */
export const FAULTS: Readonly<Record<string, Partial<Steps>>> = {
  'forgets Vary on refused requests': {
    apply: (decision, response, exchange) =>
      RIGHT.apply(
        decision.outcome === 'origin-refused' ? { ...decision, vary: [] } : decision,
        response,
        exchange,
      ),
  },
  'forgets Vary without Origin': {
    apply: (decision, response, exchange) =>
      RIGHT.apply(
        decision.kind === 'plain' ? { ...decision, vary: [] } : decision,
        response,
        exchange,
      ),
  },
  'varies on Origin always': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      addVary(sent, ['Origin'])
      return sent
    },
  },
  'applies the decision to successes only': {
    apply: (decision, response, exchange) =>
      response.ok || decision.status !== undefined
        ? RIGHT.apply(decision, response, exchange)
        : response,
  },
  'applies nothing to a 404': {
    apply: (decision, response, exchange) =>
      response.status === 404 ? response : RIGHT.apply(decision, response, exchange),
  },
  'applies nothing to redirects': {
    apply: (decision, response, exchange) =>
      response.status === 302 ? response : RIGHT.apply(decision, response, exchange),
  },
  'applies nothing to a 304': {
    apply: (decision, response, exchange) =>
      response.status === 304 ? response : RIGHT.apply(decision, response, exchange),
  },
  'applies nothing to a failed handler': {
    apply: (decision, response, exchange) =>
      response.status === 500 ? response : RIGHT.apply(decision, response, exchange),
  },
  'appends its fields to those of the application': {
    apply: (decision, response) => {
      const sent = new Response(response.body, response)
      for (const [name, value] of Object.entries(decision.headers)) {
        if (isCorsField(name)) sent.headers.append(name, value)
      }
      addVary(sent, decision.vary)
      return sent
    },
  },
  'leaves fields that it does not set itself': {
    apply: (decision, response) => {
      const sent = new Response(response.body, response)
      setFields(sent, decision)
      addVary(sent, decision.vary)
      return sent
    },
  },
  'has the allowed origin twice': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      for (const [name, value] of Object.entries(decision.headers)) {
        if (name.endsWith('-origin')) sent.headers.append(name, value)
      }
      return sent
    },
  },
  'overwrites Vary': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      if (decision.vary.length > 0) sent.headers.set('vary', decision.vary.join(', '))
      return sent
    },
  },
  'appends to Vary': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply({ ...decision, vary: [] }, response, exchange)
      for (const name of decision.vary) sent.headers.append('vary', name)
      return sent
    },
  },
  'joins cookies': {
    apply: (decision, response, exchange) => {
      const joined = new Response(response.body, response)
      const cookies = joined.headers.getSetCookie()
      if (cookies.length > 0) joined.headers.set('set-cookie', cookies.join(', '))
      return RIGHT.apply(decision, joined, exchange)
    },
  },
  'loses the status': {
    apply: (decision, response, exchange) => {
      const status = response.status === 201 ? 200 : response.status
      const { headers } = response
      return RIGHT.apply(decision, new Response(response.body, { status, headers }), exchange)
    },
  },
  'takes away a field of the application': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      sent.headers.delete('etag')
      return sent
    },
  },
  'puts all fields of the decision on answers of the application': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      for (const [name, value] of Object.entries(decision.headers)) sent.headers.set(name, value)
      return sent
    },
  },
  'answers every OPTIONS': {
    run: async (exchange, { headers }) =>
      exchange.request.method === 'OPTIONS'
        ? new Response(null, { status: 204, headers })
        : RIGHT.run(exchange, {} as CorsDecision),
  },
  'answers OPTIONS with Origin': {
    run: async (exchange, decision) =>
      exchange.request.method === 'OPTIONS' && decision.kind !== 'plain'
        ? new Response(null, { status: 204 })
        : RIGHT.run(exchange, decision),
  },
  'takes GET with the fields of a preflight for one': {
    facts: (request) => {
      const facts = RIGHT.facts(request)
      return facts.requestMethod === undefined ? facts : { ...facts, method: 'OPTIONS' }
    },
  },
  'never answers preflights': {
    end: async (_decision, _status, exchange) => RIGHT.run(exchange, {} as CorsDecision),
  },
  'answers preflights with 204, whatever the policy says': {
    end: async (decision, status, exchange) =>
      status === 200 ? new Response(null, { status: 204 }) : RIGHT.end(decision, status, exchange),
  },
  'sends a body with refused preflights': {
    end: async (decision, status, exchange) =>
      status === 403 && decision.kind === 'preflight'
        ? new Response('Forbidden', { status })
        : RIGHT.end(decision, status, exchange),
  },
  'explains nothing': {
    end: async ({ headers }, status) => new Response(null, { status, headers }),
  },
  'forgets the fields that are not of CORS': {
    end: async ({ explanation }, status) => new Response(explanation ?? null, { status }),
  },
  'answers preflights that are left to the application': {
    run: async (exchange, decision) =>
      decision.kind === 'preflight'
        ? new Response(null, { status: 204 })
        : RIGHT.run(exchange, decision),
  },
  'reflects the origin': {
    apply: (decision, response, exchange) => {
      const sent = RIGHT.apply(decision, response, exchange)
      const origin = exchange.request.headers.get('origin')
      const [name = ''] = Object.keys(
        decide(definePolicy({ origin: 'https://app.example.com' }), {
          method: 'GET',
          origin: 'https://app.example.com',
        }).headers,
      )
      if (origin !== null) sent.headers.set(name, origin)
      return sent
    },
  },
  'reads the first line of Origin only': {
    facts: (request) => {
      const facts = RIGHT.facts(request)
      return { ...facts, origin: facts.origin?.split(', ')[0] }
    },
  },
  'reads no requested method': {
    facts: (request) => ({ ...RIGHT.facts(request), requestMethod: undefined }),
  },
  'reads no requested headers': {
    facts: (request) => ({ ...RIGHT.facts(request), requestHeaders: undefined }),
  },
  'reads the first requested header only': {
    facts: (request) => {
      const facts = RIGHT.facts(request)
      return { ...facts, requestHeaders: facts.requestHeaders?.split(', ')[0] }
    },
  },
  'reads no Sec-Fetch-Site': {
    facts: (request) => ({ ...RIGHT.facts(request), fetchSite: undefined }),
  },
  'reads no own origin': {
    facts: (request) => ({ ...RIGHT.facts(request), selfOrigin: undefined }),
  },
  'runs the handler of what is rejected': {
    end: async (decision, status, exchange) => {
      if (decision.kind === 'actual') await RIGHT.run(exchange, decision)
      return RIGHT.end(decision, status, exchange)
    },
  },
  'lets through what is to be rejected': {
    end: async (decision, status, exchange) =>
      decision.kind === 'actual'
        ? RIGHT.run(exchange, decision)
        : RIGHT.end(decision, status, exchange),
  },
  'swallows the failure of a handler': {
    run: async (exchange, decision) => {
      try {
        return await RIGHT.run(exchange, decision)
      } catch {
        return new Response('ok')
      }
    },
  },
  'tells nobody of failures': { fail: async () => new Response(null, { status: 500 }) },
  'tells of failures twice': {
    fail: async (error, exchange) => {
      exchange.onError(error)
      return RIGHT.fail(error, exchange)
    },
  },
  'runs the handler where a look-up fails': {
    fail: async (error, exchange) => {
      await RIGHT.run(exchange, {} as CorsDecision).catch(() => {})
      return RIGHT.fail(error, exchange)
    },
  },
  'takes a look-up that fails for a refusal': {
    decide: async (exchange, facts) => {
      const { error, ...decision } = await RIGHT.decide(exchange, facts)
      return error === undefined
        ? (decision as CorsDecision)
        : { ...decision, outcome: 'origin-refused' }
    },
  },
  'hangs where a look-up fails': {
    decide: async (exchange, facts) => {
      const decision = await RIGHT.decide(exchange, facts)
      return decision.error === undefined ? decision : new Promise<CorsDecision>(() => {})
    },
  },
  'does not wait for look-ups': {
    decide: ({ decider, request }, facts) => {
      const decision = decider.decide(facts, request)
      return decision instanceof Promise ? decider.pending(facts) : decision
    },
  },
  'keeps the decision where the next request finds it': {
    decide: async (exchange, facts) => {
      last.set(exchange.decider, await RIGHT.decide(exchange, facts))
      await new Promise((resolve) => setTimeout(resolve, 40))
      return last.get(exchange.decider) as CorsDecision
    },
  },
  'asks for each decision once': {
    decider: (source) => {
      const kept = new Map<string, CorsDecision | Promise<CorsDecision>>()
      const decider = RIGHT.decider(source)
      return {
        ...decider,
        decide: (facts, request) => {
          const key = JSON.stringify(facts)
          const found = kept.get(key) ?? decider.decide(facts, request)
          kept.set(key, found)
          return found
        },
      }
    },
  },
  'takes wrong options for none': {
    decider: (source) => {
      try {
        return RIGHT.decider(source)
      } catch {
        return RIGHT.decider({ origin: false })
      }
    },
  },
  'tells no observer of decisions': {
    decide: ({ decider, request }, facts) => decider.look(facts, request),
  },
  'tells observers of decisions twice': {
    decide: async ({ decider, request }, facts) => {
      const decision = await decider.decide(facts, request)
      decider.tell(decision, request)
      return decision
    },
  },
  'tells observers of preflights only': {
    decide: async ({ decider, request }, facts) => {
      const decision = await decider.look(facts, request)
      if (kindOf(facts) === 'preflight') decider.tell(decision, request)
      return decision
    },
  },
  'tells no observer of what it replaced': {
    apply: (decision, response, exchange) =>
      RIGHT.apply(decision, response, {
        ...exchange,
        decider: { ...exchange.decider, replaced: () => {} },
      }),
  },
  'tells observers of fields that were not there': {
    apply: (decision, response, exchange) => {
      const found = Object.keys(decision.headers).map(
        (name) => [name, 'https://b.example'] as const,
      )
      exchange.decider.replaced(decision, found, exchange.request)
      return RIGHT.apply(decision, response, exchange)
    },
  },
  'gives look-ups and observers another request': {
    decide: ({ decider }, facts) => decider.decide(facts, facts),
  },
}
