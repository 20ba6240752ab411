import { describe, expect, it } from 'vitest'
import {
  type CorsOptions,
  type CorsPolicy,
  decide,
  definePolicy,
  explain,
  formatExplanation,
  type RequestFacts,
} from '../../src/index.ts'
import { nearestMismatch } from '../../src/origin/mismatch.ts'
import { POLICY_CASES } from '../tables/requests.ts'

function linesOf(options: CorsOptions, facts: RequestFacts): readonly string[] {
  return formatExplanation(explain(definePolicy(options) as CorsPolicy, facts)).split('\n')
}

describe('an explanation', () => {
  it('of a granted preflight tells each step', () => {
    const options = { origin: 'https://a.test', methods: ['PUT'], allowedHeaders: ['x-a'] }
    const facts = {
      method: 'OPTIONS',
      origin: 'https://a.test',
      requestMethod: 'PUT',
      requestHeaders: 'x-a',
    }
    expect(linesOf(options, facts)).toEqual([
      "ok   request 'OPTIONS' OPTIONS with Origin and Access-Control-Request-Method: a preflight",
      "ok   origin  'https://a.test' is allowed",
      "ok   method  'PUT' is allowed",
      "ok   headers 'x-a' are allowed",
      'ok   answer  ends here with 204; access-control-allow-origin: https://a.test; access-control-allow-methods: PUT; access-control-allow-headers: x-a; vary: Origin',
    ])
    expect(linesOf(options, { ...facts, requestHeaders: undefined })[3]).toBe(
      'ok   headers none asked for',
    )
  })

  it('of a preflight for too much tells what is missing', () => {
    const options = { origin: 'https://a.test', methods: [], allowedHeaders: ['x-a', 'x-b'] }
    const facts = {
      method: 'OPTIONS',
      origin: 'https://a.test',
      requestMethod: 'PUT',
      requestHeaders: 'x-a,x-z,x-y',
    }
    expect(linesOf(options, facts).slice(1)).toEqual([
      "ok   origin  'https://a.test' is allowed",
      "FAIL method  'PUT' is not in the list: nothing beyond what browsers always allow",
      "FAIL headers 'x-y, x-z' not in the list: x-a, x-b",
      'FAIL answer  ends here with 204; access-control-allow-origin: https://a.test; access-control-allow-methods: GET,HEAD,POST; access-control-allow-headers: x-a,x-b; vary: Origin',
    ])
    const granted = linesOf(options, { ...facts, requestMethod: 'GET' })
    expect(granted[2]).toBe("ok   method  'GET' is allowed")
    expect(granted[3]).toBe("FAIL headers 'x-y, x-z' not in the list: x-a, x-b")
  })

  it('of a preflight for what cannot be read says so', () => {
    const facts = {
      method: 'OPTIONS',
      origin: 'https://a.test',
      requestMethod: 'A B',
      requestHeaders: 'x y',
    }
    const echoing = { origin: 'https://a.test', credentials: true, methods: '*' }
    expect(linesOf(echoing, facts).slice(2, 4)).toEqual([
      "FAIL method  'A B' is no token",
      "FAIL headers 'x y' cannot be read: too long, or no list of names",
    ])
    expect(linesOf({ origin: 'https://a.test' }, facts)[2]).toBe("FAIL method  'A B' is no token")
    const long = { ...facts, requestMethod: 'P'.repeat(65) }
    expect(linesOf(echoing, long)[2]).toBe(
      `FAIL method  '${'P'.repeat(65)}' is too long to be echoed`,
    )
  })

  it('of a refused preflight ends with the origin', () => {
    const facts = { method: 'OPTIONS', origin: 'https://b.test', requestMethod: 'PUT' }
    expect(linesOf({ origin: ['https://a.test'] }, facts)).toEqual([
      "ok   request 'OPTIONS' OPTIONS with Origin and Access-Control-Request-Method: a preflight",
      "FAIL origin  'https://b.test' is not allowed: no pattern comes near it",
      'FAIL answer  ends here with 403; vary: Origin',
    ])
  })

  it('of an actual request says nothing of methods and headers', () => {
    expect(linesOf({ origin: '*' }, { method: 'GET', origin: 'https://a.test' })).toEqual([
      "ok   request 'GET' with Origin: a CORS request, or one to the own origin that is not GET or HEAD",
      "ok   origin  'https://a.test' is allowed",
      'ok   answer  the application answers; access-control-allow-origin: *',
    ])
  })

  it('of a request without Origin says that it is none of CORS', () => {
    expect(linesOf({ origin: 'https://a.test' }, { method: 'GET' })).toEqual([
      "ok   request 'GET' without Origin: no CORS request",
      'ok   answer  the application answers; vary: Origin',
    ])
  })

  it('of a policy that allows nobody says so', () => {
    expect(
      linesOf({ origin: false }, { method: 'GET', origin: 'https://a.test' }).slice(1),
    ).toEqual([
      "FAIL origin  'https://a.test' is not allowed: the policy allows nobody",
      'FAIL answer  the application answers; no CORS headers',
    ])
  })

  it('is frozen, and has the decision', () => {
    const policy = definePolicy({ origin: 'https://a.test' })
    const facts = { method: 'GET', origin: 'https://a.test' }
    const explanation = explain(policy, facts)
    expect(explanation.decision).toBe(decide(policy, facts))
    expect(explanation.steps.map(({ step, passed }) => [step, passed])).toEqual([
      ['request', true],
      ['origin', true],
      ['answer', true],
    ])
    expect(Object.isFrozen(explanation)).toBe(true)
    expect(Object.isFrozen(explanation.steps)).toBe(true)
    for (const step of explanation.steps) expect(Object.isFrozen(step)).toBe(true)
  })

  it('of a dynamic policy is refused', () => {
    const policy = definePolicy({ origin: () => true }) as unknown as CorsPolicy
    expect(() => explain(policy, { method: 'GET' })).toThrow(TypeError)
  })

  it('is bounded, and escapes what the request holds, a line for each step', () => {
    const nasty = `\r\n\u001b[31m\u2028"'\\${'x'.repeat(16_000)}`
    const policy = definePolicy({ origin: ['https://a.test'], allowedHeaders: ['x-a'] })
    const requests = [
      { method: nasty, origin: nasty },
      { method: 'OPTIONS', origin: nasty, requestMethod: nasty, requestHeaders: nasty },
      { method: 'OPTIONS', origin: 'https://a.test', requestMethod: nasty, requestHeaders: nasty },
      {
        method: 'OPTIONS',
        origin: 'https://a.test',
        requestMethod: 'PUT',
        requestHeaders: `x-a,${'z'.repeat(4_000)}`,
      },
    ]
    for (const facts of requests) {
      const explanation = explain(policy, facts)
      const text = formatExplanation(explanation)
      expect(text.split(/[\r\n\u2028]/)).toHaveLength(explanation.steps.length)
      expect(text).toMatch(/^[\n\x20-\x7e]*$/)
      expect(text.length).toBeLessThan(1_200)
    }
  })

  it.each(POLICY_CASES)('agrees with the decisions: $name', ({ options, requests }) => {
    for (const { facts, outcome } of requests) {
      const { steps } = explain(definePolicy(options) as CorsPolicy, facts)
      const failed = steps.filter(({ passed }) => !passed).map(({ step }) => step)
      const first = { 'origin-refused': 'origin', 'method-refused': 'method' }[outcome as string]
      expect(failed[0]).toBe(outcome === 'header-refused' ? 'headers' : first)
      expect(failed.includes('answer')).toBe(failed.length > 0)
    }
  })
})

describe('the nearest pattern', () => {
  const patterns = [
    'https://a.test',
    'http://b.test:8080',
    'https://*.c.test',
    'https://pr-*.d.test',
    'https://e.test:*',
    'app://*.g.test:1',
    'https://app.h.test',
    'https://*-web.i.test',
  ]
  const inSchemeAndPort = "differs in the scheme: 'https', and in the port"
  const rule = 'the wildcard stands for labels of a-z, 0-9, _ and inner -'

  it.each([
    ['another scheme', 'http://a.test', "'https://a.test' differs in the scheme: 'https'"],
    ['another port', 'https://a.test:8443', "'https://a.test' differs in the port"],
    ['no port', 'http://b.test', "'http://b.test:8080' differs in the port"],
    ['another scheme and port', 'http://a.test:8080', `'https://a.test' ${inSchemeAndPort}`],
    [
      'any port, another scheme',
      'http://e.test:1',
      "'https://e.test:*' differs in the scheme: 'https'",
    ],
    [
      'a label more',
      'https://x.app.h.test',
      "'https://app.h.test' differs in the host: the origin has a label more",
    ],
    [
      'two labels more',
      'https://y.x.app.h.test',
      "'https://app.h.test' differs in the host: the origin has 2 labels more",
    ],
    [
      'a label less',
      'https://h.test',
      "'https://app.h.test' differs in the host: the origin lacks a label",
    ],
    [
      'a label more, on any port',
      'https://x.e.test:1',
      "'https://e.test:*' differs in the host: the origin has a label more",
    ],
    [
      'a label more, and another scheme',
      'http://x.app.h.test',
      "'https://app.h.test' differs in the scheme: 'https', and in the host: the origin has a label more",
    ],
    [
      'the parent of a wildcard',
      'https://c.test',
      "'https://*.c.test' differs in the host: the wildcard stands for at least one label",
    ],
    [
      'below a wildcard, another scheme',
      'http://x.c.test',
      "'https://*.c.test' differs in the scheme: 'https'",
    ],
    [
      'below a wildcard, another port',
      'https://x.y.c.test:1',
      "'https://*.c.test' differs in the port",
    ],
    [
      'a label more than a part of one',
      'https://pr-1.x.d.test',
      "'https://pr-*.d.test' differs in the host: the wildcard stands for a part of one label",
    ],
    [
      'the parent of a part of a label',
      'https://d.test',
      "'https://pr-*.d.test' differs in the host: the wildcard stands for a part of one label",
    ],
    [
      'another start of a label',
      'https://x.d.test',
      "'https://pr-*.d.test' differs in the host: the leftmost label",
    ],
    [
      'nothing in place of the wildcard',
      'https://web.i.test',
      "'https://*-web.i.test' differs in the host: the leftmost label",
    ],
    [
      'a letter that is none of the wildcard',
      'https://a_b-web.i.test',
      "'https://*-web.i.test' differs in the host: the leftmost label",
    ],
    [
      'a part of a label, another scheme',
      'http://pr-1.d.test',
      "'https://pr-*.d.test' differs in the scheme: 'https'",
    ],
    [
      'a part of a label, another port',
      'https://pr-1.d.test:1',
      "'https://pr-*.d.test' differs in the port",
    ],
    ['a wildcard with a port', 'app://x.g.test', "'app://*.g.test:1' differs in the port"],
    [
      'no labels',
      'app://-.g.test',
      `'app://*.g.test:1' differs in the port, and in the host: ${rule}`,
    ],
    ['nothing like it', 'https://f.example', 'no pattern comes near it'],
    ['the same end', 'https://xc.test', 'no pattern comes near it'],
    ['the same start', 'https://a.test.evil', 'no pattern comes near it'],
    ["'null'", 'null', "it is 'null', the origin of sandboxed and local pages"],
  ])('is found for %s', (_title, origin, reason) => {
    expect(nearestMismatch(origin, patterns)).toBe(reason)
  })

  it.each([
    ['an upper-case host', 'https://A.test', 'a browser sends the host in lower case'],
    ['an upper-case scheme', 'HTTPS://a.test', 'a browser sends the scheme in lower case'],
    ['a default port', 'https://a.test:443', 'a browser leaves out 443, the default port of https'],
    ['a slash', 'https://a.test/', 'a browser sends no slash at the end of an origin'],
    [
      'a path',
      'https://a.test/b',
      'an origin ends behind its host and port: it has no path or query',
    ],
    [
      'an international name in Unicode',
      'https://b\u00fccher.test',
      'a browser sends an international name as punycode (xn--...)',
    ],
    ['nothing', '', 'it is empty'],
    ['several origins', 'https://a.test, https://b.test', 'there are several origins'],
    ['no scheme', 'a.test', 'an origin starts with a scheme and "://"'],
    ['a pattern', 'https://*.c.test', 'it is a pattern, not an origin'],
  ])('is not looked for, and the mistake named, for %s', (_title, origin, mistake) => {
    expect(nearestMismatch(origin, patterns)).toBe(`no browser sends this: ${mistake}`)
  })

  const near: readonly [title: string, origin: string, first: string, second: string][] = [
    ['one difference before two', 'https://a.test:1', 'https://a.test', 'http://a.test'],
    ['a scheme before a label', 'http://x.a.test', 'https://*.a.test', 'http://a.test'],
    ['a port before a label', 'http://x.a.test:1', 'http://x.a.test', 'http://a.test:1'],
    ['a label before scheme and port', 'http://x.a.test:1', 'http://a.test:1', 'https://x.a.test'],
    [
      'scheme and port before two labels',
      'http://y.x.a.test:1',
      'https://*.a.test',
      'http://a.test:1',
    ],
    [
      'a label more before two that a wildcard is none of',
      'https://x.app.a.test',
      'https://app.a.test',
      'https://pr-*.a.test',
    ],
    ['one label before two', 'https://y.x.a.test', 'https://x.a.test', 'https://a.test'],
  ]

  it.each(near)('is the one with %s, in any order', (_title, origin, first, second) => {
    const reason = nearestMismatch(origin, [first])
    expect(reason).toContain(`'${first}' differs in`)
    expect(nearestMismatch(origin, [second])).toContain(`'${second}' differs in`)
    expect(nearestMismatch(origin, [first, second])).toBe(reason)
    expect(nearestMismatch(origin, [second, first])).toBe(reason)
  })

  it('is the first of those that are as near', () => {
    const [one, other] = ['https://a.test', 'wss://a.test']
    expect(nearestMismatch('http://a.test', [one, other])).toContain("'https://a.test'")
    expect(nearestMismatch('http://a.test', [other, one])).toContain("'wss://a.test'")
  })

  it('is found among acknowledged ones, and not among expressions', () => {
    const origin = [
      /^https:\/\/b\.test$/,
      { pattern: /^https:\/\/(a|b)+\.test$/, dangerouslyAllow: ['slow-regexp'] },
      { pattern: 'http://a.test', dangerouslyAllow: ['insecure-origins'] },
    ] as const
    const facts = { method: 'GET', origin: 'https://a.test:1' }
    expect(linesOf({ origin, credentials: true }, facts)[1]).toBe(
      "FAIL origin  'https://a.test:1' is not allowed: 'http://a.test' differs in the scheme: 'http', and in the port",
    )
  })
})
