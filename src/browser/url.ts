/** URLs, read by the runtime's own parser of the URL standard. */

import { wrongInput } from './input.ts'

/** What the Fetch standard looks at of a URL. */
export interface ParsedUrl {
  /** Serialized, without fragment: what goes over the wire. */
  readonly href: string
  /** Serialized; `'null'` for a scheme that has opaque origins. */
  readonly origin: string
  /** Serialized, an IPv6 address in brackets. */
  readonly host: string
  /** In decimal; empty where it is the default one of the scheme. */
  readonly port: string
  /** Whether the scheme is an "HTTP(S) scheme". */
  readonly isHttp: boolean
  readonly includesCredentials: boolean
}

/** The parts of the runtime's `URL` that are used. */
interface RuntimeUrl {
  hash: string
  readonly href: string
  readonly origin: string
  readonly protocol: string
  readonly hostname: string
  readonly port: string
  readonly username: string
  readonly password: string
}

type UrlParser = new (text: string, base?: string) => RuntimeUrl

/**
 * The URL parser of the URL standard; `undefined` where it fails.
 *
 * @throws {TypeError} where the runtime has no `URL`.
 */
export function parseUrl(text: string, base?: string): ParsedUrl | undefined {
  const Parser = (globalThis as { URL?: UrlParser }).URL
  if (Parser === undefined) throw new TypeError('this runtime has no global URL')
  try {
    const url = new Parser(text, base)
    url.hash = ''
    return Object.freeze({
      href: url.href,
      origin: url.origin,
      host: url.hostname,
      port: url.port,
      isHttp: url.protocol === 'http:' || url.protocol === 'https:',
      includesCredentials: url.username !== '' || url.password !== '',
    })
  } catch {
    return undefined
  }
}

/**
 * The serialized origin of a URL (URL standard, "origin"): what to give as `from` for a page there.
 *
 * @throws {TypeError} for what is no absolute URL, and no string.
 * @example originOf('https://App.example.com:443/login') // 'https://app.example.com'
 */
export function originOf(url: string): string {
  const parsed = typeof url === 'string' ? parseUrl(url) : undefined
  if (parsed !== undefined) return parsed.origin
  throw wrongInput('url', url, "give an absolute URL, as 'https://app.example.com/login'")
}
