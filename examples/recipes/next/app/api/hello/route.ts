/** A route of Next.js 16 with a policy of its own. */

import { withCors } from 'crossgate/fetch'

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

export const GET = withCors(policy, () => Response.json({ message: 'hello' }))

export const POST = withCors(policy, async (request) => {
  return Response.json(await request.json(), { status: 201 })
})

// Answers preflights for every method.
export const OPTIONS = GET
