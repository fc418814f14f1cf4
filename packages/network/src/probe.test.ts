import { once } from 'node:events'
import { addressOf, isCourtSigned, protocolId, signCourtStruct, toHex } from '@souk/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { BOUNDS } from './bounds.ts'
import { prefixed } from './length-prefix.ts'
import type { SoukNode } from './node.ts'
import { parsePeerId } from './peer-target.ts'
import { probePeer, serveProbes } from './probe.ts'
import { testNetwork, testNode, until } from './testing/market.ts'

const KEY = new Uint8Array(32).fill(7)
const COURT = { chainId: 31_337, court: `0x${'c0'.repeat(20)}` } as const
const NONCE = toHex(new Uint8Array(32).fill(9))

describe('probes', () => {
  const nodes: SoukNode[] = []
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
  })
  const pair = async () => {
    const network = testNetwork()
    const [subject, watcher] = await Promise.all([testNode(network), testNode(network)])
    nodes.push(subject, watcher)
    return { subject, watcher, target: { peerId: subject.peerId, addresses: subject.addresses() } }
  }
  /** A subject that answers, and how many signatures it gave. */
  const answering = async () => {
    const all = { ...(await pair()), signed: 0 }
    await serveProbes(all.subject, (nonce) => {
      all.signed += 1
      return signCourtStruct(KEY, COURT, 'Probe', { nonce })
    })
    return all
  }
  /** Opens a stream to a serving subject on which any bytes can be sent. */
  const raw = async ({ watcher, subject, target }: Awaited<ReturnType<typeof pair>>) => {
    await watcher.dial(target)
    const id = protocolId(watcher.network, 'probe')
    return await watcher.libp2p.dialProtocol(parsePeerId(subject.peerId), id)
  }

  it('are answered by the subject’s signature over the nonce', async () => {
    const { watcher, target } = await answering()
    const signature = await probePeer(watcher, target, NONCE)
    expect(isCourtSigned(COURT, 'Probe', { nonce: NONCE }, signature, addressOf(KEY))).toBe(true)
  })

  it('tell a subject that is gone, one that does not answer probes, and one that hangs apart', async () => {
    const { subject, watcher, target } = await pair()
    await expect(probePeer(watcher, target, NONCE)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await serveProbes(subject, () => new Promise(() => {}))
    const hung = probePeer(watcher, target, NONCE, { timeoutMs: 300 })
    await expect(hung).rejects.toMatchObject({ code: 'TIMEOUT' })
    await subject.stop()
    await expect(probePeer(watcher, target, NONCE)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('end with their caller', async () => {
    const { subject, watcher, target } = await pair()
    await serveProbes(subject, () => new Promise(() => {}))
    const caller = new AbortController()
    const asking = probePeer(watcher, target, NONCE, { signal: caller.signal })
    caller.abort()
    await expect(asking).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('refuse an answer that is too large, or none', async () => {
    const { subject, watcher, target } = await pair()
    const id = protocolId(watcher.network, 'probe')
    await subject.libp2p.handle(id, (stream) => {
      stream.send(prefixed(new Uint8Array(129)))
    })
    await expect(probePeer(watcher, target, NONCE)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    await subject.libp2p.unhandle(id)
    await subject.libp2p.handle(id, (stream) => {
      stream.send(prefixed(Uint8Array.of(0xa0)))
    })
    await expect(probePeer(watcher, target, NONCE)).rejects.toMatchObject({ code: 'MALFORMED' })
    await subject.libp2p.unhandle(id)
    await subject.libp2p.handle(id, (stream) => stream.close())
    await expect(probePeer(watcher, target, NONCE)).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
  })

  it.each([
    ['a request above the bound', Uint8Array.of(0x81, 0x01)],
    ['a request that is none', prefixed(Uint8Array.of(0xa0))],
  ])('reset the stream of %s, unsigned', async (_, bytes) => {
    const all = await answering()
    const stream = await raw(all)
    stream.send(bytes)
    await until('the stream is reset', () => stream.status !== 'open')
    expect(all.signed).toBe(0)
  })

  it('cut off a peer that opens a stream and says nothing', async () => {
    const all = await answering()
    const stream = await raw(all)
    await once(stream as unknown as EventTarget, 'close', {
      signal: AbortSignal.timeout(3 * BOUNDS.requestMs),
    })
    expect(stream.status).toBe('reset')
    expect(await probePeer(all.watcher, all.target, NONCE)).toHaveLength(130)
  })

  it('bound a peer that floods, and go on answering others', async () => {
    const all = await answering()
    const asked = Array.from({ length: 12 }, async () => {
      for (let i = 0; i < 20; i++) await probePeer(all.watcher, all.target, NONCE).catch(() => {})
    })
    const startedMs = performance.now()
    await Promise.all(asked)
    const seconds = (performance.now() - startedMs) / 1_000
    expect(all.signed).toBeLessThan(240)
    expect(all.signed).toBeLessThanOrEqual(32 + 8 * seconds + 1)
    const other = await testNode(all.subject.network)
    nodes.push(other)
    expect(await probePeer(other, all.target, NONCE)).toHaveLength(130)
  })
})
