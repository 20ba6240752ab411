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

  it.each([
    ['patch', ['PATCH', 'PUT']],
    ['custom', ['PATCH', 'Custom']],
  ])('of a preflight for %s tells that letter case counts', (requestMethod, methods) => {
    const facts = { method: 'OPTIONS', origin: 'https://a.test', requestMethod }
    expect(linesOf({ origin: 'https://a.test', methods }, facts)[2]).toBe(
      `FAIL method  '${requestMethod}' is not in the list (methods are case-sensitive): ${methods.join(', ')}`,
    )
  })

  it('of a refused preflight ends with the origin', () => {
    const facts = { method: 'OPTIONS', origin: 'https://b.test', requestMethod: 'PUT' }
    expect(linesOf({ origin: ['https://a.test'] }, facts)).toEqual([
      "ok   request 'OPTIONS' OPTIONS with Origin and Access-Control-Request-Method: a preflight",
      "FAIL origin  'https://b.test' is not allowed: 'https://a.test' differs in the host: 'b' in place of 'a'",
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

  it('is bounded in each step, however much is asked for and granted', () => {
    const names = Array.from({ length: 80 }, (_, index) => `x-${'n'.repeat(40)}-${index}`)
    const facts = {
      method: 'OPTIONS',
      origin: 'https://a.test',
      requestMethod: 'PUT',
      requestHeaders: names.join(),
    }
    const echoing = { origin: 'https://a.test', credentials: true, allowedHeaders: '*' }
    const listing = { origin: 'https://a.test', methods: names, allowedHeaders: names.slice(1) }
    const lengths = [echoing, listing].map((options) =>
      explain(definePolicy(options), facts).steps.map(({ message }) => message.length),
    )
    expect(lengths.map((each) => each.map((length) => length > 500))).toEqual([
      [false, false, false, false, true],
      [false, false, true, true, true],
    ])
    expect(Math.max(...lengths.flat())).toBe(500 + '...'.length)
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
  const inSchemeAndPort =
    "differs in the scheme: 'https', and in the port: 8080 in place of the default 443"
  const inPort1 = 'differs in the port: 1 in place of the default 443'
  const rule = 'the wildcard stands for labels of a-z, 0-9, _ and inner -'

  it.each([
    ['another scheme', 'http://a.test', "'https://a.test' differs in the scheme: 'https'"],
    [
      'another port',
      'https://a.test:8443',
      "'https://a.test' differs in the port: 8443 in place of the default 443",
    ],
    [
      'no port',
      'http://b.test',
      "'http://b.test:8080' differs in the port: the default 80 in place of 8080",
    ],
    [
      'the default port of another scheme',
      'http://a.test:443',
      "'https://a.test' differs in the scheme: 'https', and in the port: 443 in place of the default 443",
    ],
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
    ['below a wildcard, another port', 'https://x.y.c.test:1', `'https://*.c.test' ${inPort1}`],
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
      `'https://pr-*.d.test' ${inPort1}`,
    ],
    [
      'a wildcard with a port',
      'app://x.g.test',
      "'app://*.g.test:1' differs in the port: none in place of 1",
    ],
    [
      'no labels',
      'app://-.g.test',
      `'app://*.g.test:1' differs in the port: none in place of 1, and in the host: ${rule}`,
    ],
    [
      'nothing like it',
      'https://f.example',
      "patterns compared: 8, none alike; the first is 'https://a.test'",
    ],
    [
      'one label of several',
      'https://xapp.h.test',
      "'https://app.h.test' differs in the host: 'xapp' in place of 'app'",
    ],
    [
      'the same start',
      'https://a.test.evil',
      "'https://a.test' differs in the host: the origin has 'evil' more",
    ],
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
    ['a loopback name before another', 'http://[::1]', 'http://localhost', 'http://y.localhost:1'],
    [
      'few letters before one label',
      'https://app.exmpale.com',
      'https://app.example.com',
      'https://app.other.com',
    ],
    [
      'a scheme before few letters',
      'https://app.exmpale.com',
      'http://app.exmpale.com',
      'https://app.example.com',
    ],
    [
      'two labels more before few letters',
      'https://y.x.a.test',
      'https://a.test',
      'https://y.x.b.test',
    ],
    [
      'any labels more before one that differs',
      'https://e.d.c.b.a.test',
      'https://a.test',
      'https://e.d.other.b.a.test',
    ],
    [
      'one label in place of another before two',
      'https://www.example.com',
      'https://login.example.com',
      'https://*.a.other.com',
    ],
    [
      'one that differs before a scheme too',
      'https://www.example.com',
      'https://login.example.com',
      'http://login.example.com',
    ],
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

  const alike: readonly [title: string, origin: string, pattern: string, host: string][] = [
    [
      'another loopback name',
      'http://127.0.0.1:3000',
      'http://localhost:3000',
      'each loopback name is an origin of its own',
    ],
    [
      'another loopback name, below a wildcard',
      'http://[::1]:3000',
      'http://*.localhost:*',
      'each loopback name is an origin of its own',
    ],
    ['a sibling', 'https://www.example.com', 'https://app.example.com', "'www' in place of 'app'"],
    [
      'siblings of several labels',
      'https://a.b.example.com',
      'https://app.example.com',
      "'a.b' in place of 'app'",
    ],
    [
      'another top-level domain',
      'https://app.example.org',
      'https://app.example.com',
      "'org' in place of 'com'",
    ],
    [
      'another label in the middle',
      'https://app.staging.example.com',
      'https://app.live.example.com',
      "'staging' in place of 'live'",
    ],
    [
      'two letters that changed places',
      'https://app.exmaple.com',
      'https://app.example.com',
      "'exmaple' in place of 'example'",
    ],
    ['a single label', 'http://locahost', 'http://localhost', "'locahost' in place of 'localhost'"],
    ['letter case, where it counts', 'app://Main', 'app://main', "'Main' in place of 'main'"],
    [
      'two letters that changed places, below a wildcard',
      'https://a.b.exmaple.com',
      'https://*.example.com',
      "'exmaple' in place of 'example'",
    ],
    [
      'the same letters without a dot',
      'https://evil-example.com',
      'https://*.example.com',
      "'evil-example' in place of 'example'",
    ],
    [
      'another end, below a wildcard',
      'https://pr-1.example.org',
      'https://pr-*.example.com',
      "'org' in place of 'com'",
    ],
    [
      'a label that lacks in the middle',
      'https://app.example.com',
      'https://app.live.example.com',
      "the origin lacks 'live'",
    ],
    [
      'the end of another domain',
      'https://app.example.com.evil.test',
      'https://app.example.com',
      "the origin has 'evil.test' more",
    ],
    ['a dot at the end', 'https://a.test.', 'https://a.test', "the origin has '.' more"],
    [
      'hosts that are too long for typing errors',
      `https://${'x'.repeat(60)}a.test`,
      `https://${'x'.repeat(60)}b.test`,
      `'${'x'.repeat(60)}a' in place of '${'x'.repeat(60)}b'`,
    ],
  ]

  it.each(alike)('has an unlike host, and tells how: %s', (_title, origin, pattern, host) => {
    const reason = `'${pattern}' differs in the host: ${host}`
    expect(nearestMismatch(origin, [pattern])).toBe(reason)
    expect(nearestMismatch(origin, ['https://nothing.invalid', pattern])).toBe(reason)
  })

  it('can have an unlike host, scheme and port', () => {
    expect(nearestMismatch('http://www.example.com:1', ['https://app.example.com'])).toBe(
      "'https://app.example.com' differs in the scheme: 'https', and in the port: 1 in place of the default 443, and in the host: 'www' in place of 'app'",
    )
  })

  it('is the first one, where none is alike', () => {
    const expected = "patterns compared: 2, none alike; the first is 'https://a.test'"
    expect(nearestMismatch('https://b.example', ['https://a.test', 'https://c.test'])).toBe(
      expected,
    )
    expect(nearestMismatch('https://b.example', ['https://a.test', /c/, 'https://c.test'])).toBe(
      `${expected}; expressions are not compared`,
    )
  })

  it('is none among expressions', () => {
    const facts = { method: 'GET', origin: 'https://a.test' }
    expect(linesOf({ origin: /^https:\/\/b\.test$/ }, facts)[1]).toBe(
      "FAIL origin  'https://a.test' is not allowed: expressions are not compared",
    )
  })

  it('is looked for among so many, and no more', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `https://x${index}.invalid`)
    expect(nearestMismatch('https://a.test', [...many, 'http://a.test'])).toBe(
      "patterns compared: 10000, none alike; the first is 'https://x0.invalid'",
    )
    expect(nearestMismatch('https://a.test', [...many.slice(1), 'http://a.test'])).toBe(
      "'http://a.test' differs in the scheme: 'http'",
    )
  })

  it('is found among acknowledged ones, and not among expressions', () => {
    const origin = [
      /^https:\/\/b\.test$/,
      { pattern: /^https:\/\/(a|b)+\.test$/, dangerouslyAllow: ['slow-regexp'] },
      { pattern: 'http://a.test', dangerouslyAllow: ['insecure-origins'] },
    ] as const
    const facts = { method: 'GET', origin: 'https://a.test:1' }
    expect(linesOf({ origin, credentials: true }, facts)[1]).toBe(
      "FAIL origin  'https://a.test:1' is not allowed: 'http://a.test' differs in the scheme: 'http', and in the port: 1 in place of the default 80",
    )
  })
})
