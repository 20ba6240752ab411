import { createServer } from 'node:http'
import { cors } from 'crossgate/koa'
import Koa from 'koa'
import { policy } from '../policy.ts'
import { readJson } from './read-json.ts'
import { type DemoServer, listen } from './server.ts'

export const koaServer: DemoServer = {
  name: 'Koa 3',
  start: () => {
    const app = new Koa()
    // Koa answers errors as ever, and does not print them.
    app.silent = true
    app.use(cors(policy))
    app.use(async (context) => {
      switch (`${context.method} ${context.path}`) {
        case 'GET /hello':
          context.body = { message: 'hello' }
          break
        case 'POST /messages':
          context.body = (await readJson(context.req)) ?? context.throw(413)
          context.status = 201
          break
        case 'GET /broken':
          throw new Error('broken on purpose')
      }
    })
    return listen(createServer(app.callback()))
  },
}
