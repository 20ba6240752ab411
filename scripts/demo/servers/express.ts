import { createServer } from 'node:http'
import { cors } from 'crossgate/express'
import express from 'express'
import { policy } from '../policy.ts'
import { BODY_LIMIT } from '../requests.ts'
import { type DemoServer, listen } from './server.ts'

export const expressServer: DemoServer = {
  name: 'Express 5',
  start: () => {
    const app = express()
    // Express answers errors as ever, and does not print them.
    app.set('env', 'test')
    app.use(cors(policy))
    app.use(express.json({ limit: BODY_LIMIT }))
    app.get('/hello', (_request, response) => {
      response.json({ message: 'hello' })
    })
    app.post('/messages', (request, response) => {
      response.status(201).json(request.body)
    })
    app.get('/broken', () => {
      throw new Error('broken on purpose')
    })
    return listen(createServer(app))
  },
}
