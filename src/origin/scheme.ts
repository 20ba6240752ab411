/** Schemes, and what the URL standard knows of them. */

/** Longest scheme that is looked at, in bytes. */
export const MAX_SCHEME_LENGTH = 64

/** The special schemes (URL standard) but `file`, whose origins are opaque. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ftp: '21',
  http: '80',
  https: '443',
  ws: '80',
  wss: '443',
}

/** The port that URLs of `scheme` leave out (URL standard, "special scheme"). */
export function defaultPort(scheme: string): string | undefined {
  return DEFAULT_PORTS[scheme]
}

/** Whether hosts of `scheme` are domains or addresses. Those of any other scheme are opaque. */
export function isSpecial(scheme: string): boolean {
  return defaultPort(scheme) !== undefined
}

/** Whether `text` is a lower-case scheme: a letter, then letters, digits, `+`, `-`, `.` (RFC 3986, 3.1). */
export function isScheme(text: string): boolean {
  if (text.length === 0 || text.length > MAX_SCHEME_LENGTH) return false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const letter = code >= 0x61 && code <= 0x7a
    const other = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e
    if (!letter && (index === 0 || !other)) return false
  }
  return true
}
