/** The parts of Hono's context that are used, and how its response is replaced without a loss. */

import type { FetchRequest } from '../shared/fetch-request.ts'

/**
 * The parts of Hono's `Context` that are used, and those that delegates ask for, so that every release
 * of Hono fits, from whichever registry. Annotate a delegate to see the rest:
 * `(c: Context<{ Bindings: Env }>) => options`.
 */
export interface HonoContext {
  readonly req: {
    readonly raw: FetchRequest
    readonly method: string
    readonly url: string
    readonly path: string
    /** A field of the request; `undefined` where there is none. */
    header(name: string): string | undefined
  }
  /** What the platform hands over: bindings in Workers, Node's request and response on Node. */
  readonly env: unknown
  /** Whether there is a response. */
  readonly finalized: boolean
  get res(): Response
  set res(response: Response | undefined)
  header(name: string, value?: string, options?: { append?: boolean }): void
}

/** To assign a response over another one lays the old one's fields over the new one's. */
export function replaceResponse(context: HonoContext, response: Response): void {
  context.res = undefined
  context.res = response
}

/**
 * Passes every response through `cover` that the context gets from now on: for one that Hono assigns
 * once no middleware runs any more.
 */
export function coverLater(context: HonoContext, cover: (response: Response) => Response): void {
  // Hono's own, which keep the response where nobody else can.
  const accessors = Object.getPrototypeOf(context) as object
  const assign = (response: Response | undefined): unknown =>
    Reflect.set(accessors, 'res', response, context)
  Object.defineProperty(context, 'res', {
    configurable: true,
    get: () => Reflect.get(accessors, 'res', context),
    set: (response: Response | undefined) => {
      // As Hono does, with the fields of the old one.
      assign(response)
      if (response === undefined) return
      const laid = Reflect.get(accessors, 'res', context) as Response
      assign(undefined)
      assign(cover(laid))
    },
  })
}
