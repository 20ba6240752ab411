/** Requests of pages: what a browser makes of them before anything is sent. */

import type { BrowserName, Field, PageRequest, RuleCode } from '../../src/browser/index.ts'

export const PAGE = 'https://app.example'
export const API = 'https://api.example/items'
export const OTHER = 'https://other.example/items'

export type PageOptions = Omit<PageRequest, 'from' | 'url'>

export const BROWSERS = ['standard', 'chromium', 'firefox', 'safari'] as const

/** A request header, and which browsers ask before they send it. */
export interface HeaderCase {
  readonly title: string
  readonly headers: readonly Field[]
  /** By browser: the names that it asks for; absent where it does not ask. */
  readonly asked: Partial<Record<BrowserName, string>>
}

const UNASKED: HeaderCase['asked'] = {}

const everywhere = (names: string): HeaderCase['asked'] =>
  Object.fromEntries(BROWSERS.map((browser) => [browser, names]))

const safe = (name: string, value: string): HeaderCase => ({
  title: `${name}: ${value}`,
  headers: [[name, value]],
  asked: UNASKED,
})

const unsafe = (name: string, value: string): HeaderCase => ({
  title: `${name}: ${value}`,
  headers: [[name, value]],
  asked: everywhere(name.toLowerCase()),
})

/** What Chromium alone sends unasked. */
const safeInChromium = (name: string, value: string): HeaderCase => {
  const { chromium, ...asked } = everywhere(name.toLowerCase())
  return { title: `${name}: ${value}`, headers: [[name, value]], asked }
}

/** What Chromium alone does not send unasked. */
const unsafeInChromium = (name: string, value: string): HeaderCase => ({
  title: `${name}: ${value}`,
  headers: [[name, value]],
  asked: { chromium: name.toLowerCase() },
})

const many = (count: number, name: string, value: string): readonly Field[] =>
  Array.from({ length: count }, (): Field => [name, value])

/** "CORS-safelisted request-header", "CORS-unsafe request-header names". */
export const HEADERS: readonly HeaderCase[] = [
  safe('Accept', 'text/html, */*;q=0.1'),
  safe('accept', 'a\tb'),
  safe('ACCEPT', ''),
  safe('accept', '\u00e9~!'),
  ...[...'"():<>?@[\\]{}\u007f\u0001\u001f'].map((byte) => unsafe('Accept', `a${byte}b`)),
  safe('accept', 'a'.repeat(128)),
  unsafe('accept', 'a'.repeat(129)),
  safe('Accept-Language', 'en-GB,en;q=0.9, *;q=.1'),
  unsafe('Accept-Language', 'en_GB'),
  safe('Content-Language', 'de, en'),
  unsafe('Content-Language', 'de/en'),
  safe('Content-Type', 'text/plain'),
  safe('Content-Type', ' Text/Plain ; charset=utf-8'),
  safe('Content-Type', 'application/x-www-form-urlencoded'),
  safe('Content-Type', 'multipart/form-data; boundary=x'),
  unsafe('Content-Type', 'application/json'),
  unsafe('Content-Type', 'text/plain, text/plain'),
  unsafe('Content-Type', 'text/plain; a="b:c"'),
  unsafe('Content-Type', 'text/html'),
  unsafe('Content-Type', 'text'),
  unsafe('Content-Type', ''),
  safe('Range', 'bytes=0-'),
  safe('Range', 'bytes=0-0'),
  safe('Range', 'bytes=9-10'),
  safe('Range', 'bytes=9007199254740992-9007199254740993'),
  unsafe('Range', 'bytes=9007199254740993-9007199254740992'),
  unsafe('Range', 'bytes=10-9'),
  unsafe('Range', 'bytes=-9'),
  unsafe('Range', 'bytes=-'),
  unsafe('Range', 'bytes=9'),
  unsafe('Range', 'bytes= 0-'),
  unsafe('Range', 'bytes=0-1,2-3'),
  unsafe('Range', 'bytes=0x1-'),
  safe('Range', 'bytes=0-9223372036854775807'),
  safe('Range', 'bytes=9223372036854775807-'),
  unsafeInChromium('Range', 'bytes=0-9223372036854775808'),
  unsafeInChromium('Range', 'bytes=9223372036854775808-'),
  unsafe('Range', 'Bytes=0-'),
  unsafe('Range', 'BYTES=9-10'),
  unsafe('Range', 'Bytes=10-9'),
  unsafe('Range', 'bytes 0-'),
  unsafe('X-Token', '1'),
  unsafe('Authorization', 'Bearer x'),
  unsafe('Cache-Control', 'no-cache'),
  unsafe('__proto__', '1'),
  {
    title: 'eight safelisted headers of 128 bytes',
    headers: many(8, 'accept', 'a'.repeat(128)),
    // Together they are over the limit for one header.
    asked: { chromium: 'accept' },
  },
  {
    title: 'safelisted headers of 1,025 bytes',
    headers: [...many(8, 'accept', 'a'.repeat(128)), ['Range', 'bytes=0-']],
    asked: { ...everywhere('accept,range'), chromium: 'accept' },
  },
  {
    title: 'equal headers that are short alone',
    headers: many(2, 'accept', 'a'.repeat(64)),
    asked: { chromium: 'accept' },
  },
  {
    title: 'names in any order and case, more than once',
    headers: [
      ['X-B', '1'],
      ['x-a', '1'],
      ['A-Z', '1'],
      ['x-b', '2'],
      ['Authorization', 'x'],
      ['Content-Type', 'application/json'],
      ['Accept', '"'],
      ['Accept-Language', 'en'],
    ],
    asked: everywhere('a-z,accept,authorization,content-type,x-a,x-b'),
  },
  ...['Device-Memory', 'Downlink', 'DPR'].flatMap((name) => [
    ...['1', '007', '1.5', '0.0'].map((value) => safeInChromium(name, value)),
    ...['', '1.', '.5', '1.2.3', '-1', '+1', '1e3', '1,5', 'many'].map((value) =>
      unsafe(name, value),
    ),
  ]),
  ...['RTT', 'Viewport-Width', 'Width'].flatMap((name) => [
    ...['0', '1', '007'].map((value) => safeInChromium(name, value)),
    ...['', '1.5', '-1', '+1', 'wide'].map((value) => unsafe(name, value)),
  ]),
  safeInChromium('DPR', '1'.repeat(128)),
  unsafe('DPR', '1'.repeat(129)),
  ...['on', 'ON'].map((value) => safeInChromium('Save-Data', value)),
  ...['', 'off', 'on, on'].map((value) => unsafe('Save-Data', value)),
  ...['slow-2g', '2g', '3g', '4g'].map((value) => safeInChromium('ECT', value)),
  ...['', '5g', '4G', 'offline'].map((value) => unsafe('ECT', value)),
  safeInChromium('Intervention', 'a "b"'),
  unsafe('Intervention', 'a'.repeat(129)),
  {
    title: 'User-Agent',
    headers: [['User-Agent', 'x']],
    asked: { standard: 'user-agent', firefox: 'user-agent', safari: 'user-agent' },
  },
]

/** "Forbidden request-header": never sent, so never asked for. */
export const FORBIDDEN: readonly Field[] = [
  'Accept-Charset',
  'Accept-Encoding',
  'Access-Control-Request-Headers',
  'Access-Control-Request-Method',
  'Connection',
  'Content-Length',
  'Cookie',
  'Cookie2',
  'Date',
  'DNT',
  'Expect',
  'Host',
  'Keep-Alive',
  'Origin',
  'Referer',
  'Set-Cookie',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Via',
  'Proxy-Authorization',
  'Sec-Fetch-Site',
]
  .map((name): Field => [name, '1'])
  .concat([
    ['X-HTTP-Method', 'trace'],
    ['X-HTTP-Method-Override', 'GET, Track'],
    ['X-Method-Override', ' CONNECT '],
  ])

/** A method as the page writes it, as it goes out, and whether a browser asks before. */
export const METHODS: readonly (readonly [string, string, boolean])[] = [
  ['GET', 'GET', false],
  ['get', 'GET', false],
  ['Head', 'HEAD', false],
  ['post', 'POST', false],
  ['put', 'PUT', true],
  ['delete', 'DELETE', true],
  ['options', 'OPTIONS', true],
  ['PATCH', 'PATCH', true],
  ['patch', 'patch', true],
  ['query', 'query', true],
]

/** "Bad port", by the table of the Fetch standard. */
export const BAD_PORTS: readonly number[] = [
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
]

/** Those of them to which Chromium connects. */
export const PORTS_OPEN_IN_CHROMIUM: readonly number[] = [4190, 6679]

/** Next to bad ports, and used as a rule. */
export const GOOD_PORTS: readonly number[] = [
  2, 8, 80, 81, 442, 443, 444, 1024, 1721, 3000, 4000, 4444, 5000, 5059, 5173, 5999, 6001, 6568,
  6664, 6670, 8000, 8080, 8443, 10079, 10081, 65535,
]

/** URLs of http that a page of https may ask for: "potentially trustworthy". */
export const TRUSTWORTHY: readonly string[] = [
  'http://localhost/',
  'http://localhost:8080/',
  'http://localhost./',
  'http://api.localhost/',
  'http://a.b.localhost:3000/',
  'http://127.0.0.1/',
  'http://127.1:8080/',
  'http://127.255.0.3/',
  'http://[::1]:8080/',
]

/** What no page can request: the "Request constructor" throws, or "main fetch" ends at once. */
export const IMPOSSIBLE: readonly {
  readonly title: string
  readonly request: Partial<PageRequest>
  readonly rule: RuleCode
  readonly message: string
}[] = [
  {
    title: 'a page whose origin has a slash',
    request: { from: `${PAGE}/` },
    rule: 'from.invalid',
    message: "'https://app.example/' is no origin that a browser sends",
  },
  {
    title: 'a relative URL',
    request: { url: '/items' },
    rule: 'url.invalid',
    message: "'/items' is no absolute URL",
  },
  {
    title: 'a user name in the URL',
    request: { url: 'https://me@api.example/' },
    rule: 'url.credentials',
    message: 'the URL has a user name or a password',
  },
  {
    title: 'a password in the URL',
    request: { url: 'https://:secret@api.example/' },
    rule: 'url.credentials',
    message: 'the URL has a user name or a password',
  },
  {
    title: 'another scheme',
    request: { url: 'ftp://api.example/' },
    rule: 'url.scheme',
    message: "'ftp://api.example/' is not http or https",
  },
  ...BAD_PORTS.flatMap((port) =>
    [`http://127.0.0.1:${port}/`, `https://api.example:${port}/`].map((url) => ({
      title: url,
      request: { url },
      rule: 'url.bad-port' as const,
      message: `'${url}' has port ${port}, to which browsers do not connect`,
    })),
  ),
  {
    title: 'a bad port of the own origin, whatever the mode',
    request: {
      from: 'https://app.example:6000',
      url: 'https://app.example:6000/',
      mode: 'no-cors',
    },
    rule: 'url.bad-port',
    message: "'https://app.example:6000/' has port 6000, to which browsers do not connect",
  },
  {
    title: 'a bad port, which goes before mixed content',
    request: { url: 'http://api.example:6000/' },
    rule: 'url.bad-port',
    message: "'http://api.example:6000/' has port 6000, to which browsers do not connect",
  },
  ...['http://api.example/', 'http://app.example/', 'http://[::2]/', 'http://128.0.0.1/'].map(
    (url) => ({
      title: `${url} from a page of https`,
      request: { url },
      rule: 'mixed-content' as const,
      message: `the page at '${PAGE}' is of https, and '${url}' is not: mixed content`,
    }),
  ),
  ...(['no-cors', 'same-origin'] as const).map((mode) => ({
    title: `http from a page of https in mode ${mode}`,
    request: { url: 'http://api.example/', mode },
    rule: 'mixed-content' as const,
    message: `the page at '${PAGE}' is of https, and 'http://api.example/' is not: mixed content`,
  })),
  {
    title: 'http from a page of https, where another origin is trustworthy',
    request: { url: 'http://api.example/', trustworthy: ['http://api.example:8080'] },
    rule: 'mixed-content',
    message: `the page at '${PAGE}' is of https, and 'http://api.example/' is not: mixed content`,
  },
  {
    title: 'a method that is no token',
    request: { method: 'GET IT' },
    rule: 'method.invalid',
    message: "method 'GET IT' is no token",
  },
  ...['CONNECT', 'trace', 'Track'].map((method) => ({
    title: `the method ${method}`,
    request: { method },
    rule: 'method.forbidden' as const,
    message: `browsers never send the method '${method}'`,
  })),
  {
    title: 'PUT without CORS',
    request: { method: 'put', mode: 'no-cors' },
    rule: 'method.no-cors',
    message: "mode 'no-cors' does not send the method 'PUT'",
  },
  {
    title: 'GET with a body',
    request: { body: '' },
    rule: 'body.forbidden',
    message: 'GET is sent without a body',
  },
  {
    title: 'HEAD with a body',
    request: { method: 'head', body: 'x' },
    rule: 'body.forbidden',
    message: 'HEAD is sent without a body',
  },
  {
    title: 'GET with a stream',
    request: { streamBody: true },
    rule: 'body.forbidden',
    message: 'GET is sent without a body',
  },
  {
    title: 'a stream without CORS',
    request: { method: 'POST', mode: 'no-cors', streamBody: true },
    rule: 'body.stream',
    message: "mode 'no-cors' does not send a body that is a stream",
  },
  {
    title: 'a header name that is no token',
    request: { headers: [['x a', '1']] },
    rule: 'header.invalid',
    message: "header 'x a' is no token",
  },
  ...['a\nb', 'a\rb', 'a\0b', '\u0100'].map((value) => ({
    title: `a header value that cannot be sent: ${JSON.stringify(value)}`,
    request: { headers: [['x-a', value]] as const },
    rule: 'header.invalid' as const,
    message: `the value of the header 'x-a' cannot be sent: '${[...value]
      .map((character) =>
        /[ab]/.test(character)
          ? character
          : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      .join('')}'`,
  })),
  {
    title: 'another origin in mode same-origin',
    request: { mode: 'same-origin' },
    rule: 'mode.same-origin',
    message: "'https://api.example/items' is of another origin than 'https://app.example'",
  },
  {
    title: 'manual redirects without CORS',
    request: { mode: 'no-cors', redirect: 'manual' },
    rule: 'mode.no-cors-redirect',
    message: "mode 'no-cors' has to follow redirects",
  },
]

/** "Append a request `Origin` header", and "includeCredentials". */
export const SENT: readonly {
  readonly title: string
  readonly request: Partial<PageRequest>
  /** Absent where the request carries none. */
  readonly origin?: string
  readonly credentials: boolean
}[] = [
  { title: 'a GET to another origin', request: {}, origin: PAGE, credentials: false },
  {
    title: 'a HEAD to another origin',
    request: { method: 'HEAD' },
    origin: PAGE,
    credentials: false,
  },
  {
    title: 'a GET to another origin with credentials',
    request: { credentials: 'include' },
    origin: PAGE,
    credentials: true,
  },
  {
    title: 'a GET from a sandboxed frame',
    request: { from: 'null' },
    origin: 'null',
    credentials: false,
  },
  {
    title: 'a GET to the own origin',
    request: { url: `${PAGE}/items` },
    credentials: true,
  },
  {
    title: 'a GET to the own origin without credentials',
    request: { url: `${PAGE}/items`, credentials: 'omit' },
    credentials: false,
  },
  {
    title: 'a POST to the own origin',
    request: { url: `${PAGE}/items`, method: 'POST' },
    origin: PAGE,
    credentials: true,
  },
  {
    title: 'a PUT to the own origin, in mode same-origin',
    request: { url: `${PAGE}/items`, method: 'PUT', mode: 'same-origin' },
    origin: PAGE,
    credentials: true,
  },
  { title: 'a GET without CORS', request: { mode: 'no-cors' }, credentials: false },
  {
    title: 'a GET without CORS, with credentials',
    request: { mode: 'no-cors', credentials: 'include' },
    credentials: true,
  },
  {
    title: 'a POST without CORS',
    request: { mode: 'no-cors', method: 'POST' },
    origin: PAGE,
    credentials: false,
  },
  {
    title: 'a POST without CORS from https to http that is trustworthy',
    request: {
      mode: 'no-cors',
      method: 'POST',
      url: 'http://api.example/',
      trustworthy: ['http://api.example'],
    },
    origin: 'null',
    credentials: false,
  },
  {
    title: 'a POST with CORS from https to http that is trustworthy',
    request: { method: 'POST', url: 'http://api.example/', trustworthy: ['http://api.example'] },
    origin: PAGE,
    credentials: false,
  },
  {
    title: 'a POST without CORS from http to http',
    request: {
      from: 'http://app.example',
      mode: 'no-cors',
      method: 'POST',
      url: 'http://api.example/',
    },
    origin: 'http://app.example',
    credentials: false,
  },
]
