/** What users write. */

import type { CorsDecision } from './decision.ts'
import type { ReplacedField } from './replaced.ts'

/**
 * Risks that a policy may take knowingly. Each admits an attack, which is why it has to be named.
 *
 * - `'insecure-origins'`: with credentials, an `http:` origin that is not loopback. Whoever controls
 *   the network between the user and that page can put a script into it and read the API as the user.
 * - `'null-origin'`: the origin `'null'`, never with credentials. Any site can be `null`, by a
 *   sandboxed frame, so this admits every site.
 * - `'shared-hosting'`: with credentials, a wildcard below a platform where anybody can take a name
 *   (`*.vercel.app`, `my-app-*.github.io`). An attacker registers one that matches.
 * - `'public-suffix'`: with credentials, a wildcard below a suffix under which anybody can register a
 *   domain (`*.com`, `*.co.uk`).
 * - `'slow-regexp'`: a regular expression that repeats a repetition, or has many of them. A crafted
 *   origin can keep the process busy for seconds.
 * - `'tenant-by-origin'`: with credentials, a tenant source that chooses the tenant by the Origin.
 *   The page of one tenant can then read the data of another.
 */
export type CorsDanger =
  | 'insecure-origins'
  | 'null-origin'
  | 'public-suffix'
  | 'shared-hosting'
  | 'slow-regexp'
  | 'tenant-by-origin'

/** One pattern with the risks that are taken for it alone. */
export interface AcknowledgedPattern {
  readonly pattern: string | RegExp
  readonly dangerouslyAllow: readonly CorsDanger[]
}

/** `'*'`, an origin, a pattern with a wildcard, or an anchored regular expression. */
export type OriginEntry = string | RegExp | AcknowledgedPattern

/** A list of entries; lists inside it are flattened. */
export type OriginList = readonly (OriginEntry | OriginList)[]

/** How a callback-style predicate answers: with an error, or with `true` or `false`. */
export type OriginCallback = (error: unknown, allowed?: boolean) => void

/**
 * Decides about one origin, by answer, by promise, or by calling back; the first answer wins.
 *
 * It is called with one canonical origin, never with `null` and never for a request without one.
 * It must answer `true` or `false`: to throw, to reject, to answer anything else, or to take longer
 * than `timeout` is a failure, and the request is not allowed.
 *
 * @example (origin) => allowedOrigins.has(origin)
 * @example async (origin) => (await database.findSite(origin)) !== null
 */
export type OriginPredicate = (
  origin: string,
  callback: OriginCallback,
) =>
  | boolean
  // biome-ignore lint/suspicious/noConfusingVoidType: what calls back need not return anything
  | PromiseLike<boolean | undefined | void>
  | undefined
  | void

/** Everything that `origin` accepts. */
export type OriginOption = OriginEntry | OriginList | OriginPredicate | false

/** Sees each decision with the framework's request. It may be declared for a particular request type. */
export type DecisionObserver = {
  // A method's parameters are bivariant, so that observers can declare the request they expect.
  observe(decision: CorsDecision, request: unknown): void
}['observe']

/**
 * Sees what was replaced on a response, with the framework's request. It may be declared for a
 * particular request type.
 */
export type ReplacementObserver = {
  observe(replaced: readonly ReplacedField[], request: unknown): void
}['observe']

/**
 * The CORS policy of a service, as its authors write it.
 *
 * Only `origin` is required: there is no default origin. An option that is `undefined` counts as
 * absent. Everything that is wrong is reported at once, by {@link CorsConfigError}.
 *
 * @example
 * const options: CorsOptions = {
 *   origin: ['https://app.example.com', 'https://*.partner.example'],
 *   credentials: true,
 *   maxAge: 600,
 * }
 */
export interface CorsOptions {
  /**
   * Who may read responses.
   *
   * - `'*'`: every site. Never with `credentials`, because every site would act as the user.
   * - An origin as browsers send it: `'https://app.example.com'`. Anything else (upper case, a
   *   trailing slash, a default port, a path) is refused, because it would never match.
   * - A pattern: `'https://*.example.com'` admits one or more labels, never `example.com` itself;
   *   `'https://pr-*.example.com'` admits a part of one label; `'http://localhost:*'` any port.
   * - A `RegExp`, anchored at both ends. Patterns are safer and faster.
   * - A list of these, nested as you like; `'*'` in a list makes it `'*'`.
   * - `false`: nobody.
   * - A predicate, see {@link OriginPredicate}.
   * - `{ pattern, dangerouslyAllow }`: one pattern with a risk that is taken for it alone.
   */
  readonly origin: OriginOption

  /**
   * Whether pages may send cookies, HTTP authentication and client certificates and read the answer
   * (`Access-Control-Allow-Credentials`). Refused together with `'*'`, with the `'null'` origin, and,
   * unless acknowledged, with origins that others can take over.
   *
   * @default false
   */
  readonly credentials?: boolean | undefined

  /**
   * The methods that a preflight grants (`Access-Control-Allow-Methods`): a list, a comma-separated
   * string, or `'*'` for any. Names are case-sensitive; those that browsers upper-case are
   * upper-cased. GET, HEAD and POST are always allowed by browsers, so an empty list grants those.
   * With credentials `'*'` is the requested method, if it is a token of at most 64 letters.
   * Refused: what is no token, CONNECT, TRACE, TRACK, and `patch` for PATCH.
   *
   * @default ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']
   */
  readonly methods?: string | readonly string[] | undefined

  /**
   * The request headers that a preflight grants (`Access-Control-Allow-Headers`): a list, a
   * comma-separated string, or `'*'` for whatever is asked for, `Authorization` included. An empty
   * list grants none beyond those that browsers always allow. Refused: what is no token, and names
   * that no page can set, such as `Cookie`.
   *
   * @default '*'
   */
  readonly allowedHeaders?: string | readonly string[] | undefined

  /**
   * The response headers that pages may read besides those that they always may
   * (`Access-Control-Expose-Headers`): a list, a comma-separated string, or `'*'` for all, which is
   * refused with `credentials`, where browsers take it for a header of that name. Refused: what is
   * no token, and `Set-Cookie`, which no page ever sees.
   *
   * @default none
   */
  readonly exposedHeaders?: string | readonly string[] | undefined

  /**
   * How long a browser may remember a preflight (`Access-Control-Max-Age`), in whole seconds from 0
   * to 86400. Without it browsers take 5 seconds; Chromium keeps at most 7200, Safari 600.
   *
   * @default absent
   */
  readonly maxAge?: number | undefined

  /**
   * The status of a successful preflight, 200 to 299.
   *
   * @default 204
   */
  readonly optionsSuccessStatus?: number | undefined

  /**
   * Whether the application answers preflights itself. The CORS headers are set all the same.
   *
   * @default false
   */
  readonly preflightContinue?: boolean | undefined

  /**
   * `Cache-Control` of successful preflight answers, for CDNs that cache OPTIONS: a value, or whole
   * seconds for `max-age`. Every answer to OPTIONS then varies on what was asked for, too.
   *
   * @default absent
   */
  readonly cacheControl?: string | number | undefined

  /**
   * What happens to a request whose Origin is refused.
   *
   * - `'omit'`: the handler runs and the response has no CORS headers, so that the browser keeps it
   *   from the page. This is the CORS protocol.
   * - `'reject'`: 403 before the handler runs, unless the request is from the service's own origin
   *   (`Sec-Fetch-Site: same-origin`, or, where a browser does not send that, an Origin equal to the
   *   request's scheme and Host). A GET without Origin still runs. Against DNS rebinding check `Host`
   *   as well.
   *
   * @default 'omit'
   */
  readonly onDisallowed?: 'omit' | 'reject' | undefined

  /**
   * Risks taken for the whole policy; see {@link CorsDanger} for what each admits. A risk can also be
   * taken for one pattern: `{ pattern, dangerouslyAllow }`.
   *
   * @default none
   */
  readonly dangerouslyAllow?: readonly CorsDanger[] | undefined

  /**
   * Whether anybody can register names below `host`, for example from a Public Suffix List package.
   * It is asked once for each wildcard, when the policy is made and only with `credentials`, and
   * must answer `true` or `false`. crossgate itself knows top-level domains and a short list of
   * hosting platforms.
   *
   * @default the short list
   */
  readonly isPublicSuffix?: ((host: string) => boolean) | undefined

  /**
   * How long one look-up (a predicate, a delegate) may take, in whole milliseconds from 1 to 60000.
   * After that the request is not allowed.
   *
   * @default 5000
   */
  readonly timeout?: number | undefined

  /**
   * Names of request headers, besides `Origin`, that a predicate or delegate looked at. Responses
   * then vary on them. Behind a delegate, an empty list with `origin: '*'` says that it looked at
   * nothing that a shared cache would have to know, not even the Origin.
   *
   * @default none
   */
  readonly vary?: string | readonly string[] | undefined

  /**
   * Whether a preflight that is not granted says why: in the field `crossgate-refusal`, and where it
   * ends with 403 in its body. For development: it discloses the policy.
   *
   * @default false
   */
  readonly debug?: boolean | undefined

  /**
   * Sees every decision, with the framework's request. It cannot change the answer, and what it
   * throws or rejects with is dropped.
   *
   * @default none
   */
  readonly onDecision?: DecisionObserver | undefined

  /**
   * Sees the CORS fields that were on a response, set by a handler, a proxied service or another
   * library, and that were replaced by those of the policy, or removed: once for each such response,
   * when its head is sent. It means that there is a second CORS layer. What it throws or rejects
   * with is dropped.
   *
   * @default none
   * @example (replaced, request) => log.warn({ replaced, url: request.url }, 'a second CORS layer')
   */
  readonly onReplaced?: ReplacementObserver | undefined
}

/**
 * Options as a policy keeps them: complete, without duplicates, and JSON wherever they were data.
 * `definePolicy(policy.options)` makes the same policy.
 */
export interface NormalizedOptions extends CorsOptions {
  readonly origin: '*' | false | readonly OriginEntry[] | OriginPredicate
  readonly credentials: boolean
  readonly methods: '*' | readonly string[]
  readonly allowedHeaders: '*' | readonly string[]
  readonly exposedHeaders: '*' | readonly string[]
  readonly maxAge?: number
  readonly optionsSuccessStatus: number
  readonly preflightContinue: boolean
  readonly cacheControl?: string
  readonly onDisallowed: 'omit' | 'reject'
  readonly dangerouslyAllow: readonly CorsDanger[]
  readonly isPublicSuffix?: (host: string) => boolean
  readonly timeout: number
  readonly vary?: readonly string[]
  readonly debug: boolean
  readonly onDecision?: DecisionObserver
  readonly onReplaced?: ReplacementObserver
}

/**
 * What the type checker can refuse: an origin without a scheme or with a trailing slash, `'*'` with
 * `credentials: true`, and options that do not exist. Only literals can be judged; the rest is
 * judged when the policy is made.
 */
export type CheckedOptions<Options> = {
  readonly [Name in keyof Options]: Name extends 'origin'
    ? CheckedOrigin<Options[Name], Options extends { readonly credentials: true } ? true : false>
    : Name extends keyof CorsOptions
      ? Options[Name]
      : Refused<'there is no such option'>
}

/** A type that no value has, and that shows the reason in the compiler's message. */
interface Refused<Reason extends string> {
  readonly crossgateRefuses: Reason
}

type CheckedOrigin<Origin, Credentials> = Origin extends string
  ? CheckedText<Origin, Credentials>
  : Origin extends RegExp | ((...parameters: never[]) => unknown)
    ? Origin
    : Origin extends readonly unknown[]
      ? // A list of the declared type itself holds no literals, and is nested without an end.
        [OriginList] extends [Origin]
        ? Origin
        : { readonly [Index in keyof Origin]: CheckedOrigin<Origin[Index], Credentials> }
      : Origin extends { readonly pattern: infer Pattern }
        ? Origin & { readonly pattern: CheckedOrigin<Pattern, Credentials> }
        : Origin

type CheckedText<Text extends string, Credentials> = string extends Text
  ? Text
  : Text extends '*'
    ? Credentials extends true
      ? Refused<"with credentials '*' would let every site act as the user">
      : Text
    : Text extends 'null'
      ? Text
      : Text extends `${string}/`
        ? Refused<'a browser sends no slash at the end of an origin'>
        : Text extends `${string}://${string}`
          ? Text
          : Refused<"an origin starts with a scheme, as in 'https://example.com'">
