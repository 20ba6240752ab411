/** GraphQL Yoga 5. Run it: `npx tsx examples/recipes/graphql-yoga.ts` */

import { createServer } from 'node:http'
import { withCors } from 'crossgate/node'
import { createSchema, createYoga } from 'graphql-yoga'

const { PORT = 3000 } = process.env

const yoga = createYoga({
  // Its own CORS, which is on by default, allows every origin.
  cors: false,
  schema: createSchema({
    typeDefs: 'type Query { message: String!, report: String! }',
    resolvers: {
      Query: {
        message: () => 'hello',
        report: () => {
          throw new Error('the report is not ready')
        },
      },
    },
  }),
})

const policy = { origin: 'https://app.example.com', credentials: true, maxAge: 600 }

createServer(withCors(policy, (request, response) => yoga(request, response))).listen(
  Number(PORT),
  '127.0.0.1',
)
