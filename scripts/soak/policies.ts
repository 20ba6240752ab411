/** The policies among which the servers change, and what a response to each request has to be. */

import type { CorsOptions } from 'crossgate'

/** What a client sends. */
export interface SoakRequest {
  readonly path: '/' | '/slow'
  readonly host: string
  readonly origin: string | undefined
  readonly preflight: boolean
}

/** What a client gets. */
export interface SoakResponse {
  readonly status: number | undefined
  /** The lines of CORS, sorted. */
  readonly lines: readonly string[]
}

/** No policy may be remembered for longer. */
const A_DAY = 86_400
const ORIGINS = ['https://a.test', 'https://b.test', 'https://c.test']
export const REQUEST_ORIGINS = [...ORIGINS, 'https://evil.test', undefined]

/** The policy of a service or tenant: each version lets other origins in, and can be told from all others. */
export function policyOf(owner: string, version: number): CorsOptions {
  return {
    origin: ORIGINS.filter((_, index) => index !== version % ORIGINS.length),
    credentials: version % 2 === 0,
    methods: ['PUT'],
    allowedHeaders: [`x-${owner}`],
    exposedHeaders: [`x-${owner}-${version}`],
    maxAge: version % A_DAY,
  }
}

/** The response by a version; `undefined` where there is no such owner. */
export function expectedOf(
  owner: string | undefined,
  version: number,
  { origin, preflight }: SoakRequest,
): SoakResponse {
  const isAllowed =
    owner !== undefined &&
    origin !== undefined &&
    ORIGINS.indexOf(origin) !== version % ORIGINS.length &&
    ORIGINS.includes(origin)
  if (!isAllowed) return { status: preflight ? 403 : 200, lines: ['vary: Origin'] }
  const granted = preflight
    ? [
        `access-control-allow-headers: x-${owner}`,
        'access-control-allow-methods: PUT',
        `access-control-max-age: ${version % A_DAY}`,
      ]
    : [`access-control-expose-headers: x-${owner}-${version}`]
  const lines = [
    ...granted,
    `access-control-allow-origin: ${origin}`,
    ...(version % 2 === 0 ? ['access-control-allow-credentials: true'] : []),
    'vary: Origin',
  ]
  return { status: preflight ? 204 : 200, lines: lines.sort() }
}
