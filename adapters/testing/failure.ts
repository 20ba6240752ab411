/** Why no response came, and what a test can do about it. */

/** What an application threw, told apart from what became of a connection. */
export class ApplicationError extends Error {
  /** @param thrown By the application; not always an error. */
  constructor(thrown: unknown) {
    super(reasonOf(thrown), { cause: thrown })
  }
}

/** By the codes of Node's errors. */
const FIXES: readonly (readonly [codes: RegExp, fix: string])[] = [
  [
    /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
    "Give the server object as the target instead of its URL, or name the certificate's file in NODE_EXTRA_CA_CERTS.",
  ],
  [/^HPE_|^ERR_HTTP2_ERROR$/, 'Answer as HTTP demands: the response cannot be parsed.'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/, 'Start the server first, and ask where it listens.'],
  [
    /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP2_\w+)$/,
    'End the response: the connection was closed before the end of it.',
  ],
  [/^(Z_|ERR__ERROR_)\w+$/, 'Encode the body as Content-Encoding says: browsers cannot decode it.'],
]

/** What to do about it, where that can be told. */
export function fixOf(error: unknown): string | undefined {
  if (error instanceof ApplicationError) {
    return 'Handle the error in the application: it failed instead of answering.'
  }
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return FIXES.find(([codes]) => typeof code === 'string' && codes.test(code))?.[1]
}

/** Errors may be of another realm, as Node's own are in jest, and some have a code alone. */
export function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown }
  for (const text of [message, code]) if (typeof text === 'string' && text !== '') return text
  return String(error)
}

/** An error with a code, as Node has them. */
export function closedError(message: string): Error {
  return Object.assign(new Error(message), { code: 'ECONNRESET' })
}
