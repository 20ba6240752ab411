/** Socket.IO 4, with polling and WebSockets. Run it: `npx tsx examples/recipes/socket-io.ts` */

import { createServer } from 'node:http'
import { definePolicy, isOriginAllowed } from 'crossgate'
import { cors } from 'crossgate/express'
import { installGuard } from 'crossgate/node'
import { Server } from 'socket.io'

const { PORT = 3000 } = process.env

const policy = definePolicy({ origin: 'https://app.example.com', credentials: true, maxAge: 600 })

const server = createServer((_request, response) => response.end('hello'))
const io = new Server(server, {
  // For both transports. Who sends no Origin is no page of another site that could read an answer.
  allowRequest: ({ headers: { origin } }, answer) =>
    answer(null, origin === undefined || isOriginAllowed(policy, origin)),
})
// Instead of the option `cors`: Socket.IO answers its own requests, preflights too, past all handlers.
io.engine.use(cors(policy))
// What else this server answers, such as the file of the client.
installGuard(server, policy)

io.on('connection', (socket) => socket.emit('message', 'hello'))

server.listen(Number(PORT), '127.0.0.1')
