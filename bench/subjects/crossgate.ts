/** A rule as a source of crossgate. */

import type { IncomingMessage } from 'node:http'
import { definePolicy, type PolicySource, tenants } from 'crossgate'
import { optionsOf, tenantOrigins } from '../rule.ts'
import type { Rule } from '../scenarios.ts'

interface Hosted {
  readonly headers: IncomingMessage['headers']
}

/** @param hostOf Where the framework's request has its host. */
export function sourceOf<Request = Hosted>(
  rule: Rule,
  hostOf: (request: Request) => string | undefined = (request) => (request as Hosted).headers.host,
): PolicySource<Request> {
  const options = optionsOf(rule)
  if (rule.origins.kind !== 'tenants') return options as PolicySource<Request>
  const origins = tenantOrigins(rule)
  return tenants({
    tenant: hostOf,
    load: (host) => {
      const origin = origins.get(host)
      return origin === undefined ? null : definePolicy({ ...options, origin: [origin] } as never)
    },
  }) as PolicySource<Request>
}
