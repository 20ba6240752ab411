/** The application behind every adapter: what it answers, by the last part of the path. */

/** All that an answer depends on. */
export interface Asked {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Several parts are streamed. */
  readonly body: string | readonly string[]
}

/** Fields that pages see always, sometimes and never. */
const FIELDS = {
  'Content-Language': 'en',
  Expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
  'Last-Modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
  Pragma: 'no-cache',
  'Server-Timing': 'total;dur=7',
  'Set-Cookie': 'seen=1; Path=/never',
  'X-One': '1',
  'X-Total': '7',
  'X-Two': '2',
}

/** What a handler sends that believes CORS to be its own business. */
const OWN_LAYER = {
  'Access-Control-Allow-Origin': 'http://other.example',
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers': 'X-One',
  Vary: 'Accept-Encoding',
  'X-One': '1',
  'X-Total': '7',
}

const VERSION = '"1"'

const ANSWERS: Readonly<Record<string, (asked: Asked) => Answer>> = {
  ok: () => answer(200, 'ok', { 'X-Total': '7' }),
  fields: () => answer(200, 'fields', FIELDS),
  created: () => answer(201, 'created'),
  partial: () => answer(206, 'partial', { 'Content-Range': 'bytes 0-6/100' }),
  empty: () => answer(204, ''),
  'not-modified': () => answer(304, '', { ETag: VERSION }),
  bad: () => answer(400, 'bad'),
  unauthorized: () => answer(401, 'unauthorized', { 'WWW-Authenticate': 'Bearer' }),
  forbidden: () => answer(403, 'forbidden'),
  conflict: () => answer(409, 'conflict'),
  teapot: () => answer(418, 'teapot'),
  busy: () => answer(429, 'busy', { 'Retry-After': '1' }),
  failed: () => answer(500, 'failed'),
  unavailable: () => answer(503, 'unavailable'),
  throws: () => {
    throw new Error('thrown')
  },
  stream: () => answer(200, ['one,', 'two'], { 'Content-Type': 'text/plain' }),
  events: () =>
    answer(200, ['data: 1\n\n', 'data: 2\n\n'], { 'Content-Type': 'text/event-stream' }),
  method: ({ method }) => answer(200, method),
  origin: ({ headers: { origin = 'none' } }) => answer(200, String(origin)),
  asked: ({ headers: { 'x-a': own = 'none', authorization = 'none' } }) =>
    answer(200, `${own}, ${authorization}`),
  session: ({ headers: { cookie } }) =>
    answer(200, cookie === 'session=1' ? 'known' : 'unknown', NOT_STORED),
  'own-layer': () => answer(200, 'own-layer', OWN_LAYER),
  'own-layer-failed': () => answer(500, 'own-layer-failed', OWN_LAYER),
  'own-vary': () => answer(200, 'own-vary', { ...STORED, Vary: 'Accept-Encoding' }),
  'own-vary-star': () => answer(200, 'own-vary-star', { ...STORED, Vary: '*' }),
  stored: () => answer(200, 'stored', STORED),
  'stored-missing': () => answer(404, 'stored-missing', STORED),
  'stored-redirect': ({ url }) =>
    answer(301, '', { ...STORED, Location: url.replace('stored-redirect', 'ok') }),
  versioned: ({ headers }) =>
    headers['if-none-match'] === VERSION
      ? answer(304, '', { ETag: VERSION, 'Cache-Control': 'no-cache' })
      : answer(200, 'versioned', { ETag: VERSION, 'Cache-Control': 'no-cache' }),
  redirect: ({ url }) => {
    const asked = new URL(url, 'http://any').searchParams
    return answer(Number(asked.get('status') ?? 302), '', { Location: asked.get('to') ?? 'ok' })
  },
  again: ({ url }) => {
    const times = Number(new URL(url, 'http://any').searchParams.get('times'))
    return answer(302, '', { Location: times === 1 ? 'ok' : `again?times=${times - 1}` })
  },
}

const STORED = { 'Cache-Control': 'max-age=600' }
const NOT_STORED = { 'Cache-Control': 'no-store' }

/** The answer of the application; `undefined` where it has none, which is the framework's to tell. */
export function answerTo(asked: Asked): Answer | undefined {
  const name = asked.url.split('?')[0]?.split('/').at(-1) ?? ''
  return ANSWERS[name]?.(asked)
}

function answer(
  status: number,
  body: string | readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body }
}
