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
  'azurewebsites.net',
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
  'on.aws',
  'onrender.com',
  'pages.dev',
  'railway.app',
  'repl.co',
  'replit.app',
  'replit.dev',
  'run.app',
  's3.amazonaws.com',
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
  'gov.uk',
  'ne.jp',
  'net.au',
  'or.jp',
  'org.au',
  'org.uk',
])

/** What makes a wildcard directly below `parent` (a host name) admit strangers, if anything does. */
export function sharedParent(
  parent: string,
  isPublicSuffix: (host: string) => boolean,
): 'public-suffix' | 'shared-hosting' | undefined {
  const name = parent.endsWith('.') ? parent.slice(0, -1) : parent
  if (name === 'localhost' || name.endsWith('.localhost')) return undefined
  if (SHARED_HOSTING.has(name)) return 'shared-hosting'
  if (!name.includes('.') || REGISTRY_SUFFIXES.has(name)) return 'public-suffix'
  return isPublicSuffix(name) ? 'public-suffix' : undefined
}
