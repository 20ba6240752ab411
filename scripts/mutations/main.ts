/** Every mutation, and the test that catches it. */

import type { Mutation } from './mutations.ts'
import { firstFailure } from './run-tests.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/** As many at a time. */
const WORKERS = 2

interface Outcome {
  readonly mutation: Mutation
  /** The test that failed, or why none could. */
  readonly told: string
  readonly caught: boolean
}

/** Answers the exit status: 0 only if the tests pass without a mutation, and never with one. */
export async function main(
  mutations: readonly Mutation[],
  print: (text: string) => void,
): Promise<0 | 1> {
  const workspaces: Workspace[] = []
  try {
    for (let index = 0; index < WORKERS; index += 1) workspaces.push(await createWorkspace())
    const [first] = workspaces
    const failure = first && (await firstFailure(first.folder))
    if (failure !== undefined) {
      print(`Without a mutation this fails: ${failure}`)
      return 1
    }
    // The workers share what is left to do.
    const left = mutations.values()
    const outcomes = await Promise.all(workspaces.map((workspace) => outcomesOf(left, workspace)))
    return report(mutations, outcomes.flat(), print)
  } finally {
    await Promise.all(workspaces.map(({ remove }) => remove()))
  }
}

async function outcomesOf(left: Iterable<Mutation>, workspace: Workspace): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const mutation of left) outcomes.push(await outcomeOf(mutation, workspace))
  return outcomes
}

async function outcomeOf(mutation: Mutation, { folder, during }: Workspace): Promise<Outcome> {
  try {
    const failure = await during(mutation, () => firstFailure(folder))
    const caught = failure !== undefined
    return { mutation, caught, told: failure ?? 'SURVIVES' }
  } catch (error) {
    return { mutation, caught: false, told: `IS NONE: ${error}` }
  }
}

function report(
  mutations: readonly Mutation[],
  outcomes: readonly Outcome[],
  print: (text: string) => void,
): 0 | 1 {
  const width = Math.max(...mutations.map(({ name }) => name.length))
  for (const mutation of mutations) {
    const told = outcomes.find((outcome) => outcome.mutation === mutation)?.told ?? ''
    print(`${mutation.name.padEnd(width)}  ${told}`)
  }
  const caught = outcomes.filter((outcome) => outcome.caught).length
  print(`\n${caught} of ${mutations.length} mutations are caught.`)
  return caught === mutations.length ? 0 : 1
}
