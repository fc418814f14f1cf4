import { measureRoundTrip } from '@souk/network'
import { afterEach, describe, expect, test } from 'vitest'
import { testNetwork, testNode } from '../../network/src/testing/market.ts'
import { type Heard, Hearing, type HearingServices } from './hearing.ts'

const HERE = 'http://127.0.0.1:1'
const [SILENT, OTHER] = ['silent', 'other']
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

interface Given {
  readonly chain?: boolean
  readonly rpcUrls?: readonly string[]
  readonly withPeer?: boolean
  /** A peer that comes first and never answers. */
  readonly mute?: string
}

/** A provider that hears of a chain what `chain` says, at a time that the test sets. */
async function bench(given: Given = {}) {
  const { chain = false, rpcUrls = ['http://chain.invalid'], withPeer = false, mute = '' } = given
  const network = testNetwork()
  const node = await testNode(network)
  stops.push(() => node.stop())
  const peer = withPeer ? await testNode(network) : null
  if (peer !== null) {
    stops.push(() => peer.stop())
    await node.libp2p.dial(peer.libp2p.getMultiaddrs())
    await measureRoundTrip(node, peer.peerId)
  }
  const time = { ms: 10_000 }
  let asked = 0
  const request = async () => {
    asked += 1
    if (!chain) throw new Error('no endpoint answers')
    return '0x1'
  }
  const config = { bootstrap: [], dev: false, chainId: 1, rpcUrls }
  const peers = () => (mute === '' ? node.peers() : [mute, ...node.peers()])
  const services = {
    node: { peers, libp2p: node.libp2p, dial: node.dial.bind(node) },
    chain: { rpc: { request } },
    config,
    clock: () => time.ms,
  }
  const hearing = new Hearing(services as unknown as HearingServices)
  return { hearing, time, asked: () => asked, peer }
}

const heard = (peerId: string, heardAtMs: number): Heard => ({ peerId, heardAtMs })

describe('the silence of a requester', () => {
  test('may be our own where nobody else is heard, and asks nobody while it is short', async () => {
    const { hearing, time, asked } = await bench()
    const one = heard(SILENT, 10_000)
    time.ms = 12_000
    expect(hearing.look([one])(one)).toBe(false)
    expect(asked()).toBe(0)
    time.ms = 12_001
    expect(hearing.look([one])(one)).toBe(true)
    expect(asked()).toBe(1)
    time.ms = 12_400
    hearing.look([one])
    expect(asked()).toBe(1)
  })

  test('is its own while another requester is heard', async () => {
    const { hearing, time } = await bench()
    time.ms = 13_000
    const [one, other] = [heard(SILENT, 10_000), heard(OTHER, 12_900)]
    expect(hearing.look([one, other])(one)).toBe(false)
    time.ms = 16_000
    const isDeaf = hearing.look([one, other])
    expect([isDeaf(one), isDeaf(other)]).toEqual([true, true])
  })

  test('is nobody’s where only another lease of the same requester speaks', async () => {
    const { hearing, time } = await bench()
    time.ms = 13_000
    const [one, same] = [heard(SILENT, 10_000), heard(SILENT, 12_900)]
    expect(hearing.look([one, same])(one)).toBe(true)
  })

  test.each([
    ['the chain', { chain: true }, false],
    ['a chain on this machine, which is no network,', { chain: true, rpcUrls: [HERE] }, true],
    ['the one here of two endpoints', { chain: true, rpcUrls: [HERE, 'http://chain.invalid'] }, true],
    ['a peer', { withPeer: true }, false],
  ] as const)('while %s answers: deaf %s', async (_, given, isDeaf) => {
    const { hearing, time } = await bench(given)
    const one = heard(SILENT, 10_000)
    time.ms = 13_000
    expect(hearing.look([one])(one)).toBe(true)
    if (!isDeaf) await expect.poll(() => hearing.look([one])(one)).toBe(false)
    else {
      await new Promise((resolve) => setImmediate(resolve))
      expect(hearing.look([one])(one)).toBe(true)
    }
  })

  test('is not answered for by the silent peer itself', async () => {
    const { hearing, time, peer } = await bench({ withPeer: true })
    const one = heard(peer?.peerId ?? '', 10_000)
    time.ms = 13_000
    hearing.look([one])
    await new Promise((resolve) => setImmediate(resolve))
    expect(hearing.look([one])(one)).toBe(true)
  })

  test('is asked of one peer after another, so that one that never answers is no excuse', async () => {
    const { hearing, time, peer } = await bench({ withPeer: true, mute: 'mute' })
    const one = heard(SILENT, 10_000)
    time.ms = 13_000
    hearing.look([one])
    await new Promise((resolve) => setImmediate(resolve))
    expect(hearing.look([one])(one)).toBe(true)
    time.ms = 14_000
    expect(peer).not.toBeNull()
    await expect.poll(() => hearing.look([one])(one)).toBe(false)
  })
})
