// The bare hops, each end a process of its own, as bot and session are: `server SOCKET` answers HTTP and streams events, `peer
// SOCKET` is at the other end of a unix socket. They do nothing but pass on.

import http from 'node:http'
import net from 'node:net'
import { createInterface } from 'node:readline'

type Message = { way: string; key: string; text: string; at?: number }

const [, , role, socketPath = ''] = process.argv
if (role === 'server') server()
else peer()

function server(): void {
  const readers = new Set<http.ServerResponse>()
  const tell = (message: Message): void => {
    for (const reader of readers) reader.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
  }
  let other: net.Socket | null = null
  net
    .createServer((socket) => {
      other = socket
      lines(socket, tell)
    })
    .listen(socketPath)

  http
    .createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n')
        readers.add(response)
        return
      }
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const message = JSON.parse(Buffer.concat(chunks).toString()) as Message
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ reply: message }))
        if (message.way === 'echo') tell(message)
        if (message.way === 'ask' || message.way === 'round') other?.write(`${JSON.stringify(message)}\n`)
      })
    })
    .listen(0, '127.0.0.1', function (this: http.Server) {
      const address = this.address() as net.AddressInfo
      process.stdout.write(`${address.port}\n`)
    })
}

/** Says back what it is told, with the instant by the clock that all processes share. */
function peer(): void {
  const socket = net.connect(socketPath)
  lines(socket, (message) => {
    socket.write(`${JSON.stringify({ ...message, at: Number(process.hrtime.bigint()) / 1e6 })}\n`)
  })
  socket.once('connect', () => process.stdout.write('there\n'))
}

function lines(socket: net.Socket, hear: (message: Message) => void): void {
  createInterface({ input: socket }).on('line', (line) => hear(JSON.parse(line) as Message))
}
