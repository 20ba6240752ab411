/**
 * Which origins a list of patterns admits, straight from the description of origin patterns: one
 * pattern after the other, with regular expressions, and with the runtime's URL parser for
 * addresses. Slow and plain on purpose: it is what the real matcher is measured against.
 */

const SERIALIZED =
  /^([a-z][a-z0-9+.-]{0,63}):\/\/(\[[0-9a-f:]+\]|[A-Za-z0-9_.-]+)(:[1-9][0-9]{0,4})?$/
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/
const NUMBER = /^([0-9]+|0x[0-9a-f]*)$/
const DEFAULT_PORTS = ['http:80', 'https:443', 'ws:80', 'wss:443', 'ftp:21']
const SCHEMES_WITH_ADDRESSES = ['http', 'https', 'ws', 'wss']
const SPECIAL_SCHEMES = [...SCHEMES_WITH_ADDRESSES, 'ftp']

interface Origin {
  readonly scheme: string
  readonly host: string
  /** Empty for the default. */
  readonly port: string
}

export function naiveMatches(patterns: readonly string[], origin: string): boolean {
  return patterns.some((pattern) => naiveMatchesOne(pattern, origin))
}

export function naiveMatchesOne(pattern: string, origin: string): boolean {
  if (origin === pattern) return naiveParse(origin) !== undefined || origin === 'null'
  const parts = naiveParse(origin)
  if (parts === undefined || !pattern.includes('*')) return false
  const [, scheme, host, port = ''] = /^([^:]+):\/\/(\[.*\]|[^:]*)(?::(.*))?$/.exec(pattern) ?? []
  if (parts.scheme !== scheme) return false
  if (port !== '*' && port !== parts.port) return false
  if (host === parts.host) return true
  return areLabels(parts.host) && hostMatches(host ?? '', parts.host)
}

/** The parts of a canonical serialized origin, and nothing for any other text. */
export function naiveParse(text: string): Origin | undefined {
  const [, scheme = '', host = '', port = ''] = SERIALIZED.exec(text) ?? []
  if (scheme === '' || scheme === 'file' || text.length > 326) return undefined
  const number = port.slice(1)
  if (Number(number) > 65535 || DEFAULT_PORTS.includes(`${scheme}:${number}`)) return undefined
  return isHost(scheme, host) ? { scheme, host, port: number } : undefined
}

function isHost(scheme: string, host: string): boolean {
  if (host.length > 253) return false
  if (host.startsWith('[')) return hostOfUrl(host) === host
  // Opaque, so that it is whatever the page's URL says.
  if (!SPECIAL_SCHEMES.includes(scheme)) return true
  const last = labelsOf(host).at(-1) ?? ''
  const isAddress = SCHEMES_WITH_ADDRESSES.includes(scheme) && NUMBER.test(last)
  return isAddress ? hostOfUrl(host) === host : areLabels(host)
}

/** The labels of a host, without the empty one behind a trailing dot. */
function labelsOf(host: string): readonly string[] {
  const labels = host.split('.')
  return labels.length > 1 && labels.at(-1) === '' ? labels.slice(0, -1) : labels
}

function areLabels(host: string): boolean {
  return labelsOf(host).every((label) => LABEL.test(label))
}

function hostOfUrl(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return undefined
  }
}

function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return false
  const [wildcard = '', ...parent] = pattern.split('.')
  const [label = '', ...rest] = host.split('.')
  if (wildcard === '*') return host.endsWith(`.${parent.join('.')}`)
  if (rest.join('.') !== parent.join('.')) return false
  const [prefix = '', suffix = ''] = wildcard.split('*')
  if (!label.startsWith(prefix) || !label.endsWith(suffix)) return false
  if (label.length <= prefix.length + suffix.length) return false
  return /^[a-z0-9-]+$/.test(label.slice(prefix.length, label.length - suffix.length))
}
