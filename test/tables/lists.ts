/** Comma-separated lists in requests, and lists of names in options. */

export interface ListCase {
  readonly value: string
  readonly elements: readonly string[]
}

/** Elements of a list, as they stand. */
export const LISTS: readonly ListCase[] = [
  { value: '', elements: [] },
  { value: ',', elements: [] },
  { value: ' , ,\t,', elements: [] },
  { value: 'a', elements: ['a'] },
  { value: 'a,b', elements: ['a', 'b'] },
  { value: ' a ,\tb\t', elements: ['a', 'b'] },
  { value: ',a,,b,', elements: ['a', 'b'] },
  { value: 'a b, c', elements: ['a b', 'c'] },
  { value: 'B,a,B', elements: ['B', 'a', 'B'] },
  { value: '\na,\u00a0b', elements: ['\na', '\u00a0b'] },
]

export interface RequestedCase {
  readonly value: string
  /** Absent where nothing of the list may be echoed. */
  readonly names?: readonly string[]
}

/** Names in `Access-Control-Request-Headers`. */
export const REQUESTED_NAMES: readonly RequestedCase[] = [
  { value: '', names: [] },
  { value: ' ,', names: [] },
  { value: 'x-b,x-a', names: ['x-a', 'x-b'] },
  { value: 'X-B , x-a,\tX-b', names: ['x-a', 'x-b'] },
  { value: '__proto__,constructor', names: ['__proto__', 'constructor'] },
  { value: "!#$%&'*+-.^_`|~09azAZ", names: ["!#$%&'*+-.^_`|~09azaz"] },
  { value: 'a b' },
  { value: 'x-a,x:b' },
  { value: 'x-a;q=1' },
  { value: '"x-a"' },
  { value: 'x-a\r\nx-b: c' },
  { value: 'x-a\u0000' },
  { value: 'x-\u00e9' },
  { value: 'x-\u212a' },
  { value: '(x)' },
]

export interface NamesCase {
  readonly option: 'methods' | 'allowedHeaders' | 'exposedHeaders' | 'vary'
  readonly value: string | readonly string[]
  readonly normal: '*' | readonly string[]
}

/** Lists of names in options, and their normal forms. */
export const OPTION_NAMES: readonly NamesCase[] = [
  { option: 'methods', value: [], normal: [] },
  { option: 'methods', value: '', normal: [] },
  { option: 'methods', value: ' ', normal: [] },
  { option: 'methods', value: '*', normal: '*' },
  { option: 'methods', value: ['GET', '*'], normal: '*' },
  { option: 'methods', value: 'GET, *', normal: '*' },
  {
    option: 'methods',
    value: 'get,post ,\tPut, delete,head,options',
    normal: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'],
  },
  { option: 'methods', value: ['PATCH', 'PATCH', 'Get', 'GET'], normal: ['PATCH', 'GET'] },
  { option: 'methods', value: ['custom', 'CUSTOM'], normal: ['custom', 'CUSTOM'] },
  { option: 'methods', value: ['ALLOW', 'MANY', 'M-*'], normal: ['ALLOW', 'MANY', 'M-*'] },
  { option: 'allowedHeaders', value: [], normal: [] },
  { option: 'allowedHeaders', value: '*', normal: '*' },
  { option: 'allowedHeaders', value: ['X-A', '*'], normal: '*' },
  { option: 'allowedHeaders', value: 'X-A, x-a,Authorization', normal: ['x-a', 'authorization'] },
  { option: 'allowedHeaders', value: ['Content-Type'], normal: ['content-type'] },
  { option: 'exposedHeaders', value: [], normal: [] },
  { option: 'exposedHeaders', value: ['*', 'x-a'], normal: '*' },
  { option: 'exposedHeaders', value: 'X-A,ETag', normal: ['x-a', 'etag'] },
  {
    option: 'exposedHeaders',
    value: [
      'Cache-Control',
      'Content-Language',
      'Content-Length',
      'Content-Type',
      'Expires',
      'Last-Modified',
      'Pragma',
      'X-A',
    ],
    normal: ['x-a'],
  },
  { option: 'vary', value: [], normal: [] },
  { option: 'vary', value: 'X-Tenant, x-tenant,Cookie', normal: ['x-tenant', 'cookie'] },
  { option: 'vary', value: ['Origin'], normal: ['origin'] },
]
