import { Socket } from 'node:net'
import type { Stream } from '@libp2p/interface'
import { protocolId } from '@souk/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LEASE_PROTOCOL } from './lease-streams.ts'
import type { SoukNode } from './node.ts'
import { parsePeerId } from './peer-target.ts'
import { allowByHalves } from './sparse-windows.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

const MESSAGES = 50
/** Bytes that a Yamux stream may have on the way at first. */
const WINDOW_BYTES = 256 * 1024

describe('what is written for a message', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    vi.restoreAllMocks()
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  /** Opens a stream and returns both its ends, and what the far end was sent. */
  const ends = async () => {
    const network = testNetwork()
    const [to, from] = [await testNode(network), await testNode(network)]
    nodes.push(to, from)
    const accepted = Promise.withResolvers<Stream>()
    const id = protocolId(network, LEASE_PROTOCOL)
    await to.libp2p.handle(id, (stream) => accepted.resolve(stream))
    await from.dial({ peerId: to.peerId, addresses: to.addresses() })
    const ours = await from.libp2p.dialProtocol(parsePeerId(to.peerId), id)
    const theirs = await accepted.promise
    const got = { bytes: 0 }
    theirs.addEventListener('message', ({ data }) => {
      got.bytes += data.byteLength
    })
    return { ours, theirs, got }
  }
  /** Sends messages of this size, each once the last has come. */
  const sendAll = async (ours: Stream, bytes: number, got: { bytes: number }) => {
    for (let n = 0; n < MESSAGES; n++) {
      const before = got.bytes
      ours.send(new Uint8Array(bytes))
      await until('the message is there', () => got.bytes === before + bytes)
    }
  }

  it('is written with the length before it at once', async () => {
    const { ours, got } = await ends()
    const alone = vi.spyOn(Socket.prototype, '_write')
    await sendAll(ours, 300, got)
    // The length takes two bytes.
    expect(alone.mock.calls.filter(([chunk]) => chunk.byteLength === 2)).toEqual([])
  })

  it('is answered by no message that allows more, until half of what was allowed has come', async () => {
    const { ours, theirs, got } = await ends()
    const stream = theirs as Stream & { sendFrame(header: object): boolean }
    allowByHalves(stream)
    const answers = vi.spyOn(stream, 'sendFrame')
    await sendAll(ours, 300, got)
    expect(answers).not.toHaveBeenCalled()
    await sendAll(ours, Math.ceil(WINDOW_BYTES / MESSAGES), got)
    expect(answers).toHaveBeenCalled()
  })
})
