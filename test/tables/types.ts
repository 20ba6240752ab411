/** Snippets that the type checker must refuse, with a part of what it says, and some that it must not. */

export const REFUSED: readonly { readonly code: string; readonly because: string }[] = [
  { code: 'definePolicy({})', because: 'CorsOptions' },
  { code: 'definePolicy({ origin: undefined })', because: 'undefined' },
  { code: 'definePolicy({ origin: true })', because: 'true' },
  { code: 'definePolicy({ origin: 5 })', because: 'number' },
  {
    code: "definePolicy({ origin: '*', credentials: true })",
    because: "with credentials '*' would let every site act as the user",
  },
  {
    code: "definePolicy({ origin: ['https://app.example.com', '*'], credentials: true })",
    because: "with credentials '*' would let every site act as the user",
  },
  { code: "express({ origin: '*', credentials: true })", because: 'act as the user' },
  { code: "koa({ origin: '*', credentials: true })", because: 'act as the user' },
  {
    code: "withCors({ origin: '*', credentials: true }, () => {})",
    because: 'act as the user',
  },
  { code: "definePolicy({ origin: 'example.com' })", because: 'starts with a scheme' },
  { code: "definePolicy({ origin: '' })", because: 'starts with a scheme' },
  { code: "express({ origin: 'localhost:3000' })", because: 'starts with a scheme' },
  { code: "definePolicy({ origin: 'https://app.example.com/' })", because: 'no slash at the end' },
  {
    code: "definePolicy({ origin: ['https://a.example.com', ['https://b.example.com/']] })",
    because: 'no slash at the end',
  },
  {
    code: "definePolicy({ origin: { pattern: 'example.com', dangerouslyAllow: [] } })",
    because: 'starts with a scheme',
  },
  { code: "definePolicy({ orgin: '*' })", because: "'orgin' does not exist" },
  {
    code: "definePolicy({ origin: '*', maxage: 5 })",
    because: 'there is no such option',
  },
  {
    code: "express({ origin: '*', allowHeaders: ['x-a'] })",
    because: 'there is no such option',
  },
  { code: "definePolicy({ origin: '*', maxAge: '600' })", because: 'string' },
  { code: "definePolicy({ origin: '*', onDisallowed: 'block' })", because: '"block"' },
  {
    code: "definePolicy({ origin: '*', dangerouslyAllow: ['everything'] })",
    because: '"everything"',
  },
  { code: "definePolicy({ origin: async () => 'yes' })", because: 'string' },
  {
    code: 'decide(definePolicy({ origin: async () => true }), { method: "GET" })',
    because: 'DynamicCorsPolicy',
  },
  {
    code: 'isOriginAllowed(definePolicy({ origin: () => true }), origin)',
    because: 'DynamicCorsPolicy',
  },
  {
    code: "const policy = definePolicy({ origin: '*' }); policy.dynamic = true",
    because: 'read-only',
  },
  { code: "const options: CorsOptions = { origin: '*', orgin: 1 }", because: "'orgin'" },
]

export const ACCEPTED: readonly string[] = [
  "definePolicy({ origin: '*' })",
  'definePolicy({ origin: false })',
  'definePolicy({ origin })',
  'definePolicy({ origin: list, credentials: true })',
  'definePolicy({ origin: [origin, list, /^https:\\/\\/a\\.example$/] })',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the snippet is a template
  'definePolicy({ origin: `https://${origin}`, credentials: flag })',
  "definePolicy({ origin: 'https://*.example.com', credentials: true, maxAge: undefined })",
  "definePolicy({ origin: 'null', dangerouslyAllow: ['null-origin'] })",
  "definePolicy({ origin: [{ pattern: 'http://a.example', dangerouslyAllow: ['insecure-origins'] }] })",
  "const options: CorsOptions = { origin: '*' }; definePolicy(options); express(options); koa(options)",
  'declare const option: OriginOption; definePolicy({ origin: option })',
  "const policy: CorsPolicy = definePolicy({ origin: '*' }); const same: CorsPolicy = definePolicy(policy)",
  "express(definePolicy({ origin: async (one) => one.endsWith('.example') }))",
  'definePolicy({ origin: () => Promise.reject(new Error("down")) })',
  'definePolicy({ origin: async (one, callback) => { callback(null, one.length > 5) } })',
  'definePolicy({ origin: (one, callback) => { callback(null, one.length > 5) } })',
  "definePolicy({ origin: '*', onDecision: (decision, request) => { decision.outcome; request } })",
  "express((request) => (request.url === '/' ? { origin: '*' } : { origin: false }))",
  "express((request, callback) => { callback(null, { origin: '*' }) })",
  "express(async (request) => ({ origin: request.headers.host === undefined ? '*' : false }))",
  "express({ delegator: () => ({ origin: '*' }), timeout: 100 })",
  "koa((context) => ({ origin: context.req.url === '/' ? '*' : false }))",
  "createServer(withCors({ origin: '*' }, (request, response) => { response.end(request.url) }))",
  "definePolicy(definePolicy({ origin: '*' }).options)",
]
