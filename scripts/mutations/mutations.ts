/** Mistakes that a server's CORS could have: each breaks one rule of the sources. */

export interface Mutation {
  readonly name: string
  readonly file: string
  /** A text that is in the file exactly once. */
  readonly find: string
  readonly replace: string
}

const ANSWERS = 'src/answers.ts'
const FIELDS = 'src/fields.ts'
const KEPT_ECHOES = 'src/kept-echoes.ts'
const KEPT_ORIGINS = 'src/kept-origins.ts'
const DECIDE = 'src/decide.ts'
const PREFLIGHT = 'src/preflight.ts'
const LISTS = 'src/http/lists.ts'
const VARY = 'src/http/vary.ts'
const MATCHER = 'src/origin/matcher.ts'

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a refused preflight succeeds',
    file: ANSWERS,
    find: 'preflightContinue ? undefined : FORBIDDEN',
    replace: 'preflightContinue ? undefined : 204',
  },
  {
    name: 'a refused origin is told of credentials',
    file: ANSWERS,
    find: 'const none = Object.freeze(noHeaders())',
    replace:
      "const none = Object.freeze({ ...(options.credentials ? { 'access-control-allow-credentials': 'true' } : {}) })",
  },
  {
    name: 'any origin is allowed, with credentials',
    file: FIELDS,
    find: 'headers[ALLOW_ORIGIN] = allowOrigin',
    replace: "headers[ALLOW_ORIGIN] = credentials ? '*' : allowOrigin",
  },
  {
    name: 'credentials are never allowed',
    file: FIELDS,
    find: 'if (credentials) headers',
    replace: 'if (credentials && false) headers',
  },
  {
    name: 'credentials are always allowed',
    file: FIELDS,
    find: 'if (credentials) headers',
    replace: 'if (true) headers',
  },
  {
    name: 'an answer to a refused origin varies on nothing',
    file: ANSWERS,
    find: "refused: refused('actual', undefined, all)",
    replace: "refused: refused('actual', undefined, [])",
  },
  {
    name: 'an answer without an origin varies on nothing',
    file: ANSWERS,
    find: 'plain: plain(all)',
    replace: 'plain: plain([])',
  },
  {
    name: 'an answer to an allowed origin varies on nothing',
    file: ANSWERS,
    find: 'actual(origin, variance.all)',
    replace: 'actual(origin, [])',
  },
  {
    name: 'a constant answer varies on the origin',
    file: ANSWERS,
    find: "const constant = origin === '*' || (",
    replace: 'const constant = false || (',
  },
  {
    name: 'a constant answer behind a source varies on nothing',
    file: ANSWERS,
    find: 'behindSource && options.vary?.length !== 0',
    replace: 'false',
  },
  {
    name: 'an answer behind a source varies on the origin in any case',
    file: ANSWERS,
    find: 'behindSource && options.vary?.length !== 0',
    replace: 'behindSource',
  },
  {
    name: 'a preflight does not vary on what it echoes',
    file: ANSWERS,
    find: 'preflight: Object.freeze([...all, ...echoed])',
    replace: 'preflight: all',
  },
  {
    name: 'any header does not include Authorization',
    file: FIELDS,
    find: "'*,authorization'",
    replace: "'*'",
  },
  {
    name: 'any header is a wildcard, with credentials',
    file: FIELDS,
    find: "return credentials && allowedHeaders === '*'",
    replace: 'return false',
  },
  {
    name: 'any method is a wildcard, with credentials',
    file: FIELDS,
    find: "return credentials && methods === '*'",
    replace: 'return false',
  },
  {
    name: 'the requested headers are echoed as they came',
    file: FIELDS,
    find: 'requestedNames(headers) ?? []',
    replace: '[headers]',
  },
  {
    name: 'the requested method is echoed as it came',
    file: FIELDS,
    find: 'return method.length <= LONGEST_ECHOED_METHOD && isToken(method)',
    replace: 'return true',
  },
  {
    name: 'the listed methods are upper-cased',
    file: FIELDS,
    find: '? ALWAYS_ALLOWED : joined(methods)',
    replace: '? ALWAYS_ALLOWED : joined(methods).toUpperCase()',
  },
  {
    name: 'an empty list of methods is left out',
    file: FIELDS,
    find: '[[ALLOW_METHODS, fixedAllowMethods(options)]]',
    replace: 'options.methods.length === 0 ? [] : [[ALLOW_METHODS, fixedAllowMethods(options)]]',
  },
  {
    name: 'exposed headers are on preflights',
    file: ANSWERS,
    find: 'const preflightFields = fixedPreflightFields(options)',
    replace:
      'const preflightFields = [...fixedPreflightFields(options), ...exposingFields(options)]',
  },
  {
    name: 'exposed headers are on no answer',
    file: FIELDS,
    find: 'exposedHeaders.length === 0 ? []',
    replace: 'exposedHeaders.length >= 0 ? []',
  },
  {
    name: 'the lists of preflights are on every answer',
    file: ANSWERS,
    find: 'const actualFields = exposingFields(options)',
    replace: 'const actualFields = [...exposingFields(options), ...fixedPreflightFields(options)]',
  },
  {
    name: 'a maximum age of zero is dropped',
    file: FIELDS,
    find: 'if (maxAge !== undefined)',
    replace: 'if (maxAge)',
  },
  {
    name: 'a maximum age is taken for minutes',
    file: FIELDS,
    find: '[MAX_AGE, String(maxAge)]',
    replace: '[MAX_AGE, String(maxAge * 60)]',
  },
  {
    name: 'a preflight is never to be cached',
    file: FIELDS,
    find: '[CACHE_CONTROL, cacheControl]',
    replace: "[CACHE_CONTROL, 'no-store']",
  },
  {
    name: 'a preflight that the application answers has its caching',
    file: FIELDS,
    find: 'answers && cacheControl !== undefined',
    replace: 'cacheControl !== undefined',
  },
  {
    name: 'a preflight that is granted is answered in any case',
    file: ANSWERS,
    find: 'options.preflightContinue ? undefined : options.optionsSuccessStatus',
    replace: 'options.optionsSuccessStatus',
  },
  {
    name: 'a preflight that is refused is answered in any case',
    file: ANSWERS,
    find: 'options.preflightContinue ? undefined : FORBIDDEN',
    replace: 'FORBIDDEN',
  },
  {
    name: 'a 204 has a length',
    file: FIELDS,
    find: 'answers && optionsSuccessStatus !== NO_CONTENT',
    replace: 'answers',
  },
  {
    name: 'null is allowed',
    file: DECIDE,
    find: 'compiled.admit(origin)\n  if (allowed',
    replace: "compiled.admit(origin === 'null' ? 'https://a.test' : origin)\n  if (allowed",
  },
  {
    name: 'every origin is allowed',
    file: DECIDE,
    find: 'compiled.admit(origin)\n  if (allowed',
    replace: 'compiled.allow(origin)\n  if (allowed',
  },
  {
    name: 'every OPTIONS is a preflight',
    file: DECIDE,
    find: 'if (requestMethod === undefined) return answers.actualOptions(origin)',
    replace:
      "if (requestMethod === undefined) return answers.preflight(origin, 'allowed', 'GET', undefined)",
  },
  {
    name: 'a preflight is like any OPTIONS',
    file: DECIDE,
    find: 'if (requestMethod === undefined) return answers.actualOptions(origin)',
    replace: 'return answers.actualOptions(origin)',
  },
  {
    name: 'a refused origin is not rejected',
    file: DECIDE,
    find: "options.onDisallowed === 'reject' &&",
    replace: 'false &&',
  },
  {
    name: 'any site passes for the own one',
    file: DECIDE,
    find: "return fetchSite === 'same-origin'",
    replace: 'return true',
  },
  {
    name: 'methods are compared without case',
    file: PREFLIGHT,
    find: 'methods.includes(method)',
    replace: 'methods.some((listed) => listed.toLowerCase() === method.toLowerCase())',
  },
  {
    name: 'requested headers are granted if one of them is',
    file: PREFLIGHT,
    find: 'names !== undefined && refused.length === 0',
    replace: 'names !== undefined && refused.length < names.length',
  },
  {
    name: 'a list has no limit of bytes',
    file: LISTS,
    find: 'if (value.length > most.bytes) return undefined',
    replace: '',
  },
  {
    name: 'a list has no limit of names',
    file: LISTS,
    find: 'if (elements.length > most.names) return undefined',
    replace: '',
  },
  {
    name: 'requested names keep their case',
    file: LISTS,
    find: 'names.add(element.toLowerCase())',
    replace: 'names.add(element)',
  },
  {
    name: 'requested names may be no tokens',
    file: LISTS,
    find: 'if (!isToken(element)) return undefined',
    replace: '',
  },
  {
    name: 'Vary is replaced',
    file: VARY,
    find: 'existing === undefined ? [] : listElements(String(existing))',
    replace: '[]',
  },
  {
    name: 'Vary names a field twice, in another case',
    file: VARY,
    find: 'const key = name.toLowerCase()',
    replace: 'const key = name',
  },
  {
    name: 'a wildcard admits its parent',
    file: MATCHER,
    find: '(expressions.length === 0 && !isCandidate(origin))) return false\n    const parts = parseOrigin(origin)',
    replace:
      "false) return false\n    const parts = parseOrigin(origin)\n    if (parts && admits(subdomains.get(parts.host), portKey(parts.scheme, parts.port), '')) return true",
  },
  {
    name: 'a wildcard admits any scheme and port',
    file: MATCHER,
    find: 'return ports !== undefined && (ports.has(key) || ports.has(anyKey))',
    replace: 'return ports !== undefined',
  },
  {
    name: 'a wildcard is not found where a port follows',
    file: MATCHER,
    find: 'const end = endOfHost(origin, start)',
    replace: 'const end = origin.length',
  },
  {
    name: 'a wildcard is looked for among parents of another length',
    file: MATCHER,
    find: 'parentLengths.has(end - dot - 1)',
    replace: 'parentLengths.has(end - dot)',
  },
  {
    name: 'one of a few origins admits whatever begins like it',
    file: KEPT_ORIGINS,
    find: 'one.allowOrigin === origin',
    replace: 'origin.startsWith(one.allowOrigin)',
  },
  {
    name: 'an echo is given to who asks for other headers',
    file: KEPT_ECHOES,
    find: 'echo.headers === headers && ',
    replace: '',
  },
  {
    name: 'an echo is given to who asks for another method',
    file: KEPT_ECHOES,
    find: 'echo.method === method && ',
    replace: '',
  },
]
