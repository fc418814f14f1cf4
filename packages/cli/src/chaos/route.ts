import { Socket } from 'node:net'

/** How a process reaches the ports of other peers. */
export interface Route {
  /** Who asks, as the relay knows it. */
  readonly name: string
  readonly relayPort: number
  /** Tells whether a port is reached through the relay. */
  passes(port: number): boolean
}

/** Options of a connection that goes where it says, past the route. */
export interface DirectOptions {
  readonly port: number
  readonly host: string
  readonly direct: true
}

interface Target {
  readonly port?: unknown
  /** Of a socket file, which is nobody else's. */
  readonly path?: unknown
  readonly direct?: unknown
}

/**
 * Sends this process's TCP connections to loopback through the relay, which is told in a first line who wants which
 * port; the peers know nothing of it. Returns the undo.
 */
export function routeSockets({ name, relayPort, passes }: Route): () => void {
  const connect = Socket.prototype.connect
  function routed(this: Socket, ...given: unknown[]): Socket {
    const target = targetOf(given)
    const port = Number(target.port)
    const isDirect = target.direct === true || typeof target.path === 'string' || target.port === undefined
    if (isDirect || !passes(port)) {
      return Reflect.apply(connect, this, given) as Socket
    }
    const listener = given.at(-1)
    const rest = typeof listener === 'function' ? [listener] : []
    Reflect.apply(connect, this, [{ port: relayPort, host: '127.0.0.1' }, ...rest])
    // Sent before anything of its owner, who has not seen the socket yet.
    this.write(`${name} ${port}\n`)
    return this
  }
  Socket.prototype.connect = routed as typeof connect
  return () => {
    Socket.prototype.connect = connect
  }
}

/** `net.connect` hands its arguments on as one array. */
function targetOf([first]: readonly unknown[]): Target {
  const options = Array.isArray(first) ? first[0] : first
  return typeof options === 'object' && options !== null ? options : {}
}
