/** The subjects of a kind of server, by the names that the tables show. */

import type { Scenario } from '../scenarios.ts'

export type Subjects<Prepared> = Readonly<Record<string, (scenario: Scenario) => Prepared>>

export function subjectOf<Prepared>(
  subjects: Subjects<Prepared>,
  name: string,
): (scenario: Scenario) => Prepared {
  const subject = subjects[name]
  if (subject === undefined) throw new Error(`no such subject: ${name}`)
  return subject
}
