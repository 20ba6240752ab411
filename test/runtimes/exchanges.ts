/** The exchanges of the matrix: those of the table that a framework can have, and what runtimes add. */

import { APP, EVIL, EXCHANGES, type Exchange } from '../tables/exchanges.ts'
import { DECIDING, PASSING, WRAPPED } from './agreement.ts'
import type { Framework } from './frameworks.ts'

/**
 * Layers that wrap `writeHead` before crossgate gets the response. Where a runtime has another way to
 * `writeHead` than Node, the guard has to hold all the same.
 */
const WRAPPERS: readonly (readonly [wrapper: string, paths: readonly string[]])[] = [
  [PASSING, ['/', '/write-object', '/set', '/throw']],
  [DECIDING, ['/', '/stream']],
]

const wrapped: readonly Exchange[] = WRAPPERS.flatMap(([wrapper, paths]) =>
  paths.flatMap((path) =>
    EXCHANGES.filter((exchange) => isPlainGet(exchange, path)).map((exchange) => ({
      ...exchange,
      title: `${exchange.title}, behind a ${wrapper} wrapper of writeHead`,
      request: {
        ...exchange.request,
        headers: [...(exchange.request.headers ?? []), [WRAPPED, wrapper] as const],
      },
    })),
  ),
)

function isPlainGet({ policy, request }: Exchange, path: string): boolean {
  const { method, path: asked = '/', headers = [] } = request
  const [origin] = headers
  return (
    policy === 'list' &&
    method === undefined &&
    asked === path &&
    headers.length === 1 &&
    (origin?.[1] === APP || origin?.[1] === EVIL)
  )
}

export function exchangesOf(framework: Framework): readonly Exchange[] {
  const isHttp1 = framework.host === 'servers of Node' && framework.protocol === 'http/1'
  const all = isHttp1 ? [...EXCHANGES, ...wrapped] : EXCHANGES
  return all.filter((exchange) => isPossible(exchange, framework))
}

function isPossible({ needs }: Exchange, { protocol, parsesBodies }: Framework): boolean {
  if (needs === 'bodies') return parsesBodies
  return needs === undefined || needs === 'lists' || needs === protocol
}
