/** Prints how many cells of the matrix have passed, framework by framework. */

import type { Reporter, TestModule, TestSuite } from 'vitest/node'

const FOLDER = '/test/paths/'

const reporter: Reporter = {
  onTestRunEnd(modules) {
    const rows = modules.filter(({ moduleId }) => moduleId.includes(FOLDER)).flatMap(countsOf)
    if (rows.length === 0) return
    const width = Math.max(...rows.map(({ name }) => name.length))
    console.log('\n paths')
    for (const { name, passed, total } of rows.sort((one, other) =>
      one.name < other.name ? -1 : 1,
    )) {
      console.log(`   ${name.padEnd(width)}  ${passed}/${total}`)
    }
  },
}

export default reporter

interface Count {
  readonly name: string
  readonly passed: number
  readonly total: number
}

function countsOf(module: TestModule): Count[] {
  return [...module.children.suites()].map((suite: TestSuite) => {
    const tests = [...suite.children.allTests()]
    const passed = tests.filter((test) => test.result().state === 'passed').length
    return { name: suite.name, passed, total: tests.length }
  })
}
