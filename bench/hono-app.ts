/** An application of Hono behind a subject. */

import { Hono } from 'hono'
import type { Application, Scenario } from './scenarios.ts'
import { varyOf } from './subjects/floor.ts'
import { HONO_SUBJECTS } from './subjects/hono.ts'
import { subjectOf } from './subjects/subjects.ts'

/** It makes its response anew: there is nothing to remove. */
export const HONO_APPLICATIONS: readonly Application[] = ['none', 'sets', 'vary']

const OWN = { 'content-type': 'text/plain', 'x-total': '7' }

export function honoApp(subject: string, scenario: Scenario): Hono {
  const app = new Hono()
  app.use(subjectOf(HONO_SUBJECTS, subject)(scenario))
  // Nobody can merge it with less than who writes it.
  const vary = subject === 'floor' ? varyOf('vary') : 'Accept-Encoding'
  const fields = scenario.application === 'vary' ? { ...OWN, vary } : OWN
  app.get('/', (context) => context.body('', 200, fields))
  // Without a layer a preflight gets this.
  app.options('/', (context) => context.body(null, 204))
  return app
}
