import { createConnection, type Socket } from 'node:net'

/** Bytes of the line that answers a request for a stream. */
const ANSWER_BYTES = 65_536

/** Connects to a control socket; returns `undefined` where nobody listens. */
export function connectSocket(address: string): Promise<Socket | undefined> {
  const socket = createConnection(address)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(undefined))
  })
}

/**
 * Reads one line and leaves what follows it in the socket, which is paused then.
 *
 * Returns `undefined` where the socket ends before that, or the line is too long.
 */
export function readLine(socket: Socket): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let line = Buffer.alloc(0)
  const settle = (text: string | undefined) => {
    socket.off('readable', onReadable).off('close', onEnd).off('error', onEnd)
    resolve(text)
  }
  const onEnd = () => settle(undefined)
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      const end = chunk.indexOf(10)
      line = Buffer.concat([line, end < 0 ? chunk : chunk.subarray(0, end)])
      if (line.byteLength > ANSWER_BYTES) return settle(undefined)
      if (end < 0) continue
      if (end + 1 < chunk.byteLength) socket.unshift(chunk.subarray(end + 1))
      return settle(line.toString('utf8'))
    }
  }
  socket.on('readable', onReadable).once('close', onEnd).once('error', onEnd)
  return promise
}
