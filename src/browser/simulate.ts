/** A browser's fetch, played against anything that answers requests. */

import { isThenable } from '../sources/lookup.ts'
import type { PageRequest, ReceivedResponse, SentRequest } from './exchange.ts'
import { fetchSteps, type SimulateSettings } from './fetch.ts'
import { checkPage, checkResponder, checkResponse, checkSettings } from './input.ts'
import type { Verdict } from './verdict.ts'

/** The other side: answers what a browser sends. What it throws is a network error. */
export type Responder<Answer = ReceivedResponse> = (sent: SentRequest) => Answer

type AnyAnswer = ReceivedResponse | Promise<ReceivedResponse>
type Steps = ReturnType<typeof fetchSteps>

/**
 * What a page gets when it makes `request` and the server answers with `respond` (Fetch standard,
 * "fetch"): preflight, redirects, CORS checks and filtering included.
 *
 * Whatever the response holds, there is a verdict; a promise comes back only where `respond` gave
 * one.
 *
 * @throws {TypeError} for values of wrong types, answers included (a promise rejects with it), for
 *   an unknown browser, and where the runtime has no `URL`.
 * @example
 * const { readable, message } = simulate(
 *   { from: 'https://app.example.com', url: 'https://api.example.com/items' },
 *   () => ({ status: 200, headers: [['access-control-allow-origin', '*']] }),
 * )
 */
export function simulate(
  request: PageRequest,
  respond: Responder,
  settings?: SimulateSettings,
): Verdict
export function simulate(
  request: PageRequest,
  respond: Responder<Promise<ReceivedResponse>>,
  settings?: SimulateSettings,
): Promise<Verdict>
export function simulate(
  request: PageRequest,
  respond: Responder<AnyAnswer>,
  settings?: SimulateSettings,
): Verdict | Promise<Verdict>
export function simulate(
  request: PageRequest,
  respond: Responder<AnyAnswer>,
  settings: SimulateSettings = {},
): Verdict | Promise<Verdict> {
  checkPage(request)
  checkResponder(respond)
  checkSettings(settings)
  const steps = fetchSteps(request, settings)
  return drive(steps, steps.next(), respond)
}

/** Answers step after step, and waits only where an answer is a promise. */
function drive(
  steps: Steps,
  first: ReturnType<Steps['next']>,
  respond: Responder<AnyAnswer>,
): Verdict | Promise<Verdict> {
  let step = first
  while (step.done !== true) {
    let answer: AnyAnswer
    try {
      answer = respond(step.value)
    } catch (error) {
      step = steps.throw(error)
      continue
    }
    if (isThenable(answer)) {
      return Promise.resolve(answer).then(
        (response) => drive(steps, answered(steps, response), respond),
        (error: unknown) => drive(steps, steps.throw(error), respond),
      )
    }
    step = answered(steps, answer)
  }
  return step.value
}

function answered(steps: Steps, response: ReceivedResponse): ReturnType<Steps['next']> {
  checkResponse(response, 'answer')
  return steps.next(response)
}
