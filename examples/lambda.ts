/** A function behind an HTTP API, or with a URL. Ask it: `npx tsx examples/lambda.ts` */

import { withCors } from 'crossgate/lambda'

export const handler = withCors(
  {
    origin: ['https://app.example.com', 'https://*.partner.example'],
    credentials: true,
    maxAge: 600,
  },
  async ({ requestContext, rawPath, body }) => {
    switch (`${requestContext?.http?.method} ${rawPath}`) {
      case 'GET /hello':
        // A response is inferred from it, as without crossgate.
        return { message: 'hello' }
      case 'POST /messages':
        return { statusCode: 201, body: JSON.stringify({ text: readText(body) }) }
      case 'GET /report':
        // Pages see the status of errors, too: an empty 500, with the headers of the policy.
        throw new Error('the report is not ready')
      default:
        return { statusCode: 404, body: 'not found' }
    }
  },
)

function readText(body: string | null | undefined): string {
  const { text } = JSON.parse(body ?? '{}') as { text?: unknown }
  return String(text)
}

if (process.argv[1] === import.meta.filename) {
  const preflight = {
    rawPath: '/messages',
    headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    requestContext: { http: { method: 'OPTIONS', path: '/messages' } },
  }
  console.log(await handler(preflight, {}))
}
