/** What an adapter has to do, as the guide for their authors has it. */

const GUIDE = 'https://github.com/crossgate/crossgate/blob/main/docs/adapters.md'

/** The headings of the guide's section about the contract, in order, with what each says in short. */
export const CONTRACT_RULES = {
  application:
    'Without the adapter, the application answers as its routes say: `serve(undefined, routes)`.',
  preflights:
    'A preflight is OPTIONS with Origin and a requested method. The adapter answers it, and nothing else.',
  'every-response':
    'Every response carries the fields of the decision, also errors, and Vary names what they depend on.',
  'exactly-one':
    'CORS fields that the application sets are replaced by those of the decision, or removed.',
  vary: 'The names of the decision are added to the Vary of the application, each once.',
  untouched: 'Status, body, cookies and all other fields are what they are without the adapter.',
  rejection: 'A decision with a status ends the response, and the handler does not run.',
  'look-ups':
    'A look-up may take time. Where it fails the handler does not run, and nothing is allowed.',
  'error-path':
    'Failures of handlers and of look-ups reach the error handling of the framework, once.',
  observers: 'Observers are told once, with the request of the framework.',
  options:
    'Wrong options are refused when the adapter is made, by the CorsConfigError of the core.',
} as const

export type ContractRule = keyof typeof CONTRACT_RULES

/** Where the guide says more about a rule. */
export function linkTo(rule: ContractRule): string {
  return `${GUIDE}#${rule}`
}
