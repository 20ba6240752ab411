/** Runs the tests that mutations are for, in the order of {@link FILES}, in one worker. */

import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { FILES } from './files.ts'

/** Slow, and of no further use here: the browsers agree, and what is decided is explained elsewhere. */
const LEFT_OUT = ['in chromium', 'in firefox', 'in safari', 'remembers', 'can be explained']

class InOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification): number =>
      FILES.indexOf(relative(project.config.root, moduleId))
    return [...specifications].sort((one, other) => place(one) - place(other))
  }
}

export default defineConfig({
  test: {
    include: [...FILES],
    setupFiles: ['scripts/mutations/without-shrinking.ts'],
    sequence: { sequencer: InOrder },
    bail: 1,
    testNamePattern: new RegExp(`^(?!.*(?:${LEFT_OUT.join('|')}))`),
    pool: 'threads',
    isolate: false,
    maxWorkers: 1,
    testTimeout: 30_000,
  },
})
