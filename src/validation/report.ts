/** How validators report: they collect every issue instead of stopping at the first. */

import {
  type CorsIssue,
  type CorsIssueCode,
  type CorsIssuePath,
  createIssue,
  MOST_ISSUES,
} from '../errors.ts'

export interface Report {
  /** Notes one issue: its code, where it is, the value found, what is wrong, what to write instead. */
  (
    code: CorsIssueCode,
    path: CorsIssuePath,
    value: unknown,
    problem: string,
    suggestion?: string,
  ): void
  /** Whether nothing more is noted, so that there is no need to look further. */
  readonly isFull: () => boolean
}

export function collectInto(issues: CorsIssue[]): Report {
  const isFull = (): boolean => issues.length >= MOST_ISSUES
  const note = (...issue: Parameters<typeof createIssue>): void => {
    if (!isFull()) issues.push(createIssue(...issue))
  }
  return Object.assign(note, { isFull })
}
