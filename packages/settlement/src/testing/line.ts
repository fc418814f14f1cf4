import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP relay before a real endpoint, whose line can be cut and mended. */
export interface Line {
  readonly url: string
  /** Refuses connections and resets those that are open. */
  cut(): Promise<void>
  /** Listens again on the same port. */
  mend(): Promise<void>
}

/** Starts a relay on a free loopback port to the port of `targetUrl`. */
export async function startLine(targetUrl: string): Promise<Line> {
  const target = Number(new URL(targetUrl).port)
  const sockets = new Set<Socket>()
  const serve = () =>
    createServer((near) => {
      const far = connect(target, '127.0.0.1')
      for (const socket of [near, far]) {
        sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
      }
      near.pipe(far).pipe(near)
    })
  let server: Server = serve().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async cut() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async mend() {
      server = serve().listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}
