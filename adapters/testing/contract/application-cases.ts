/** The case about what the author has written: an application that answers otherwise proves nothing. */

import { plannedAnswers } from './application.ts'
import { type ContractCase, contractCase } from './case.ts'
import { isServerError, valuesOf } from './expectation.ts'
import { type AdapterContractOptions, type Received, withService } from './service.ts'
import { broken, type Trial } from './verdict.ts'

const COOKIES = 'set-cookie'
const NOT_FOUND = 404

export function applicationCases(options: AdapterContractOptions): readonly ContractCase[] {
  const { answersErrors = true } = options
  return [
    contractCase('application', 'routes answer as they say', (trial) =>
      withService(options, undefined, async ({ ask }) => {
        await askRoutes(trial, ask)
        for (const path of answersErrors ? ['/throws', '/rejects'] : []) {
          const { status, runs } = await ask({ path })
          refuse(trial, `GET ${path}`, [
            ...(isServerError(status) ? [] : [`status: expected 500 to 599, received ${status}`]),
            ...differing('runs of the route', 1, runs),
          ])
        }
        const { status, runs } = await ask({ path: '/missing' })
        refuse(trial, 'GET /missing', [
          ...differing('status', NOT_FOUND, status),
          ...differing('runs of routes', 0, runs),
        ])
      }),
    ),
  ]
}

type Ask = (request: { method?: string; path: string }) => Promise<Received>

async function askRoutes(trial: Trial, ask: Ask): Promise<void> {
  for (const { method, path, answer, text } of plannedAnswers()) {
    const received = await ask({ method, path })
    refuse(trial, `${method} ${path}`, [
      ...differing('status', answer.status, received.status),
      ...differing('runs of the route', 1, received.runs),
      ...differing('body', text, received.body),
      ...Object.entries(answer.fields).flatMap(([name, values]) =>
        differing(name, [values].flat().join(', '), valuesOf(received, name.toLowerCase())),
      ),
      ...differing('lines of Set-Cookie', cookies(answer.headers), cookies(received.headers)),
    ])
  }
}

/** Of all fields this is the only one that cannot be joined. */
function cookies(headers: Received['headers']): number {
  return headers.filter(([name]) => name.toLowerCase() === COOKIES).length
}

function differing(what: string, expected: unknown, received: unknown): string[] {
  if (expected === received) return []
  return [`${what}: expected ${JSON.stringify(expected)}, received ${JSON.stringify(received)}`]
}

function refuse(trial: Trial, asked: string, wrong: readonly string[]): void {
  if (wrong.length > 0) throw broken(trial, [`${asked}, without the adapter`, ...wrong])
}
