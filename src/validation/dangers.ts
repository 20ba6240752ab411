/** Acknowledged risks: which there are, and which of them a policy really needs. */

import type { CorsIssuePath } from '../errors.ts'
import type { CorsDanger } from '../options.ts'
import { nearest } from './nearest.ts'
import type { Report } from './report.ts'

export const DANGERS: readonly CorsDanger[] = [
  'insecure-origins',
  'null-origin',
  'public-suffix',
  'shared-hosting',
  'slow-regexp',
  'tenant-by-origin',
]

export function readDangers(
  value: unknown,
  path: CorsIssuePath,
  report: Report,
): readonly CorsDanger[] {
  if (!Array.isArray(value)) {
    const known = DANGERS.find((danger) => danger === value)
    const suggestion = known === undefined ? undefined : `['${known}']`
    const problem = `dangerouslyAllow is a list of ${DANGERS.map((name) => `'${name}'`).join(', ')}`
    report('option.type', path, value, problem, suggestion)
    return []
  }
  const dangers: CorsDanger[] = []
  for (const [index, item] of (value as unknown[]).entries()) {
    const danger = DANGERS.find((name) => name === item)
    if (danger !== undefined) dangers.push(danger)
    else if (report.isFull()) break
    else {
      const guess = typeof item === 'string' ? nearest(item, DANGERS) : undefined
      const problem = 'there is no such risk to acknowledge'
      report('dangerously-allow.unknown', [...path, index], item, problem, guess)
    }
  }
  return dangers
}
