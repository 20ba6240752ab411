/** A rule in the words of a hand-written look-up, and of the peers' options. */

import {
  ALLOWED_HEADERS,
  EXPOSED_HEADERS,
  exactOrigin,
  MAX_AGE,
  METHODS,
  type Rule,
  tenantHost,
  wildcardParent,
} from './scenarios.ts'

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

export function originsOf({ origins }: Rule): string[] {
  return origins.kind === 'exact' || origins.kind === 'promised'
    ? numbers(origins.count).map(exactOrigin)
    : []
}

/** Whether the answer comes later. */
export function isLater({ origins }: Rule): boolean {
  return origins.kind === 'promised'
}

/** The longest origin of http or https: scheme, 253 of host, port. */
const LONGEST = 267

/** The least look-up that is safe from long values. */
export function lookUpOf(rule: Rule): (origin: string) => boolean {
  const { origins } = rule
  if (origins.kind === 'wildcards') {
    const parents = new Set(numbers(origins.count).map(wildcardParent))
    return (origin) =>
      origin.length <= LONGEST &&
      origin.startsWith('https://') &&
      parents.has(origin.slice(origin.indexOf('.') + 1))
  }
  if (origins.kind === 'any') return () => true
  const known = originsOf(rule)
  const [first] = known
  if (known.length === 1) return (origin) => origin === first
  const set = new Set(known)
  return (origin) => origin.length <= LONGEST && set.has(origin)
}

/** The origin of each tenant, by host. */
export function tenantOrigins({ origins }: Rule): ReadonlyMap<string, string> {
  const count = origins.kind === 'tenants' ? origins.count : 0
  return new Map(numbers(count).map((index) => [tenantHost(index), exactOrigin(index)]))
}

/** As people write it for peers without wildcards. */
export function expressionsOf({ origins }: Rule): RegExp[] {
  const count = origins.kind === 'wildcards' ? origins.count : 0
  return numbers(count).map(
    (index) =>
      new RegExp(
        `^https://[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.${wildcardParent(index).replaceAll('.', '\\.')}$`,
      ),
  )
}

/** The rule as the options of crossgate. */
export function optionsOf(rule: Rule) {
  const { origins } = rule
  const shared = {
    credentials: rule.credentials,
    methods: [...METHODS],
    ...(rule.headers === 'any' ? {} : { allowedHeaders: [...ALLOWED_HEADERS] }),
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: MAX_AGE,
  }
  if (origins.kind === 'any') return { ...shared, origin: '*' }
  if (origins.kind === 'wildcards') {
    const patterns = numbers(origins.count).map((index) => `https://*.${wildcardParent(index)}`)
    return { ...shared, origin: patterns }
  }
  if (origins.kind === 'promised') {
    const known = new Set(originsOf(rule))
    return { ...shared, origin: async (origin: string) => known.has(origin) }
  }
  return { ...shared, origin: originsOf(rule) }
}
