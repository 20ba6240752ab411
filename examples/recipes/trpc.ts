/** tRPC 11, standalone. Run it: `npx tsx examples/recipes/trpc.ts` */

import { createServer } from 'node:http'
import { initTRPC } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { withCors } from 'crossgate/node'

const { PORT = 3000 } = process.env

const { procedure, router } = initTRPC.create()

const appRouter = router({
  hello: procedure.query(() => ({ message: 'hello' })),
  report: procedure.query((): string => {
    throw new Error('the report is not ready')
  }),
})

export type AppRouter = typeof appRouter

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

createServer(withCors(policy, createHTTPHandler({ router: appRouter }))).listen(
  Number(PORT),
  '127.0.0.1',
)
