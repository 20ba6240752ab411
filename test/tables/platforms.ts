/** How platforms of the Fetch API declare their handlers, as far as types of crossgate meet them. */

export interface Platforms {
  /** `ExportedHandler` of Cloudflare's types. */
  worker<Env>(handler: {
    fetch(
      request: Request & { readonly cf?: object },
      env: Env,
      context: { waitUntil(promise: Promise<unknown>): void },
    ): Response | Promise<Response>
  }): void
  /** `Deno.serve`. */
  deno(
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname: string } },
    ) => Response | Promise<Response>,
  ): void
  /** `Bun.serve`. */
  bun(options: {
    fetch: (
      this: object,
      request: Request,
      server: { requestIP(request: Request): object | null },
    ) => Response | undefined | Promise<Response | undefined>
  }): void
  /** What Next.js checks of the exports of a route. */
  nextRoute(
    handler: (
      request: NextRequest,
      context: { readonly params: Promise<{ readonly id: string }> },
    ) => Response | Promise<Response>,
  ): void
  nextMiddleware(
    handler: (
      request: NextRequest,
      event: { waitUntil(promise: Promise<unknown>): void },
    ) => Response | undefined | Promise<Response | undefined>,
  ): void
  /** `Handle` of SvelteKit. */
  svelte(
    handle: (input: {
      event: { readonly request: Request; readonly route: { readonly id: string | null } }
      resolve(event: object): Response | Promise<Response>
    }) => Response | Promise<Response>,
  ): void
  /** `MiddlewareHandler` of Astro. */
  astro(
    onRequest: (
      context: { readonly request: Request },
      next: () => Promise<Response>,
    ) => Response | Promise<Response>,
  ): void
}

export interface NextRequest extends Request {
  readonly nextUrl: { readonly pathname: string }
}
