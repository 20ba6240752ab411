/** The names that programs in the runtimes and whoever sends requests to them agree on. */

/** A request's field: the exchange it belongs to. */
export const EXCHANGE = 'x-exchange'

/** A request's field: somebody wraps `writeHead` before crossgate gets the response. */
export const WRAPPED = 'x-wrapped'

/** Its values: a wrapper that passes everything on, and one that has a CORS field of its own. */
export const PASSING = 'passing'
export const DECIDING = 'deciding'

/** What the latter believes to be right. */
export const WRAPPERS_ORIGIN = 'https://wrapper.example'

export const HOST = '127.0.0.1'

/** The application without crossgate, among the names of policies. */
export const WITHOUT = 'without crossgate'

/** Where a program answers with its report that has nothing but a port for each policy. */
export const REPORT_PATH = '/-/report'
