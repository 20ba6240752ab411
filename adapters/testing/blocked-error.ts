/** The failure of a page's `fetch()`, with the reason that a browser keeps to itself. */

import type { PageRequest, Verdict } from '../../src/browser/index.ts'
import { report } from './report.ts'

const BRAND = Symbol.for('crossgate.blocked')

/**
 * What `browserFetch` rejects with where the page's `fetch()` would: a `TypeError`, as there.
 *
 * @example
 * const error = await browserFetch(app, { from: 'https://evil.example' }).catch((error) => error)
 * if (isCorsBlockedError(error)) error.verdict.rule // 'allow-origin.missing'
 */
export class CorsBlockedError extends TypeError {
  readonly code = 'CROSSGATE_BLOCKED'
  readonly verdict: Verdict

  /** @param cause Why there was no response, where there was none. */
  constructor(asked: PageRequest, verdict: Verdict, cause?: unknown) {
    super(report(asked, verdict), cause === undefined ? {} : { cause })
    // A literal, because minifiers rename classes.
    this.name = 'CorsBlockedError'
    this.verdict = verdict
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Whether `value` is a {@link CorsBlockedError}, also one of another copy of crossgate. */
export function isCorsBlockedError(value: unknown): value is CorsBlockedError {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, BRAND)
}
