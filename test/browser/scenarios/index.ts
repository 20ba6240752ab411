/** All scenarios, by subject. */

import type { Scenario } from '../scenario.ts'
import { CACHING } from './caching.ts'
import { CREDENTIALS } from './credentials.ts'
import { EXPOSURE } from './exposure.ts'
import { METHODS } from './methods.ts'
import { MIXED_CONTENT } from './mixed-content.ts'
import { ORIGINS } from './origins.ts'
import { PORTS } from './ports.ts'
import { PREFLIGHT_CACHE } from './preflight-cache.ts'
import { REDIRECTS } from './redirects.ts'
import { REQUEST_HEADERS } from './request-headers.ts'
import { RESOURCE_POLICIES } from './resource-policies.ts'
import { SECOND_LAYER } from './second-layer.ts'
import { STATUSES } from './statuses.ts'
import { STREAMS } from './streams.ts'
import { VECTORS } from './vectors.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...METHODS,
  ...REQUEST_HEADERS,
  ...CREDENTIALS,
  ...EXPOSURE,
  ...ORIGINS,
  ...REDIRECTS,
  ...STATUSES,
  ...CACHING,
  ...PREFLIGHT_CACHE,
  ...SECOND_LAYER,
  ...VECTORS,
  ...PORTS,
  ...MIXED_CONTENT,
  ...STREAMS,
  ...RESOURCE_POLICIES,
]
