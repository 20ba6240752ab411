/** WebSockets with `ws`. Run it: `npx tsx examples/recipes/ws.ts` */

import { createServer } from 'node:http'
import { definePolicy, isOriginAllowed } from 'crossgate'
import { withCors } from 'crossgate/node'
import { WebSocketServer } from 'ws'

const { PORT = 3000 } = process.env

const policy = definePolicy({ origin: 'https://app.example.com', credentials: true, maxAge: 600 })

const server = createServer(withCors(policy, (_request, response) => response.end('hello')))
const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', (socket) => {
  socket.on('error', console.error)
  socket.send('hello')
})

server.on('upgrade', (request, socket, head) => {
  const { origin } = request.headers
  // Every browser sends an Origin here. Who sends none is no page of another site.
  if (origin === undefined || isOriginAllowed(policy, origin)) {
    sockets.handleUpgrade(request, socket, head, (open) => {
      sockets.emit('connection', open, request)
    })
    return
  }
  // Node leaves the errors of this socket to us; unheard, they would end the process.
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
})

server.listen(Number(PORT), '127.0.0.1')
