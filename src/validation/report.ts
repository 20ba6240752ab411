/** How validators report: they collect every issue instead of stopping at the first. */

import { type CorsIssue, type CorsIssueCode, type CorsIssuePath, createIssue } from '../errors.ts'

/** Notes one issue: its code, where it is, the value found, what is wrong, what to write instead. */
export type Report = (
  code: CorsIssueCode,
  path: CorsIssuePath,
  value: unknown,
  problem: string,
  suggestion?: string,
) => void

export function collectInto(issues: CorsIssue[]): Report {
  return (code, path, value, problem, suggestion) => {
    issues.push(createIssue(code, path, value, problem, suggestion))
  }
}
