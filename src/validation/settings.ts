/** Validates what stands beside a delegate. */

import type { CorsIssue } from '../errors.ts'
import { nearest } from './nearest.ts'
import { collectInto } from './report.ts'
import { readFunction, readInteger, TIMEOUT } from './values.ts'

const OBSERVERS = ['onDecision', 'onReplaced']
const SETTINGS = ['delegator', 'timeout', ...OBSERVERS]

export function validateSettings(settings: object): readonly CorsIssue[] {
  const issues: CorsIssue[] = []
  const report = collectInto(issues)
  for (const name of Object.keys(settings)) {
    const value = (settings as Record<string, unknown>)[name]
    if (name === 'timeout' && value !== undefined) readInteger(name, value, TIMEOUT, report)
    else if (name === 'delegator') readFunction(name, value, report)
    else if (OBSERVERS.includes(name) && value !== undefined) readFunction(name, value, report)
    else if (!SETTINGS.includes(name)) {
      const problem = 'beside a delegate there are only timeout, onDecision and onReplaced'
      report('option.unknown', [name], name, problem, nearest(name, SETTINGS))
    }
  }
  return issues
}
