/** A Worker that lets pages read servers that do not speak CORS: those that are declared, and no others. */

import { withCors } from 'crossgate/fetch'

const policy = { origin: 'https://app.example.com', methods: ['GET'], maxAge: 600 }

/** By the first part of the path. A proxy for any URL would be everybody's way in, and out. */
export type Upstreams = Readonly<Record<string, string>>

export function createProxy(upstreams: Upstreams) {
  const byName = new Map(Object.entries(upstreams))
  // What an upstream says about CORS is replaced: the policy is the proxy's.
  return withCors(policy, (request: Request) => forward(request, byName))
}

export default { fetch: createProxy({ weather: 'https://api.weather.example/v1/' }) }

async function forward(request: Request, upstreams: Map<string, string>): Promise<Response> {
  if (request.method !== 'GET') return refuse(405, 'only GET is forwarded')
  const { pathname, search } = new URL(request.url)
  const [, name = '', ...rest] = pathname.split('/')
  const base = upstreams.get(name)
  if (base === undefined) return refuse(404, `no upstream is called '${name}'`)
  const target = new URL(`${base}${rest.join('/')}${search}`)
  if (!target.href.startsWith(base)) return refuse(404, 'outside of the upstream')

  // Nothing of the user goes along: no cookies, no credentials. A redirect could lead anywhere.
  const headers = { accept: request.headers.get('accept') ?? '*/*' }
  const answer = await fetch(target, { headers, redirect: 'manual' }).catch(() => undefined)
  if (answer === undefined) return refuse(502, 'the upstream does not answer')
  if (answer.status >= 300 && answer.status < 400) return refuse(502, 'the upstream redirects')

  const kept = new Headers(answer.headers)
  for (const field of DROPPED) kept.delete(field)
  return new Response(answer.body, { status: answer.status, headers: kept })
}

/** What is about one connection, about a body that `fetch` has decoded, or about users of the upstream. */
const DROPPED = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'content-encoding', 'content-length', 'set-cookie'],
]

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status })
}
