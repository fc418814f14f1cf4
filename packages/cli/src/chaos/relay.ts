import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type LinkRule, lateMs, type Weather, weatherBetween } from './link.ts'
import type { DirectOptions } from './route.ts'
import { seeded } from './seeded.ts'

/** Bytes of the first line at most: a name and a port. */
const HELLO_BYTES = 128
const LINE_END = 0x0a

/** One connection through the relay. */
interface Flow {
  readonly from: string
  /** The port that was asked for. */
  readonly to: string
  readonly near: Socket
  readonly far: Socket
}

/**
 * The network between the peers of a scenario: a TCP relay that all their connections pass (see `routeSockets`), and
 * that cuts, delays and loses by rule. It needs no rights, and the peers do not know that it is there.
 */
export class Relay {
  readonly port: number
  readonly #server: Server
  readonly #names = new Map<number, string>()
  /** Ports that are answered by others. */
  readonly #redirected = new Map<number, number>()
  readonly #flows = new Set<Flow>()
  /** Everyone's sockets, with when each is closed. */
  readonly #sockets = new Map<Socket, Promise<void>>()
  readonly #random: () => number
  #rules: readonly LinkRule[] = []
  #changed = Promise.withResolvers<void>()
  #isStopped = false

  private constructor(server: Server, port: number, seed: number) {
    this.#server = server
    this.port = port
    this.#random = seeded(seed)
    server.on('connection', (near) => void this.#accept(near))
  }

  static async start(seed: number): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Relay(server, (server.address() as AddressInfo).port, seed)
  }

  /** Says who listens at a port. */
  name(port: number, who: string): void {
    this.#names.set(port, who)
  }

  /** Has connections to a port answered by another from now on; undefined for by itself again. */
  redirect(port: number, by: number | undefined): void {
    if (by === undefined) this.#redirected.delete(port)
    else this.#redirected.set(port, by)
    for (const { to, near, far } of this.#flows) {
      if (to !== String(port)) continue
      near.destroy()
      far.destroy()
    }
  }

  /** Replaces the rules of all links. */
  rule(...rules: readonly LinkRule[]): void {
    this.#rules = rules
    const waiting = this.#changed
    this.#changed = Promise.withResolvers()
    waiting.resolve()
    for (const { from, to, near, far } of this.#flows) {
      if (this.#weather(from, to).refused !== true) continue
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#changed.resolve()
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets.keys()) socket.destroy()
    await closed
  }

  async #accept(near: Socket): Promise<void> {
    this.#keep(near)
    try {
      const { from, port, rest } = await readHello(near)
      const to = String(port)
      if (this.#weather(from, to).refused === true) return void near.resetAndDestroy()
      const options: DirectOptions = {
        port: this.#redirected.get(port) ?? port,
        host: '127.0.0.1',
        direct: true,
      }
      const far = connect({ ...options, allowHalfOpen: true })
      this.#keep(far)
      await once(far, 'connect')
      const flow = { from, to, near, far }
      this.#flows.add(flow)
      near.unshift(rest)
      await Promise.all([this.#carry(near, far, from, to), this.#carry(far, near, to, from)])
      this.#flows.delete(flow)
    } catch {
      // Nobody listens there, or who asked is gone.
      near.resetAndDestroy()
    }
  }

  /** Carries one direction of a connection, its end included, in the weather of the moment. */
  async #carry(source: Socket, sink: Socket, from: string, to: string): Promise<void> {
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        await this.#pass(from, to, chunk.byteLength)
        if (!sink.write(chunk) && !sink.destroyed)
          await Promise.race([once(sink, 'drain'), this.#sockets.get(sink)])
      }
      await this.#pass(from, to, 0)
      sink.end()
    } catch {
      await this.#pass(from, to, 0)
      sink.resetAndDestroy()
      source.destroy()
    }
  }

  /** Waits until so many bytes have come through. */
  async #pass(from: string, to: string, bytes: number): Promise<void> {
    while (this.#weather(from, to).cut === true && !this.#isStopped) await this.#changed.promise
    const late = lateMs(this.#weather(from, to), bytes, this.#random)
    if (late > 0) await Promise.race([pause(late), this.#changed.promise])
  }

  #weather(from: string, to: string): Weather {
    return weatherBetween(this.#rules, this.#nameOf(from), this.#nameOf(to))
  }

  /** A peer connects before anybody knows who listens at its port. */
  #nameOf(end: string): string {
    return this.#names.get(Number(end)) ?? end
  }

  #keep(socket: Socket): void {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    const closed = gone(socket).then(() => void this.#sockets.delete(socket))
    this.#sockets.set(socket, closed)
  }
}

function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
  })
}

/** Reads the line that says who wants which port, and what came behind it. */
async function readHello(near: Socket): Promise<{ from: string; port: number; rest: Buffer }> {
  let heard = Buffer.alloc(0)
  while (!heard.includes(LINE_END)) {
    const chunk = near.read() as Buffer | null
    if (chunk === null) await Promise.race([once(near, 'readable'), ended(near)])
    else heard = Buffer.concat([heard, chunk])
    if (heard.byteLength > HELLO_BYTES && !heard.subarray(0, HELLO_BYTES).includes(LINE_END))
      throw new Error('no line of a routed socket')
  }
  const end = heard.indexOf(LINE_END)
  const [from = '', port = ''] = heard.subarray(0, end).toString().split(' ')
  return { from, port: Number(port), rest: heard.subarray(end + 1) }
}

async function ended(socket: Socket): Promise<never> {
  await Promise.race([once(socket, 'end'), gone(socket)])
  throw new Error('the socket ended')
}
