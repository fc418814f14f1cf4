import type { ConnectionEncrypter, MessageStream } from '@libp2p/interface'

/** Bytes of a message above which its parts are written one by one: joined they would pass for a full socket. */
const JOINED_BYTES = 32 * 1024

/** What a TCP connection's socket has that others have not. */
interface Socket {
  cork(): void
  uncork(): void
}

/**
 * Has an encrypter write a message with the length before it at once. The library writes each by itself: twice the
 * system calls here, and a peer that wakes for two bytes and goes back to sleep.
 */
export function joinWrites<Components>(
  make: (components: Components) => ConnectionEncrypter,
): (components: Components) => ConnectionEncrypter {
  return (components) => {
    const encrypter = make(components)
    const inbound = encrypter.secureInbound.bind(encrypter)
    const outbound = encrypter.secureOutbound.bind(encrypter)
    encrypter.secureInbound = (connection, options) => inbound(joined(connection), options)
    encrypter.secureOutbound = (connection, options) => outbound(joined(connection), options)
    return encrypter
  }
}

function joined(connection: MessageStream): MessageStream {
  const socket = socketOf(connection)
  if (socket === undefined) return connection
  const send = connection.send.bind(connection)
  connection.send = (data) => {
    if (data.byteLength > JOINED_BYTES) return send(data)
    socket.cork()
    try {
      return send(data)
    } finally {
      socket.uncork()
    }
  }
  return connection
}

/** Returns the socket of a TCP connection; others, such as WebSockets, write whole messages. */
function socketOf(connection: object): Socket | undefined {
  const socket: unknown = 'socket' in connection ? connection.socket : undefined
  return isSocket(socket) ? socket : undefined
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'cork' in value && 'uncork' in value
}
