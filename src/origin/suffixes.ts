/**
 * Parents below which strangers can register a name.
 *
 * Not the Public Suffix List, which has ten thousand rules and changes weekly: only what teams
 * really write wildcards under. The full list comes from the user, as `isPublicSuffix`.
 */

/** Platforms that give anybody a subdomain. */
const SHARED_HOSTING: ReadonlySet<string> = new Set([
  'amplifyapp.com',
  'app.github.dev',
  'appspot.com',
  'azureedge.net',
  'azurestaticapps.net',
  'blogspot.com',
  'bitbucket.io',
  'cloudfront.net',
  'codesandbox.io',
  'csb.app',
  'deno.dev',
  'deno.net',
  'duckdns.org',
  'firebaseapp.com',
  'fly.dev',
  'framer.app',
  'ghost.io',
  'github.dev',
  'github.io',
  'gitlab.io',
  'gitpod.io',
  'glitch.me',
  'herokuapp.com',
  'hf.space',
  'loca.lt',
  'lovable.app',
  'myshopify.com',
  'netlify.app',
  'ngrok-free.app',
  'ngrok-free.dev',
  'ngrok.app',
  'ngrok.dev',
  'ngrok.io',
  'nip.io',
  'now.sh',
  'ondigitalocean.app',
  'onrender.com',
  'pages.dev',
  'r2.dev',
  'railway.app',
  'repl.co',
  'replit.app',
  'replit.dev',
  'sslip.io',
  'stackblitz.io',
  'streamlit.app',
  'surge.sh',
  'translate.goog',
  'trycloudflare.com',
  'up.railway.app',
  'vercel.app',
  'vercel.dev',
  'web.app',
  'webcontainer.io',
  'webflow.io',
  'wixsite.com',
  'wordpress.com',
  'workers.dev',
  'xip.io',
])

/**
 * Platforms that put a region or a service between their own name and that of the customer, as in
 * `name.s3.eu-west-1.amazonaws.com`. Which of the names below them are a customer's cannot be told.
 */
const REGIONAL_HOSTING: readonly string[] = [
  'amazonaws.com',
  'azurecontainerapps.io',
  'azurewebsites.net',
  'core.windows.net',
  'elasticbeanstalk.com',
  'on.aws',
  'run.app',
]

/** What stands above a platform: `*.windows.net` admits every storage account of Azure as well. */
const ABOVE_HOSTING: ReadonlySet<string> = new Set(
  [...SHARED_HOSTING, ...REGIONAL_HOSTING].flatMap(ancestorsOf),
)

/** The registries' second levels that are met most often. */
const REGISTRY_SUFFIXES: ReadonlySet<string> = new Set([
  'ac.uk',
  'co.id',
  'co.il',
  'co.in',
  'co.jp',
  'co.kr',
  'co.nz',
  'co.th',
  'co.uk',
  'co.za',
  'com.ar',
  'com.au',
  'com.br',
  'com.cn',
  'com.co',
  'com.hk',
  'com.mx',
  'com.my',
  'com.pl',
  'com.sg',
  'com.tr',
  'com.tw',
  'com.ua',
  'com.vn',
  'edu.au',
  'gov.au',
  'gov.uk',
  'ne.jp',
  'net.au',
  'or.jp',
  'org.au',
  'org.uk',
])

/** What makes a wildcard below `parent` (a host name) admit strangers, if anything does. */
export function sharedParent(
  parent: string,
  isPublicSuffix: (host: string) => boolean,
): 'public-suffix' | 'shared-hosting' | undefined {
  const name = parent.endsWith('.') ? parent.slice(0, -1) : parent
  if (name === 'localhost' || name.endsWith('.localhost')) return undefined
  if (SHARED_HOSTING.has(name) || ABOVE_HOSTING.has(name)) return 'shared-hosting'
  if (REGIONAL_HOSTING.some((platform) => isWithin(name, platform))) return 'shared-hosting'
  if (!name.includes('.') || REGISTRY_SUFFIXES.has(name)) return 'public-suffix'
  return isPublicSuffix(name) ? 'public-suffix' : undefined
}

/** The names above `name`, without the top-level domain, which is a public suffix anyway. */
function ancestorsOf(name: string): readonly string[] {
  const labels = name.split('.')
  return labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'))
}

function isWithin(name: string, platform: string): boolean {
  return name === platform || name.endsWith(`.${platform}`)
}
