import { createServer, type Server, type Socket } from 'node:net'
import { type Forwarded, forwardOf } from '@souk/requester'
import type { InsideSession } from '../owner.ts'

/** Connections at the same time; the provider takes no more sessions on a lease. */
const FORWARDED_CONNECTIONS = 16

/** A port on loopback whose connections lead into a running program. */
export interface Forwarder {
  readonly port: number
  stop(): Promise<void>
}

/**
 * Listens on loopback, on a free port for 0, and joins each connection with one of its own that `open` makes.
 *
 * Throws what the system says of the port; `onProblem` hears why a connection could not be joined.
 */
export async function startForwarder(
  port: number,
  open: () => Promise<InsideSession>,
  onProblem: (error: unknown) => void,
): Promise<Forwarder> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    joinConnection(socket, open).catch((error) => {
      socket.destroy()
      onProblem(error)
    })
  })
  server.maxConnections = FORWARDED_CONNECTIONS
  await listen(server, port)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

/** Joins a local connection and one of the program's until both directions are done. */
async function joinConnection(socket: Socket, open: () => Promise<InsideSession>): Promise<void> {
  const forwarded = forwardOf(await open())
  socket.once('close', () => forwarded.close())
  if (socket.destroyed) return forwarded.close()
  const sending = send(socket, forwarded)
  // Where the other direction ends first, that is told there.
  sending.catch(() => {})
  try {
    for await (const bytes of forwarded.incoming) await write(socket, bytes)
    socket.end()
  } catch (error) {
    if (!socket.destroyed) throw error
  }
}

async function send(socket: Socket, forwarded: Forwarded): Promise<void> {
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) await forwarded.write(chunk)
  await forwarded.end()
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
