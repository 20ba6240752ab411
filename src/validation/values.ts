/** Validators of single values: each answers with the normal form, or reports and answers `undefined`. */

import { isFieldValue } from '../http/token.ts'
import type { Report } from './report.ts'

/** The bounds of a whole number; `what` completes the sentence "maxAge is". */
export interface Bounds {
  readonly what: string
  readonly least: number
  readonly most: number
  /** What to write instead of more. */
  readonly instead: number
}

export const STATUS: Bounds = { what: 'a whole number', least: 200, most: 299, instead: 204 }
export const MAX_AGE: Bounds = {
  what: 'a whole number of seconds',
  least: 0,
  most: 86_400,
  instead: 86_400,
}
export const TIMEOUT: Bounds = {
  what: 'a whole number of milliseconds',
  least: 1,
  most: 60_000,
  instead: 60_000,
}

export function readBoolean(name: string, value: unknown, report: Report): boolean | undefined {
  if (typeof value === 'boolean') return value
  report('option.type', [name], value, `${name} is true or false`)
  return undefined
}

export function readFunction<Kind>(name: string, value: unknown, report: Report): Kind | undefined {
  if (typeof value === 'function') return value as Kind
  report('option.type', [name], value, `${name} is a function`)
  return undefined
}

export function readInteger(
  name: string,
  value: unknown,
  bounds: Bounds,
  report: Report,
): number | undefined {
  const { what, least, most, instead } = bounds
  if (typeof value !== 'number') {
    const suggestion = typeof value === 'string' ? numberIn(value) : undefined
    report('option.type', [name], value, `${name} is ${what}`, suggestion)
    return undefined
  }
  if (Number.isInteger(value) && value >= least && value <= most) return value + 0
  report(
    'option.range',
    [name],
    value,
    `${name} is ${what} from ${least} to ${most}`,
    value > most ? String(instead) : undefined,
  )
  return undefined
}

export function readCacheControl(value: unknown, report: Report): string | undefined {
  const path = ['cacheControl']
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) return `max-age=${value + 0}`
    report('option.range', path, value, 'cacheControl is in whole seconds from 0 on')
    return undefined
  }
  if (typeof value !== 'string') {
    report('option.type', path, value, 'cacheControl is a field value, or a number of seconds')
    return undefined
  }
  if (isFieldValue(value)) return value
  report('option.value', path, value, 'cacheControl is visible ASCII, as in "public, max-age=600"')
  return undefined
}

export function readOnDisallowed(value: unknown, report: Report): 'omit' | 'reject' | undefined {
  if (value === 'omit' || value === 'reject') return value
  report('option.value', ['onDisallowed'], value, "onDisallowed is 'omit' or 'reject'")
  return undefined
}

function numberIn(text: string): string | undefined {
  const number = Number(text)
  return text.trim() !== '' && Number.isInteger(number) && number >= 0 ? String(number) : undefined
}
