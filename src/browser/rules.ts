/** The rules by which a browser keeps a response from a page, by the algorithm that has them. */

/** One rule: where the standard has it, and what has to be done about it. */
export interface Rule {
  /** The algorithm of the Fetch standard, or of one that it calls, by its name there. */
  readonly algorithm: string
  /** For people: what has to change, and where. */
  readonly fix: string
}

const REQUEST = 'Request constructor'
const MAIN = 'main fetch'
const CORS_CHECK = 'CORS check'
const PREFLIGHT = 'CORS-preflight fetch'
const REDIRECT = 'HTTP-redirect fetch'

/**
 * Every rule that a verdict can name.
 *
 * @example RULES['allow-origin.missing'].algorithm // 'CORS check'
 */
export const RULES = Object.freeze({
  'from.invalid': rule(
    'byte-serializing a request origin',
    'Give the origin as a browser sends it: scheme and host in lower case, no default port, no path.',
  ),
  'url.invalid': rule(REQUEST, 'Request an absolute URL.'),
  'url.credentials': rule(REQUEST, 'Leave user name and password out of the URL.'),
  'url.scheme': rule(MAIN, 'Request a URL of http or https.'),
  'url.bad-port': rule(
    'block bad port',
    'Serve the target on another port: browsers do not connect to those of other services.',
  ),
  'mixed-content': rule(
    'should fetching request be blocked as mixed content',
    'Serve the target by https: pages of https request plain http on the loopback interface only, as from localhost.',
  ),
  'method.invalid': rule(REQUEST, 'Use a method that is a token.'),
  'method.forbidden': rule(REQUEST, 'Use another method: browsers never send this one.'),
  'method.no-cors': rule(REQUEST, "Use mode 'cors', or the method GET, HEAD or POST."),
  'header.invalid': rule(REQUEST, 'Use a header name that is a token, and a value of one line.'),
  'body.forbidden': rule(REQUEST, 'Send the body with another method than GET and HEAD.'),
  'body.stream': rule(REQUEST, "Use mode 'cors', or send a body that is no stream."),
  'mode.same-origin': rule(MAIN, "Use mode 'cors' to reach another origin."),
  'mode.no-cors-redirect': rule(MAIN, "Use mode 'cors', or follow redirects."),
  'mode.no-cors-opaque': rule(
    MAIN,
    "Use mode 'cors', and have the server answer with Access-Control-Allow-Origin.",
  ),
  'resource-policy': rule(
    'cross-origin resource policy check',
    'Answer with Cross-Origin-Resource-Policy: cross-origin, or without the field.',
  ),
  network: rule('HTTP-network fetch', 'Have the server answer: the request got no response.'),
  'proxy-authentication': rule(
    'HTTP-network-or-cache fetch',
    'Answer with another status, such as 401: a 407 is from a proxy to the browser.',
  ),
  'allow-origin.missing': rule(
    CORS_CHECK,
    'Allow this origin: add it to those that the server lets read its responses.',
  ),
  'allow-origin.several': rule(
    CORS_CHECK,
    'Answer with one Access-Control-Allow-Origin that holds one origin.',
  ),
  'allow-origin.mismatch': rule(
    CORS_CHECK,
    'Allow this origin: add it to those that the server lets read its responses.',
  ),
  'allow-origin.wildcard-with-credentials': rule(
    CORS_CHECK,
    "List the origins that may send credentials, since '*' does not cover them, or send the request without.",
  ),
  'allow-credentials.missing': rule(
    CORS_CHECK,
    'Answer with Access-Control-Allow-Credentials: true, or send the request without credentials.',
  ),
  'allow-credentials.value': rule(
    CORS_CHECK,
    'Answer with one Access-Control-Allow-Credentials: true, in lower case.',
  ),
  'preflight.status': rule(PREFLIGHT, 'Answer the preflight with a status of 200 to 299.'),
  'preflight.redirect': rule(
    PREFLIGHT,
    'Answer the preflight where it is asked: browsers do not follow its redirects.',
  ),
  'allow-methods.syntax': rule(
    PREFLIGHT,
    'Answer with Access-Control-Allow-Methods: method names, with commas between them.',
  ),
  'allow-methods.missing': rule(
    PREFLIGHT,
    'Name the method in Access-Control-Allow-Methods of the answer to the preflight.',
  ),
  'allow-methods.wildcard-with-credentials': rule(
    PREFLIGHT,
    "Name the method in Access-Control-Allow-Methods: '*' is no wildcard for requests with credentials.",
  ),
  'allow-headers.syntax': rule(
    PREFLIGHT,
    'Answer with Access-Control-Allow-Headers: header names, with commas between them.',
  ),
  'allow-headers.missing': rule(
    PREFLIGHT,
    'Name the header in Access-Control-Allow-Headers of the answer to the preflight.',
  ),
  'allow-headers.authorization': rule(
    PREFLIGHT,
    "Name Authorization in Access-Control-Allow-Headers: '*' does not cover it.",
  ),
  'allow-headers.wildcard-with-credentials': rule(
    PREFLIGHT,
    "Name the header in Access-Control-Allow-Headers: '*' is no wildcard for requests with credentials.",
  ),
  'redirect.refused': rule('HTTP fetch', "Follow redirects, or request the redirect's target."),
  'redirect.manual': rule('HTTP fetch', "Follow redirects: with 'manual' they show nothing."),
  'redirect.too-many': rule(REDIRECT, 'Redirect at most 20 times.'),
  'redirect.location': rule(REDIRECT, 'Redirect with one Location that is a valid URL.'),
  'redirect.scheme': rule(REDIRECT, 'Redirect to a URL of http or https.'),
  'redirect.stream': rule(
    REDIRECT,
    "Request the redirect's target, or send a body that is no stream: it cannot be sent again.",
  ),
  'redirect.credentials-in-url': rule(
    REDIRECT,
    'Leave user name and password out of the Location of a redirect.',
  ),
})

/** The name of a rule. */
export type RuleCode = keyof typeof RULES

/** What the author of a response probably did; more precise than the rule alone, and what to do then. */
export const HINTS = Object.freeze({
  'several-lines':
    'Let one layer only set the field: the application and a proxy or gateway before it both do.',
  list: 'Answer with the one origin that asks: the field takes no list.',
  'trailing-slash': 'Remove the slash at the end: an origin has none.',
  path: 'Remove the path: an origin has none.',
  quotes: 'Remove the quotes around the value.',
  'letter-case': 'Write the value in the letter case that the browser expects.',
  'default-port': 'Remove the port: an origin does not have the default one of its scheme.',
  scheme: 'Write the origin with the scheme of the page: http and https are different origins.',
  vary: 'Allow this origin: the answer is for another. If the server does allow it, a cache may have answered: send Vary: Origin on every response.',
  tainted:
    "Redirect within one origin, or point the page to the target: after a redirect from one foreign origin to another the origin is 'null'.",
  opaque:
    "Give the page an origin: serve it by https, and frame it without a sandbox, or with allow-same-origin. To allow 'null' lets every sandboxed page in.",
  downgrade:
    'Redirect to https. Where a proxy ends TLS, tell the application so: it takes the request for one of http.',
  authentication:
    'Answer preflights before authentication and authorization: browsers send them without cookies and Authorization.',
  refused:
    'Allow this origin: the server refused the preflight. If it does allow it, answer preflights before authentication.',
  'not-routed': 'Answer OPTIONS on this path: the server has no route for the preflight.',
  'error-response':
    'Allow this origin. If the server does allow it, send the CORS headers on errors, too: this response is one.',
})

/** The name of a hint. */
export type HintCode = keyof typeof HINTS

/** A rule that a request or a response breaks. */
export interface BrokenRule {
  readonly rule: RuleCode
  /** For people: one line, bounded and escaped. */
  readonly message: string
  /** The field concerned, in lower case. */
  readonly header?: string
  /** What the field has to hold. */
  readonly expected?: string
  /** What it holds, as it came. */
  readonly actual?: string
  readonly hint?: HintCode
  /** For people: what the server, or the page, has to do. */
  readonly fix: string
}

/** What is known of a broken rule besides its name. */
export type RuleDetails = Partial<Pick<BrokenRule, 'header' | 'expected'>> & {
  readonly actual?: string | undefined
  readonly hint?: HintCode | undefined
}

export function brokenRule(
  code: RuleCode,
  message: string,
  { actual, hint, ...details }: RuleDetails = {},
): BrokenRule {
  const found = actual === undefined ? {} : { actual }
  return hinted({ rule: code, message, ...details, ...found, fix: RULES[code].fix }, hint)
}

/** The same broken rule with a more precise fix, where there is one. */
export function hinted(broken: BrokenRule, hint: HintCode | undefined): BrokenRule {
  return Object.freeze(hint === undefined ? broken : { ...broken, hint, fix: HINTS[hint] })
}

function rule(algorithm: string, fix: string): Rule {
  return Object.freeze({ algorithm, fix })
}
