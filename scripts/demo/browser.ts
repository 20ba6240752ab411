/**
 * What a browser concludes from an answer: the CORS check and the preflight check of the Fetch
 * standard, on nothing but what was received. crossgate is not asked.
 *
 * Left out, because the demo has no use for it: redirects, 304, and upload listeners.
 */

/** What a page asked for, as far as the checks look at it. */
export interface PageRequest {
  readonly origin: string
  /** Whether the page said `credentials: 'include'`. */
  readonly credentialed: boolean
  /** What a preflight asks for: a method, and the names of headers that need permission. */
  readonly asks?: { readonly method: string; readonly headers: readonly string[] }
}

/** An answer as it came over the wire: a field for every line. */
export interface Answer {
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: string])[]
}

export interface Conclusion {
  readonly verdict:
    | 'readable by the page'
    | 'kept from the page'
    | 'preflight passes'
    | 'preflight fails'
  /** Why not. */
  readonly reason?: string
}

export function conclude(request: PageRequest, answer: Answer): Conclusion {
  if (request.asks === undefined) {
    const reason = corsCheck(request, answer)
    return reason === undefined
      ? { verdict: 'readable by the page' }
      : { verdict: 'kept from the page', reason }
  }
  const reason = corsCheck(request, answer) ?? preflightCheck(request, request.asks, answer)
  return reason === undefined
    ? { verdict: 'preflight passes' }
    : { verdict: 'preflight fails', reason }
}

/** Fetch, "CORS check". Answers why it fails. */
function corsCheck({ origin, credentialed }: PageRequest, answer: Answer): string | undefined {
  const allowed = combined(answer, 'access-control-allow-origin')
  if (allowed === undefined) return 'allow-origin is absent'
  if (!credentialed && allowed === '*') return undefined
  if (allowed !== origin) return 'allow-origin is not the origin'
  if (!credentialed) return undefined
  return combined(answer, 'access-control-allow-credentials') === 'true'
    ? undefined
    : 'allow-credentials is not true'
}

/** Fetch, "CORS-preflight fetch", from the status on. Answers why it fails. */
function preflightCheck(
  { credentialed }: PageRequest,
  { method, headers }: NonNullable<PageRequest['asks']>,
  answer: Answer,
): string | undefined {
  if (answer.status < 200 || answer.status > 299) return `status ${answer.status} is not ok`
  const methods = tokensOf(answer, 'access-control-allow-methods')
  if (methods === undefined) return 'allow-methods is not a list'
  const names = tokensOf(answer, 'access-control-allow-headers')?.map(lowerCase)
  if (names === undefined) return 'allow-headers is not a list'
  // With credentials `*` is a name like any other.
  const grantsAny = (list: readonly string[]): boolean => !credentialed && list.includes('*')
  if (!SAFELISTED_METHODS.has(method) && !methods.includes(method) && !grantsAny(methods)) {
    return `${method} is not allowed`
  }
  const refused = headers
    .map(lowerCase)
    .find((name) => !names.includes(name) && (name === 'authorization' || !grantsAny(names)))
  return refused === undefined ? undefined : `${refused} is not allowed`
}

const SAFELISTED_METHODS = new Set(['GET', 'HEAD', 'POST'])
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Fetch, "get a value from a header list": lines of one name are joined. */
function combined({ fields }: Answer, wanted: string): string | undefined {
  const values = fields.filter(([name]) => lowerCase(name) === wanted).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/** Fetch, "extract header list values". Empty elements do not count; one that is no token fails. */
function tokensOf(answer: Answer, name: string): string[] | undefined {
  const elements = (combined(answer, name) ?? '').split(',').map((element) => element.trim())
  const tokens = elements.filter((element) => element !== '')
  return tokens.every((token) => TOKEN.test(token)) ? tokens : undefined
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}
