/** `@koa/cors` comes without types. */

declare module '@koa/cors' {
  import type { Context, Middleware } from 'koa'

  export default function cors(options: {
    readonly origin: string | ((context: Context) => string | Promise<string>)
    readonly credentials: boolean
    readonly allowMethods: readonly string[]
    readonly allowHeaders?: readonly string[]
    readonly exposeHeaders: readonly string[]
    readonly maxAge: number
  }): Middleware
}
