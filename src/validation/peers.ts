/** Option names of other CORS libraries, and what to write here instead. */

/** Names that other libraries use for an option of ours. */
export const RENAMED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['allowCredentials', 'credentials'],
  ['allowHeaders', 'allowedHeaders'],
  ['allowMethods', 'methods'],
  ['allowOrigin', 'origin'],
  ['allowOrigins', 'origin'],
  ['allowedMethods', 'methods'],
  ['allowedOrigins', 'origin'],
  ['exposeHeaders', 'exposedHeaders'],
  ['headers', 'allowedHeaders'],
  ['origins', 'origin'],
  ['preflightStatusCode', 'optionsSuccessStatus'],
])

const FASTIFY_ONLY = "it belongs to the registration of 'crossgate/fastify', not to a policy"

/** Options of other libraries that have no counterpart, and why nothing is missing. */
export const UNNEEDED_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['delegator', 'a delegate goes to an adapter, not into a policy'],
  ['disableBeforePreflightResponse', 'preflights are answered unless preflightContinue is true'],
  ['getOrigin', 'origin takes a predicate; what depends on the request belongs in a delegate'],
  ['hideOptionsRoute', FASTIFY_ONLY],
  ['hook', 'the headers are set when the response is sent, whichever hook runs'],
  ['keepHeadersOnError', 'every error response carries the headers'],
  ['logLevel', FASTIFY_ONLY],
  ['preflight', FASTIFY_ONLY],
  ['prefix', FASTIFY_ONLY],
  ['privateNetworkAccess', 'browsers gave up Private Network Access; they ask the user instead'],
  ['secureContext', 'COOP and COEP are no part of CORS; helmet sets them'],
  [
    'strictPreflight',
    "only real preflights are answered; every other OPTIONS is the application's",
  ],
])
