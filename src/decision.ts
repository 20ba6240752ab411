/** What a decision says: plain data. */

/** A preflight (OPTIONS with Origin and Access-Control-Request-Method), another request with Origin, one without. */
export type CorsKind = 'preflight' | 'actual' | 'plain'

/** What the policy said to the request. */
export type CorsOutcome =
  | 'allowed'
  | 'no-origin'
  | 'origin-refused'
  | 'method-refused'
  | 'header-refused'
  | 'source-failed'

/** The answer for one request. Frozen, and shared between requests where it is constant. */
export interface CorsDecision {
  readonly kind: CorsKind
  readonly outcome: CorsOutcome
  /** The status with which the response ends here; `undefined` where the application goes on. */
  readonly status: number | undefined
  /** The response fields, by lower-case name, without `Vary`. The object has no prototype. */
  readonly headers: Readonly<Record<string, string>>
  /** The names that `Vary` has to list. */
  readonly vary: readonly string[]
  /** Why the look-up failed: present where `outcome` is `'source-failed'`. Always an `Error`. */
  readonly error?: Error
  /** Why a preflight was refused, as text for its body: present with `debug`. */
  readonly explanation?: string
}
