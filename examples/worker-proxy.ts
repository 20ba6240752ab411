/** A Worker that lets pages read servers that do not speak CORS: those that are declared, and no others. */

import { withCors } from 'crossgate/fetch'

const policy = { origin: 'https://app.example.com', methods: ['GET'], maxAge: 600 }

/** Nothing of the user goes along, such as cookies; nothing about CORS or the connection comes back. */
const ASKED = ['accept', 'if-none-match', 'if-modified-since']
const KEPT = 'age cache-control content-type etag expires last-modified retry-after vary'.split(' ')

/** Upstreams by the first part of the path. A proxy for any URL would be everybody's way in, and out. */
export function createProxy(upstreams: Readonly<Record<string, string>>) {
  const bases = new Map(Object.entries(upstreams).map((entry) => [entry[0], baseOf(...entry)]))
  return withCors(policy, (request: Request) => forward(request, bases))
}

export default { fetch: createProxy({ weather: 'https://api.weather.example/v1/' }) }

/** Without the slash at its end, what a page asks for could go on with the host's name, or its port. */
function baseOf(name: string, value: string): string {
  const { origin, pathname, href } = new URL(URL.canParse(value) ? value : 'no:')
  if (/^https?:/.test(href) && pathname.endsWith('/') && href === origin + pathname) return href
  throw new Error(`upstream '${name}' is '${value}'; write https://host/path/ and nothing else`)
}

async function forward({ method, url, headers }: Request, bases: Map<string, string>) {
  if (method !== 'GET') return refuse(405, 'only GET is forwarded', { allow: 'GET' })
  const { pathname, search } = new URL(url)
  const [, name = '', ...rest] = pathname.split('/')
  const base = bases.get(name)
  if (base === undefined) return refuse(404, `no upstream is called '${name}'`)
  const target = new URL(base + rest.join('/') + search)
  // To some servers an encoded slash is one.
  const isOutside = !target.href.startsWith(base) || /%2f|%5c/i.test(target.pathname)
  if (isOutside) return refuse(404, 'outside of the upstream')
  // A redirect could lead anywhere; a status such as 999 no Response can have.
  const init = { headers: pick(headers, ASKED), redirect: 'manual' } as const
  const answer = await fetch(target, init).catch(() => Response.error())
  const { status, body } = answer
  const isPassedOn = /^(2..|304|[45]..)$/.test(`${status}`)
  if (isPassedOn) return new Response(body, { status, headers: pick(answer.headers, KEPT) })
  await body?.cancel()
  return refuse(502, `the upstream answers with ${status || 'nothing'}`)
}

const pick = (from: Headers, names: string[]) =>
  names.flatMap((name): [string, string][] => (from.has(name) ? [[name, `${from.get(name)}`]] : []))

const refuse = (status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers })
